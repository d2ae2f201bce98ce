"""Remember how a layout of columns is read."""

from datetime import datetime
from typing import Any

from duly.intake.models import Mapping


def remember_mapping(
    *, layout: str, name: str, mapping: dict[str, Any], actor: str, at: datetime
) -> None:
    """Keep a mapping under its layout's signature; the next file of that layout needs no asking."""
    Mapping.objects.update_or_create(
        layout=layout,
        defaults={"name": name[:120], "mapping": mapping, "actor": actor, "recorded_at": at},
    )

"""Read what a firm writes as TOML of its own: an excuse, a script."""

import tomllib
from pathlib import Path
from typing import Any

from duly.kernel.errors import Malformed


def read_pack(path: Path) -> dict[str, Any]:
    """A file of TOML. Refuses: PACK_UNREADABLE."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Malformed(
            f"{path.name} can't be read as an excuse or a script: {error}.",
            code="PACK_UNREADABLE",
            facts={"file": path.name},
            remedy="Write it as TOML; `duly excuse show CODE --json` has the fields.",
        ) from None

"""What banks' codes of kinds say that money is, for every interface."""

from datetime import datetime
from typing import Any

from duly.access.actions import Author
from duly.cash_application.actions import drop_kind, set_kind
from duly.cash_application.queries.kinds import kinds_of
from duly.cash_application.rules.kinds import STANDARD
from duly.parties import queries as parties


def kinds_document(entity_name: str | None) -> dict[str, Any]:
    """The codes by which money in is set aside: those of one's own, then those of Duly."""
    own = kinds_of(parties.entity(entity_name).pk)
    standard = {code: says for code, says in STANDARD.items() if code not in own}
    return {
        "kinds": [
            {"code": code, "says": says, "is_own": code in own}
            for code, says in [*own.items(), *standard.items()]
        ]
    }


def say_kind(
    entity_name: str | None, code: str, says: str, *, actor: str, at: datetime
) -> dict[str, Any]:
    """Say what money of a code is; "": a receivable. Refuses: KindUnfit."""
    entity = parties.entity(entity_name)
    row = set_kind(entity_id=entity.pk, code=code, says=says, author=Author(actor, at))
    return {"code": row.code, "says": row.says, "is_own": True}


def forget_kind(entity_name: str | None, code: str, *, actor: str, at: datetime) -> dict[str, Any]:
    """Forget what was said of a code. Refuses: KindUnfit."""
    drop_kind(entity_id=parties.entity(entity_name).pk, code=code, author=Author(actor, at))
    return {"code": code.strip().upper()}

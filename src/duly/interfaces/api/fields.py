"""The fields of a request: read by one table, which is also what the schema tells."""

from datetime import date
from typing import Any, NamedTuple

from duly.kernel.dates import parse_iso_date
from duly.kernel.errors import Malformed
from duly.kernel.quoting import CONTROLS


class BodyFieldUnfit(Malformed):
    """A field that is missing, unknown, or not of its form."""

    code = "BODY_FIELD_UNFIT"


class Field(NamedTuple):
    """One field: its name, form (text, amount, flag, day), and what it means."""

    name: str
    form: str
    told: str
    is_needed: bool = False
    choices: tuple[str, ...] = ()
    longest: int = 64

    @property
    def schema(self) -> dict[str, Any]:
        """The field as OpenAPI writes it."""
        told: dict[str, Any] = {"description": self.told}
        if self.form == "flag":
            return {"type": "boolean", **told}
        told = {"type": "string", **told, "maxLength": self.longest}
        if self.form == "amount":
            told["pattern"] = r"^-?[0-9]{1,15}(\.[0-9]{1,4})?$"
        if self.form == "day":
            told["format"] = "date"
        if self.choices:
            told["enum"] = list(self.choices)
        return told


def read_fields(given: dict[str, Any], fields: tuple[Field, ...]) -> dict[str, Any]:
    """What was given, each field in its form; what was left out is not there.

    Refuses: BodyFieldUnfit, InvalidDate.
    """
    known = {one.name: one for one in fields}
    for name in given:
        if name not in known:
            raise _unfit(str(name)[:64], "is none that is asked for", sorted(known))
    missing = [one.name for one in fields if one.is_needed and given.get(one.name) in (None, "")]
    if missing:
        raise _unfit(missing[0], "is missing", sorted(known))
    return {name: _read(known[name], value) for name, value in given.items() if value is not None}


def _read(field: Field, value: object) -> str | bool | date:
    if field.form == "flag":
        if not isinstance(value, bool):
            raise _unfit(field.name, "is true or false")
        return value
    if not isinstance(value, str):
        raise _unfit(field.name, "is a text; amounts too, so that no cent is lost")
    if len(value) > field.longest or CONTROLS.search(value) or not value.isprintable():
        raise _unfit(field.name, f"is plain text of up to {field.longest} characters")
    if field.choices and value not in field.choices:
        raise _unfit(field.name, f"is one of {', '.join(field.choices)}")
    return parse_iso_date(value) if field.form == "day" else value


def _unfit(name: str, what: str, known: list[str] | None = None) -> BodyFieldUnfit:
    return BodyFieldUnfit(
        f"The field {name!r} {what}.",
        facts={"field": name, **({"fields": known} if known else {})},
        remedy="docs/api.md tells every field; so does /api/v1/schema.",
    )

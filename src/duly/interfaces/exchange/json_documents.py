"""A JSON document of a person's own, read strictly: numbers exact, no key twice, no surprise."""

import json
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from duly.interfaces.exchange.readers.limits import check_size
from duly.interfaces.exchange.readers.refusals import FormatUnreadable, SourceMissing
from duly.kernel.quoting import quoted

MOST_BYTES = 4 << 20


def read_document(path: Path) -> Any:
    """What a JSON file says, its numbers as Decimals.

    Refuses: SourceMissing, FileEmpty, FileTooBig; FormatUnreadable with line and column for what is
    no JSON, holds NaN or Infinity, or says a key twice.
    """
    if not path.is_file():
        raise SourceMissing(
            f"There is no file {path.name}.",
            facts={"file": path.name},
            remedy="Look at the name and the folder.",
        )
    check_size(path, path.name, limit=MOST_BYTES)
    try:
        return json.loads(
            path.read_bytes().decode("utf-8-sig"),
            parse_int=Decimal,
            parse_float=Decimal,
            parse_constant=_no_constant,
            object_pairs_hook=_no_key_twice,
        )
    except json.JSONDecodeError as error:
        told = f"line {error.lineno}, column {error.colno}: {error.msg.lower()}"
    except UnicodeDecodeError as error:
        told = f"byte {error.start + 1} is no UTF-8 text"
    except (ValueError, InvalidOperation) as error:
        told = str(error)
    except RecursionError:
        told = "it is nested too deep"
    raise FormatUnreadable(
        f"{path.name} is no JSON that can be read: {told}.",
        facts={"file": path.name, "why": told},
        remedy="Mend it there; any editor that knows JSON shows the place.",
    )


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"{quoted(key)} is said twice")
        found[key] = value
    return found

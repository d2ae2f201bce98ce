"""A JSON document of somebody else's, read strictly: numbers exact, no name twice, no surprise."""

import json
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from duly.interfaces.exchange.readers.limits import check_size
from duly.interfaces.exchange.readers.refusals import FormatUnreadable, SourceMissing
from duly.kernel.quoting import quoted

MOST_BYTES = 4 << 20
LONGEST_NUMBER = 60  # characters; no amount and no ratio needs more


class JsonError(ValueError):
    """What is no JSON that we take, and why, in words that end a sentence."""


def strict_json(raw: bytes, *, whole: Callable[[str], Any] = int) -> Any:
    """What JSON in UTF-8 says, its decimals as Decimals. Given: `whole` what reads whole numbers.

    Raises: JsonError with line and column for what is no JSON, holds NaN or Infinity, a number of
    more than 60 characters, or a name twice in one object.
    """
    try:
        return json.loads(
            raw.decode("utf-8-sig"),
            parse_int=_no_longer(whole),
            parse_float=_no_longer(Decimal),
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
    raise JsonError(told)


def read_document(path: Path) -> Any:
    """What a JSON file says, its numbers as Decimals.

    Refuses: SourceMissing, FileEmpty, FileTooBig, FormatUnreadable for what `strict_json` does not
    take.
    """
    if not path.is_file():
        raise SourceMissing(
            f"There is no file {path.name}.",
            facts={"file": path.name},
            remedy="Look at the name and the folder.",
        )
    check_size(path, path.name, limit=MOST_BYTES)
    try:
        return strict_json(path.read_bytes(), whole=Decimal)
    except JsonError as error:
        raise FormatUnreadable(
            f"{path.name} is no JSON that can be read: {error}.",
            facts={"file": path.name, "why": str(error)},
            remedy="Mend it there; any editor that knows JSON shows the place.",
        ) from None


def _no_longer(read: Callable[[str], Any]) -> Callable[[str], Any]:
    def number(text: str) -> Any:
        if len(text) > LONGEST_NUMBER:
            raise ValueError(f"{text[:20]}... is too long a number")
        return read(text)

    return number


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"{quoted(key)} is said twice")
        found[key] = value
    return found

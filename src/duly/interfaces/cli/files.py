"""Files that a command takes, as text or as TOML."""

import tomllib
from pathlib import Path
from typing import Any

from duly.kernel.errors import Malformed


def text_of(path: Path, *, code: str) -> str:
    """The text of a file. Refuses with this code what is no UTF-8, and names the byte."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise Malformed(
            f"{path.name} is no UTF-8: byte {error.start + 1} stands for no character.",
            code=code,
            facts={"file": path.name, "byte": error.start + 1},
            remedy="Save it as UTF-8.",
        ) from None


def toml_of(path: Path, *, what: str, code: str, remedy: str) -> dict[str, Any]:
    """A file of TOML that is to be such a thing. Refuses with this code what can't be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Malformed(
            f"{path.name} can't be read as {what}: {error}.",
            code=code,
            facts={"file": path.name},
            remedy=remedy,
        ) from None


def pack_of(path: Path) -> dict[str, Any]:
    """An excuse or a script that a firm writes. Refuses: PACK_UNREADABLE."""
    return toml_of(
        path,
        what="an excuse or a script",
        code="PACK_UNREADABLE",
        remedy="Write it as TOML; `duly excuse show CODE --json` has the fields.",
    )

"""The command line, run in this process on the test's database, as a script would run it."""

import contextlib
import io
import json
from pathlib import Path
from typing import Any

from duly.interfaces.cli.main import run


def duly(*arguments: object, code: int = 0) -> dict[str, Any]:
    """Run `duly ARGUMENTS --json`; return its one JSON document. `code` is the exit code to come.

    A refusal comes back as the document under "refusal".
    """
    status, out, err = attempt(*arguments, "--json")
    assert status == code, f"ended with {status}, not {code}: {out}{err}"
    told: dict[str, Any] = json.loads(out)  # exactly one document, and nothing else
    return told.get("refusal", told) if code == 3 and "refusal" in told else told


def attempt(*arguments: object) -> tuple[int, str, str]:
    """Run `duly ARGUMENTS`; return (exit code, stdout, stderr)."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = run([str(argument) for argument in arguments])
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else 1
    return status, out.getvalue(), err.getvalue()


def write(folder: Path, name: str, text: str) -> Path:
    """Write a file as a spreadsheet would export it."""
    path = folder / name
    path.write_text(text.strip() + "\n", encoding="utf-8")
    return path

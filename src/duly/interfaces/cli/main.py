"""Parse the command line, run the command, print one document, end with the contract's code.

Exit codes: 0 done; 2 the command line is wrong; 3 refused by a rule or by bad input; 4 the outside
world failed, safe to repeat; 70 our defect.
"""

import argparse
import contextlib
import json
import os
import sys
import traceback
from collections.abc import Sequence
from types import ModuleType

from duly.kernel.errors import Defect, DulyError, Outage

DONE, WRONG_LINE, REFUSED, WORLD_FAILED, OUR_DEFECT = 0, 2, 3, 4, 70


def main(argv: Sequence[str] | None = None) -> None:
    """Run `duly` with these arguments and end the process."""
    sys.exit(run(sys.argv[1:] if argv is None else argv))


def run(argv: Sequence[str]) -> int:
    """Run `duly` with these arguments; return the exit code."""
    arguments = parser().parse_args(argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "duly.settings")
    try:
        return _run(arguments)
    except DulyError as error:
        return _told(error, arguments.json)
    except BrokenPipeError:  # the reader of our output went away
        sys.stderr.close()
        return DONE
    except KeyboardInterrupt:
        return 130


def _run(arguments: argparse.Namespace) -> int:
    from django.db import DatabaseError, OperationalError

    from duly.interfaces.cli import home

    try:
        home.prepare()
        document, code = arguments.act(arguments)
    except OperationalError as error:
        raise Outage(
            f"The database can't be used: {_first_line(error)}",
            code="DATABASE_UNREACHABLE",
            remedy="See that it runs and that DULY_DATABASE_URL or DULY_HOME is right; "
            "then run the command again, nothing was half done.",
        ) from error
    except DatabaseError as error:
        raise Defect(f"The database refused what we wrote: {_first_line(error)}") from error
    if arguments.json and document is not None:
        print(json.dumps(document, ensure_ascii=False, default=str))
    return code


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _told(error: DulyError, as_json: bool) -> int:
    """Tell a refusal, an outage or a defect; return its exit code."""
    if isinstance(error, Defect):
        traceback.print_exception(error, file=sys.stderr)
        code = OUR_DEFECT
    else:
        code = WORLD_FAILED if isinstance(error, Outage) else REFUSED
    if as_json:
        refusal = {
            "code": error.code,
            "message": error.message,
            "facts": error.facts,
            "remedy": error.remedy,
        }
        print(json.dumps({"refusal": refusal}, ensure_ascii=False, default=str))
    with contextlib.suppress(BrokenPipeError):
        print(f"{error.code}: {error.message}", file=sys.stderr)
        for problem in error.facts.get("problems", [])[:50]:
            file = f"{problem['file']}, " if "file" in problem else ""
            print(
                f"  {file}{problem['where']}: {problem['message']} {problem.get('remedy', '')}",
                file=sys.stderr,
            )
        if error.remedy:
            print(error.remedy, file=sys.stderr)
    return code


def modules() -> tuple[ModuleType, ...]:
    """The modules that add commands, in the order in which help lists them."""
    from duly.interfaces.cli import (
        agreements,
        books,
        collecting,
        data_in,
        people,
        receivables,
        setup,
    )

    return (setup, data_in, receivables, collecting, agreements, books, people)


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(
        prog="duly", description="Gets a business paid: the whole path from credit to cash."
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in modules():
        module.add_commands(commands)
    return top

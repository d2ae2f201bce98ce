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
from functools import cache
from importlib import import_module
from types import ModuleType

from duly.kernel.errors import Defect, DulyError, Outage

REPORT = "Please report it, with what is printed above. Nothing was half done."
DONE, WRONG_LINE, REFUSED, WORLD_FAILED, OUR_DEFECT = 0, 2, 3, 4, 70
_MOST_PROBLEMS, _MOST_DEPENDS = 50, 20  # that are printed of a refusal


def main(argv: Sequence[str] | None = None) -> None:
    """Run `duly` with these arguments and end the process."""
    sys.exit(run(sys.argv[1:] if argv is None else argv))


def run(argv: Sequence[str]) -> int:
    """Run `duly` with these arguments; return the exit code."""
    words = parser()
    for place, text in enumerate(argv, 1):
        if not text.isprintable() and any("\ud800" <= c <= "\udfff" or c == "\0" for c in text):
            words.error(f"argument {place} is no text: {text!r}")
    arguments = words.parse_args(argv)
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
    except OSError as error:
        return _told(_file_unusable(error), arguments.json)
    except Exception as error:
        defect = Defect(f"{type(error).__name__}: {_first_line(error)}", remedy=REPORT)
        defect.__cause__ = error
        return _told(defect, arguments.json)


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
        raise Defect(
            f"The database refused what we wrote: {_first_line(error)}", remedy=REPORT
        ) from error
    if arguments.json and document is not None:
        print(json.dumps(document, ensure_ascii=False, default=str))
    return code


def _file_unusable(error: OSError) -> Outage:
    file = str(error.filename or "")
    return Outage(
        f"{file or 'A file'} can't be used: {error.strerror or error}.",
        code="FILE_UNUSABLE",
        facts={"file": file},
        remedy="See that its folder is there, that you may use it, and that the disk has room.",
    )


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
        _tell_lines([_line_of(one) for one in error.facts.get("problems", [])], _MOST_PROBLEMS)
        depends = [f"{one['what']}: {one['why']}" for one in error.facts.get("depends", [])]
        _tell_lines(depends, _MOST_DEPENDS)
        if error.remedy:
            print(error.remedy, file=sys.stderr)
    return code


def _line_of(problem: dict[str, str]) -> str:
    said = f"{problem['message']} {problem.get('remedy', '')}"
    if not problem["where"]:  # the whole file, whose name is in what is said
        return said
    file = f"{problem['file']}, " if "file" in problem else ""
    return f"{file}{problem['where']}: {said}"


def _tell_lines(lines: Sequence[str], most: int) -> None:
    """Tell the first lines, and how many more there are."""
    for line in lines[:most]:
        print(f"  {line}", file=sys.stderr)
    if len(lines) > most:
        print(f"  ... and {len(lines) - most} more; --json tells them", file=sys.stderr)


class _Version(argparse.Action):
    """Tell the version and end; what is installed is asked only where somebody wants to know."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(parser.prog, version("duly"))
        parser.exit()


# The modules that add commands, in the order in which help lists them.
_MODULES = [
    "setup",
    "data_in",
    "credit",
    "bank",
    "remittance",
    "cash",
    "receivables",
    "returns",
    "schedules",
    "statements",
    "collecting",
    "promising",
    "agreements",
    "instalments",
    "calling",
    "excusing",
    "scripting",
    "disputing",
    "charging",
    "offering",
    "silencing",
    "chasing",
    "laws",
    "mail",
    "books",
    "people",
    "authority",
    "own_details",
]


def modules() -> list[ModuleType]:
    """The modules that add commands: read only when a command line is parsed."""
    return [import_module(f"duly.interfaces.cli.{name}") for name in _MODULES]


@cache
def parser() -> argparse.ArgumentParser:
    """The whole command line, built once in a process."""
    top = argparse.ArgumentParser(
        prog="duly", description="Gets a business paid: the whole path from credit to cash."
    )
    top.add_argument("--version", action=_Version, nargs=0, help="tell which version this is")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in modules():
        module.add_commands(commands)
    return top

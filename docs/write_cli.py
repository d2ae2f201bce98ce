"""Write docs/cli.md from the command line itself: `python docs/write_cli.py`.

A test compares the page with what this gives, so that it can't fall behind.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from duly.interfaces.cli.main import parser

PAGE = Path(__file__).with_name("cli.md")
PREFACE = """# The command line

Written by `docs/write_cli.py` from the commands themselves.

Every command takes `--json`: exactly one JSON document on standard output. Money in it is a
decimal string beside its currency, never a float; dates are ISO 8601. `--on DATE` is the business
date. Commands that write to the books take `--dry-run` (the same answer, nothing written) and
`--key TEXT` (the same key and input return the first result; other input is refused). A write is
whole or not at all. `duly --version` tells which version this is.

`tie_out_of` beside the tie-out of an aging says what was held against the control accounts: its
`rows`, or, where `--customer` or `--parent` leave customers out, the `whole_book` of the company.

| exit code | means |
|---|---|
| 0 | done |
| 2 | the command line is wrong |
| 3 | refused by a rule or by bad input; with `--json` a `refusal` says why and what to do |
| 4 | the outside world failed; safe to repeat |
| 70 | a defect of ours |
"""


def page() -> str:
    """The whole page."""
    return "\n".join([PREFACE, *_commands(parser())])


def _commands(of: argparse.ArgumentParser) -> Iterator[str]:
    for command, told in _subcommands(of):
        if any(_subcommands(command)):
            yield from _commands(command)
            continue
        yield f"## {command.prog}\n\n{told[:1].upper()}{told[1:]}.\n"
        yield f"```\n{_usage(command)}\n```\n"
        rows = [_row(action) for action in command._actions if action.dest not in {"help", "json"}]
        if rows:
            yield "| argument | |\n|---|---|\n" + "\n".join(rows) + "\n"


def _subcommands(
    of: argparse.ArgumentParser,
) -> Iterator[tuple[argparse.ArgumentParser, str]]:
    for action in of._actions:
        if isinstance(action, argparse._SubParsersAction):
            told = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for name, command in action.choices.items():
                yield command, told.get(name, "")


def _usage(command: argparse.ArgumentParser) -> str:
    named = [action for action in command._actions if not action.option_strings]
    shown = [
        f"[{_metavar(one)}{' ...' if one.nargs == '*' else ''}]"
        if one.nargs in {"*", "?"}
        else _metavar(one) + (" ..." if one.nargs == "+" else "")
        for one in named
    ]
    return " ".join([command.prog, *shown, "[OPTIONS]"])


def _row(action: argparse.Action) -> str:
    shown = ", ".join(f"`{name}`" for name in action.option_strings) or f"`{_metavar(action)}`"
    if action.option_strings and action.nargs != 0:
        shown = shown[:-1] + f" {_metavar(action)}`"
    told = action.help or ""
    if action.default not in (None, False, argparse.SUPPRESS, []) and "default" not in told:
        told += f"{'; ' if told else ''}default {action.default}"
    if action.required and action.option_strings:
        told += f"{'; ' if told else ''}required"
    return f"| {shown} | {told} |"


def _metavar(action: argparse.Action) -> str:
    if action.choices:
        return r"\|".join(str(choice) for choice in action.choices)
    return str(action.metavar or action.dest.upper())


if __name__ == "__main__":
    PAGE.write_text(page())

"""What payers say they paid: `duly remittance inspect`, `add`, `list`, `void`."""

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

from duly.interfaces.cli import home
from duly.interfaces.cli.arguments import (
    NOT_WRITTEN,
    Subparsers,
    add,
    asked_for,
    count,
    for_writing,
    of_entity,
    on_day,
)

_FILES = "820, pain.001, remt.001, UBL, NACHA, CSV, XLSX, PDF, text, a mail; - reads pasted text"


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    remittance = commands.add_parser("remittance", help="what payers say they paid")
    acts = remittance.add_subparsers(dest="act_name", required=True, metavar="ACT")
    inspect = add(acts, "inspect", "read remittances and write nothing")
    inspect.add_argument("files", nargs="+", type=Path, metavar="FILE", help=_FILES)
    inspect.set_defaults(act=_inspect)

    taken = add(acts, "add", "take remittances in; they and their payments find each other")
    taken.add_argument("files", nargs="+", type=Path, metavar="FILE", help=_FILES)
    on_day(taken)
    of_entity(taken)
    for_writing(taken)
    taken.set_defaults(act=_add)

    listed = add(acts, "list", "the newest advices, and the payments that they are of")
    listed.add_argument("--limit", type=count, default=50, metavar="N", help="how many; default 50")
    of_entity(listed)
    listed.set_defaults(act=_list)

    void = add(acts, "void", "say of advices that they count no more")
    void.add_argument("ids", nargs="+", type=count, metavar="ID", help="numbers of the list")
    of_entity(void)
    for_writing(void)
    void.set_defaults(act=_void)


def _inspect(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.remittances import inspect_remittances

    with tempfile.TemporaryDirectory(prefix="duly-") as folder:
        told = inspect_remittances(_sources(arguments.files, Path(folder)))
    if not arguments.json:
        for file in told["files"]:
            print(f"{file['file']} ({file['kind']})")
            for advice in file["advices"]:
                _print_advice(advice, "  ")
            for problem in file["problems"]:
                print(f"  {problem['where']}: {problem['message']} {problem['remedy']}")
    return told, 0


def _add(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.remittances import add_remittances

    asked = asked_for(arguments)
    with tempfile.TemporaryDirectory(prefix="duly-") as folder:
        told = add_remittances(asked, _sources(arguments.files, Path(folder)))
    if not arguments.json:
        for advice in told["advices"]:
            _print_kept(advice)
        for problem in told["problems"]:
            print(f"{problem['file']}, {problem['where']}: {problem['message']}")
        left = f", {told['without_documents']} without documents" * bool(told["without_documents"])
        print(f"{told['new']} new, {told['same']} known{left}")
        if arguments.dry_run:
            print(NOT_WRITTEN)
    return told, 0


def _list(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.remittances import list_remittances

    told = list_remittances(arguments.entity, arguments.limit)
    if not arguments.json:
        for advice in told["advices"]:
            _print_kept(advice)
    return told, 0


def _void(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.cash_application.actions import void_advices
    from duly.interfaces.exchange.settling import carry_out
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    at = home.now()

    def act() -> dict[str, Any]:
        void_advices(entity_id=one.pk, advice_ids=arguments.ids, actor=home.actor(), at=at)
        return {"voided": arguments.ids}

    given = [one.pk, arguments.ids]
    told = carry_out(act, arguments.key, "remittance void", given, at, arguments.dry_run)
    if not arguments.json:
        print(f"{len(arguments.ids)} count no more.")
    return told, 0


def _sources(files: list[Path], folder: Path) -> list[tuple[Path, str]]:
    """Files by path and name; what is pasted lies in a file of its own meanwhile."""
    from duly.interfaces.exchange.readers.remittance.telling import MOST_BYTES
    from duly.interfaces.exchange.remittances import PASTED

    found = []
    for file in files:
        if str(file) == "-":
            file = folder / "pasted"
            file.write_bytes(sys.stdin.buffer.read(MOST_BYTES + 1))
            found.append((file, PASTED))
        else:
            found.append((file, file.name))
    return found


def _print_kept(advice: dict[str, Any]) -> None:
    of = ", ".join(advice["payments"])
    print(f"{advice['id']:>6}  {advice['told_on']}  {advice['state']:<8} {of}".rstrip())
    _print_advice(advice, "        ")


def _print_advice(advice: dict[str, Any], indent: str) -> None:
    who = advice["payer"]["name"] or advice["payer"]["account"] or "a payer not told"
    amount = f"{advice['total'] or '?'} {advice['currency']}".strip()
    on = f" on {advice['paid_on']}" if advice["paid_on"] else ""
    reference = f" ({advice['payment_reference']})" if advice["payment_reference"] else ""
    print(f"{indent}{amount} of {who}{on}{reference}")
    for line in advice["lines"]:
        kept = [
            f"{line[name]} {name}" for name in ("discount", "deduction") if _is_told(line[name])
        ]
        why = f" {line['reason']}" if line["reason"] else ""
        print(
            f"{indent}  {line['number'] or '-':<24}{line['paid'] or '?':>16}  "
            f"{', '.join(kept)}{why}".rstrip()
        )


def _is_told(amount: str | None) -> bool:
    return bool(amount and amount.strip("0.-"))

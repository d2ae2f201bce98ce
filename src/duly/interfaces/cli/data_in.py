"""Data in: `duly import`, `duly imports`."""

import argparse
from pathlib import Path
from typing import Any

from duly.intake.rules.columns import ALL_KINDS
from duly.interfaces.cli import home
from duly.interfaces.cli.arguments import NOT_WRITTEN, Subparsers, add, day, for_writing, of_entity
from duly.interfaces.cli.bank import of_bank_files, said

_MOST_LINES = 50  # of one sort that are printed


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    command = add(commands, "import", "read files in, all or none")
    command.add_argument(
        "files",
        nargs="*",
        type=Path,
        metavar="FILE",
        help="CSV, XLSX, XML, PDF or a bank's file",
    )
    command.add_argument(
        "--kind", choices=list(ALL_KINDS), help="what it holds; default: by the header"
    )
    command.add_argument("--preset", metavar="NAME", help="how to read; default: by the header")
    command.add_argument("--map", type=Path, metavar="FILE.toml", help="how to read any sheet")
    command.add_argument("--snapshot", type=day, metavar="DATE", help="the whole open list of DATE")
    command.add_argument("--accept-partial", action="store_true", help="take the good rows alone")
    command.add_argument("--accept-closing", action="store_true", help="let a snapshot close more")
    command.add_argument("--create-customers", action="store_true", help="make unknown customers")
    of_bank_files(command)
    command.add_argument("--match", action="store_true", help="then apply money that is certain")
    command.add_argument("--revert", type=int, metavar="BATCH", help="take an import back")
    of_entity(command)
    for_writing(command)
    command.set_defaults(act=_import)

    listed = add(commands, "imports", "what was imported, newest first")
    of_entity(listed)
    listed.set_defaults(act=_imports)


def _import(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.cli.progress import bar
    from duly.interfaces.exchange.importing import Wanted, import_files, revert

    if arguments.revert is not None:
        if arguments.files:
            arguments.wrong("--revert BATCH takes no FILE")
        told = revert(
            batch_id=arguments.revert,
            actor=home.actor(),
            at=home.now(),
            key=arguments.key,
            is_dry_run=arguments.dry_run,
        )
        if not arguments.json:
            verb = "would be" if arguments.dry_run else "is"
            print(f"Import {arguments.revert} ({told['file']}) {verb} taken back.")
            if arguments.dry_run:
                print(NOT_WRITTEN)
        return told, 0
    if not arguments.files:
        arguments.wrong("name at least one FILE, or --revert BATCH")
    with bar("Importing") as told_rows:
        told = import_files(
            arguments.files,
            wanted=Wanted(
                kind=arguments.kind,
                preset=arguments.preset,
                map_file=arguments.map,
                entity=arguments.entity,
                accept_partial=arguments.accept_partial,
                create_customers=arguments.create_customers,
                snapshot_on=arguments.snapshot,
                accept_closing=arguments.accept_closing,
                said=said(arguments),
            ),
            actor=home.actor(),
            at=home.now(),
            key=arguments.key,
            is_dry_run=arguments.dry_run,
            told=told_rows,
        )
    if not arguments.json:
        _show(told["batches"], arguments.dry_run)
    if arguments.match and not arguments.dry_run:
        told = {**told, "match": _match(arguments)}
    return told, 0


def _match(arguments: argparse.Namespace) -> dict[str, Any]:
    """Apply what is certain, as `duly match --auto` does; tell how much that was."""
    from duly.interfaces.exchange.matching import match
    from duly.interfaces.exchange.settling import Asked

    found = match(Asked(actor=home.actor(), at=home.now(), entity_name=arguments.entity), auto=True)
    outcomes = [one["outcome"] for one in found["payments"]]
    applied = outcomes.count("applied")
    if not arguments.json:
        print(f"{applied} of {len(outcomes)} payments applied; the rest waits: `duly match`.")
    return {"applied": applied, "waiting": len(outcomes) - applied, "rates": found["rates"]}


def _show(batches: list[dict[str, Any]], is_dry_run: bool) -> None:
    for batch in batches:
        held = ", ".join(
            f"{currency} {sums['amount']}" for currency, sums in batch["control"].items()
        )
        would = "would be " if is_dry_run else ""
        rows = "1 row" if batch["rows"] == 1 else f"{batch['rows']} rows"
        print(
            f"{batch['file']}: {rows} of {batch['kind']} ({batch['preset']}): "
            f"{would}{batch['new']} new, {batch['changed']} changed, {batch['same']} the same, "
            f"{batch['rejected']} left out" + (f". In all {held}" if held else "")
        )
        for note in batch["notes"]:
            print(f"  {note}")
        closing = [
            f"{one['number']} of {one['customer']}, {one['amount']} {one['currency']}: "
            + ("missing, so settled elsewhere" if one["because"] == "missing" else "less is open")
            for one in batch.get("closing", [])
        ]
        problems = [
            f"{one['where']} is left out: {one['message']} {one['remedy']}"
            for one in batch["problems"]
        ]
        for told in (closing, problems):
            for line in told[:_MOST_LINES]:
                print(f"  {line}")
            if len(told) > _MOST_LINES:
                print(f"  ... and {len(told) - _MOST_LINES} more; --json tells them all")


def _imports(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.intake import queries
    from duly.parties.queries import entity
    from duly.receivables.queries.batches import closed_by_batch

    entity_id = entity(arguments.entity).pk if arguments.entity else None
    records = queries.imports(entity_id=entity_id)
    closed = closed_by_batch([record.batch_id for record in records])
    rows = [
        {
            "batch": row.batch_id,
            "file": row.file,
            "kind": row.kind,
            "preset": row.preset,
            "rows": row.rows,
            "new": row.new,
            "changed": row.changed,
            "same": row.same,
            "rejected": row.rejected,
            "closed": closed.get(row.batch_id, 0),
            "control": row.control,
            "recorded_at": row.recorded_at.isoformat(),
            "actor": row.actor,
            "is_reverted": row.reverted_by_batch_id is not None,
        }
        for row in records
    ]
    if not arguments.json:
        for row in rows:
            more = f", {row['closed']} settled elsewhere" if row["closed"] else ""
            more += " (taken back)" if row["is_reverted"] else ""
            print(
                f"{row['batch']:>6}  {row['recorded_at'][:16]}  {row['kind']:<12} "
                f"{row['new']:>8} new  {row['file']}{more}"
            )
    return {"imports": rows}, 0

"""The books themselves: `duly check`, `duly lock`."""

import argparse
from typing import Any

from duly.interfaces.cli import home
from duly.interfaces.cli.arguments import NOT_WRITTEN, Subparsers, add, day, for_writing, of_entity


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    check = add(commands, "check", "prove every invariant over the whole database")
    check.set_defaults(act=_check)

    lock = add(commands, "lock", "close the books through a day")
    how = lock.add_mutually_exclusive_group()
    how.add_argument("through", type=day, nargs="?", metavar="DATE", help="none: show the lock")
    how.add_argument("--open", action="store_true", help="open every period again")
    of_entity(lock)
    for_writing(lock)
    lock.set_defaults(act=_lock)


def _check(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.cli.main import DONE, REFUSED
    from duly.interfaces.exchange.evidence import prove_evidence
    from duly.interfaces.jobs.proving import prove_books
    from duly.ledger.queries import latest_seal

    sequence, digest = latest_seal()  # before the proofs, which then hold for it
    proofs = [*prove_books(), prove_evidence()]
    document = {
        "ok": all(proof.holds for proof in proofs),
        "head": {"sequence": sequence, "digest": digest},
        "invariants": [
            {
                "id": proof.id,
                "title": proof.title,
                "checked": proof.checked,
                "violations": proof.violations,
            }
            for proof in proofs
        ],
    }
    if not arguments.json:
        for proof in proofs:
            print(
                f"{'ok ' if proof.holds else 'BROKEN'}  {proof.id:<4} {proof.title} "
                f"({proof.checked} looked at)"
            )
            for violation in proof.violations[:20]:
                print(f"        {violation}")
        print(f"The chain of seals ends with {sequence} {digest}".rstrip())
        print(
            "The books hold."
            if document["ok"]
            else "The books do not hold. Stop posting, keep "
            "this output, and compare with your last backup."
        )
    return document, DONE if document["ok"] else REFUSED


def _lock(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.settling import carry_out
    from duly.ledger.actions import lock_period, locked_through
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    if arguments.through is not None or arguments.open:

        def act() -> dict[str, Any]:
            lock_period(
                entity_id=one.pk,
                through_on=None if arguments.open else arguments.through,
                actor=home.actor(),
                at=home.now(),
            )
            through = locked_through(one.pk)
            return {"entity": one.name, "locked_through": through.isoformat() if through else None}

        given = [one.pk, str(arguments.through), arguments.open]
        told = carry_out(act, arguments.key, "lock", given, home.now(), arguments.dry_run)
    else:
        through = locked_through(one.pk)
        told = {"entity": one.name, "locked_through": through.isoformat() if through else None}
    if not arguments.json:
        through_on = told["locked_through"]
        state = f"closed through {through_on}" if through_on else "open in every period"
        is_dry_run = arguments.dry_run and (arguments.open or arguments.through is not None)
        print(f"{one.name}: {'would be ' if is_dry_run else ''}{state}.")
        if is_dry_run:
            print(NOT_WRITTEN)
    return told, 0

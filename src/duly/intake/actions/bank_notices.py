"""Batch entries of notices joined to those of statements, whichever comes first, no money twice."""

from collections.abc import Mapping, Sequence

from duly.cash_application.actions import LineDraft, NoticedDraft, keep_noticed, open_lines
from duly.cash_application.models import BankLine
from duly.cash_application.queries import lines_to_open, noticed_batches, noticed_parts
from duly.cash_application.rules.noticed import BatchFacts, pair
from duly.cash_application.rules.statements import Detail
from duly.intake.actions.taking import Taking
from duly.kernel.currencies import exponent
from duly.kernel.money import text_from_minor
from duly.ledger.errors import PeriodLocked
from duly.receivables.queries import payments_to_match


class Notices:
    """What one file tells of batch entries, or finds told of its own."""

    def __init__(self, taking: Taking) -> None:
        self._taking = taking

    def fill(self, drafts: dict[int, LineDraft], rows: Sequence[int]) -> None:
        """Give new lines that tell no payments of their own those that a notice told before."""
        silent = [
            row for row in rows if drafts[row].entry.minor > 0 and not drafts[row].entry.details
        ]
        facts = [_facts_of(row, drafts[row]) for row in silent]
        noticed = _noticed(facts)
        pairs = pair(facts, noticed) if noticed else {}
        parts = noticed_parts(set(pairs.values())) if pairs else {}
        for row, noticed_id in pairs.items():
            draft = drafts[row]
            entry = draft.entry._replace(details=parts[noticed_id])
            drafts[row] = draft._replace(entry=entry)
        if pairs:
            self._note(len(pairs), "opened to the payments that a notice told before")

    def take(self, drafts: Sequence[tuple[int, NoticedDraft]]) -> dict[int, int]:
        """Keep what a notice tells of batch entries, and open those that are there as one payment.

        Input: the statement (the notice) of each. Returns: {statement: lines opened}.
        """
        if not drafts:
            return {}
        told = [_noticed_facts(at, draft) for at, (_, draft) in enumerate(drafts)]
        known = set(pair(told, _noticed(told)))
        fresh = [draft for at, (_, draft) in enumerate(drafts) if at not in known]
        keep_noticed(recorder=self._taking.recorder, drafts=fresh)
        self._taking.outcome.plan("noticed", [[*map(str, told[at])] for at in sorted(known)])
        lines = lines_to_open({one.account_id for one in told}, {one.minor for one in told})
        there = [
            BatchFacts(
                line.pk, line.account_id, line.currency, line.amount_minor, line.booked_on,
                line.bank_reference,
            )
            for line in lines.values()
        ]  # fmt: skip
        pairs = {lines[line_id]: drafts[at] for line_id, at in pair(there, told).items()}
        return self._open(pairs)

    def _open(self, pairs: Mapping[BankLine, tuple[int, NoticedDraft]]) -> dict[int, int]:
        opened: list[tuple[BankLine, tuple[Detail, ...], int]] = []
        free = self._free(list(pairs))
        counts: dict[int, int] = {}
        for line, (statement_id, draft) in pairs.items():
            if line.pk in free:
                opened.append((line, draft.entry.details, statement_id))
                counts[statement_id] = counts.get(statement_id, 0) + 1
        if not opened:
            return {}
        taking, outcome = self._taking, self._taking.outcome
        open_lines(recorder=taking.recorder, entity_id=taking.entity.pk, opened=opened)
        amounts = [(line.currency, line.amount_minor) for line, _, _ in opened]
        outcome.add_control(amounts)
        outcome.add_written(amounts)
        outcome.plan("opened", [[line.pk, len(details)] for line, details, _ in opened])
        outcome.rows += len(opened)
        outcome.new += len(opened)
        self._note(len(opened), "opened to its payments: they stand in place of the one payment")
        return counts

    def _free(self, lines: Sequence[BankLine]) -> set[int]:
        """Lines whose one payment nobody has used, in a period that is open; others are told."""
        last = max((line.booked_on for line in lines), default=None)
        if last is None:
            return set()
        ids = {line.payment_id for line in lines if line.payment_id is not None}
        rows = payments_to_match(self._taking.entity.pk, on=last, payment_ids=ids)
        unused = {row.id: row.unapplied_minor for row in rows}
        free = set()
        for line in lines:
            why = ""
            if unused.get(line.payment_id or 0) != line.amount_minor:
                why = "its payment is applied as one already: take that back, then import it again"
            else:
                try:
                    day = line.booked_on.isoformat()
                    self._taking.recorder.refuse_closed(self._taking.entity.pk, day)
                except PeriodLocked:
                    why = "its period is closed"
            if not why:
                free.add(line.pk)
                continue
            amount = text_from_minor(line.amount_minor, exponent(line.currency))
            self._taking.outcome.notes.append(
                f"The batch entry of {amount} {line.currency} of {line.booked_on} is not opened: "
                f"{why}."
            )
        return free

    def _note(self, number: int, told: str) -> None:
        entries = "1 batch entry is" if number == 1 else f"{number:,} batch entries are, each,"
        self._taking.outcome.notes.append(f"{entries} {told}.")


def _noticed(facts: Sequence[BatchFacts]) -> list[BatchFacts]:
    if not facts:
        return []
    return noticed_batches({one.account_id for one in facts}, {one.minor for one in facts})


def _facts_of(row: int, draft: LineDraft) -> BatchFacts:
    entry = draft.entry
    return BatchFacts(
        row, draft.account_id, entry.currency, entry.minor, draft.booked_on, entry.bank_reference
    )


def _noticed_facts(at: int, draft: NoticedDraft) -> BatchFacts:
    entry = draft.entry
    return BatchFacts(
        at, draft.account_id, entry.currency, entry.minor, draft.booked_on, entry.bank_reference
    )

"""Lines of an account that a file of another format told before: the same money, told otherwise.

Formats give a line other references and other texts, so that it is not known again by them. Rule:
as many lines of a day and an amount as files of other formats told stay one each; of lines that
are booked on another day `rules/other_days.py` says what is safe.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial

from duly.cash_application.actions import LineDraft
from duly.cash_application.queries import batches_of_account, statements_of, sums_by_day
from duly.cash_application.queries.lines import lines_near
from duly.cash_application.rules.other_days import (
    APART,
    Booked,
    is_within,
    spans_of,
    told_otherwise,
)
from duly.intake.queries import imports_by_batch

_Key = tuple[int, date, int]


class OtherFormats:
    """What files of other formats told of the accounts of one file."""

    def __init__(self, preset: str) -> None:
        self._preset = preset
        self._batches: dict[int, dict[int, str]] = {}  # of an account: {batch: format}
        self._told: dict[_Key, int] = {}
        self._used: Counter[_Key] = Counter()
        self.moved = 0  # lines that were told on another day
        self.counts: Counter[str] = Counter()  # lines that were told, by the formats

    def told(
        self, drafts: Mapping[int, LineDraft], *, same: Mapping[int, int], fresh: Iterable[int]
    ) -> set[int]:
        """Rows of `fresh` that were told in another format.

        `same`: rows that are known by themselves, with the batch that wrote their line.
        """
        self._read(drafts.values())
        if not any(self._batches.values()):
            return set()
        for row, batch_id in same.items():
            if batch_id in self._batches[drafts[row].account_id]:
                self._used[_key(drafts[row])] += 1
        found = set()
        for row in fresh:
            key = _key(drafts[row])
            if self._used[key] < self._told.get(key, 0):
                self._used[key] += 1
                self.counts[", ".join(sorted(set(self._batches[key[0]].values())))] += 1
                found.add(row)
        rest = [row for row in fresh if row not in found]
        return found | self._on_other_days(drafts, rest)

    def _on_other_days(self, drafts: Mapping[int, LineDraft], fresh: Sequence[int]) -> set[int]:
        """Rows of `fresh` whose money another format booked on another day."""
        found: set[int] = set()
        for account_id, batches in self._batches.items():
            rows = [row for row in fresh if drafts[row].account_id == account_id]
            if not rows or not batches:
                continue
            own = [one for one in drafts.values() if one.account_id == account_id]
            told = self._left(account_id, [drafts[row] for row in rows], own)
            if not told:
                continue
            spans = spans_of(statements_of(account_id, batches.keys()))
            days = [one.booked_on for one in own]
            places = told_otherwise(
                [_booked(drafts[row]) for row in rows],
                told,
                by_others=partial(is_within, spans=spans),
                by_this=partial(is_within, spans=[(min(days), max(days))]),
            )
            found.update(rows[at] for at in places)
            self.moved += len(places)
        return found

    def _left(
        self, account_id: int, fresh: Sequence[LineDraft], own: Iterable[LineDraft]
    ) -> list[Booked]:
        """Lines that others told near some of this file, and that none of its lines is already."""
        days = [one.booked_on for one in fresh]
        ahead = timedelta(days=APART)
        near = lines_near(
            account_id,
            self._batches[account_id].keys(),
            (min(days) - ahead, max(days) + ahead),
            {one.entry.minor for one in fresh},
        )
        taken = Counter((one.booked_on, one.entry.minor) for one in own)
        left = []
        for one in near:
            if taken[one.on, one.minor]:
                taken[one.on, one.minor] -= 1
            else:
                left.append(one)
        return left

    def _read(self, drafts: Iterable[LineDraft]) -> None:
        """Look up what was told of the days of some lines."""
        days: dict[int, set[date]] = defaultdict(set)
        for draft in drafts:
            days[draft.account_id].add(draft.booked_on)
        for account_id, some in days.items():
            if account_id not in self._batches:
                self._batches[account_id] = self._others(account_id)
            others = self._batches[account_id]
            if others:
                for (on, minor), count in sums_by_day(account_id, others.keys(), some).items():
                    self._told[account_id, on, minor] = count

    def _others(self, account_id: int) -> dict[int, str]:
        records = imports_by_batch(batches_of_account(account_id))
        return {
            record.batch_id: record.preset for record in records if record.preset != self._preset
        }


def _booked(draft: LineDraft) -> Booked:
    entry = draft.entry
    return Booked(draft.booked_on, entry.minor, entry.bank_reference, entry.end_to_end)


def _key(draft: LineDraft) -> _Key:
    return draft.account_id, draft.booked_on, draft.entry.minor

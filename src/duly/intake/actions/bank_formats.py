"""Lines of an account that a file of another format told before: the same money, told otherwise.

Formats give a line other references and other texts, so that it is not known again by them. Rule:
as many lines of a day and an amount as files of other formats told stay one each.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from duly.cash_application.actions import LineDraft
from duly.cash_application.queries import batches_of_account, sums_by_day
from duly.intake.queries import imports_by_batch

_Key = tuple[int, date, int]


class OtherFormats:
    """What files of other formats told of the accounts of one file."""

    def __init__(self, preset: str) -> None:
        self._preset = preset
        self._batches: dict[int, dict[int, str]] = {}  # of an account: {batch: format}
        self._told: dict[_Key, int] = {}
        self._used: Counter[_Key] = Counter()
        self.counts: Counter[str] = Counter()  # lines that were told, by the formats

    def told(
        self, drafts: Mapping[int, LineDraft], *, same: Mapping[int, int], fresh: Iterable[int]
    ) -> set[int]:
        """Rows of `fresh` that were told in another format.

        `same`: rows that are known by themselves, with the batch that wrote their line.
        """
        self._read(drafts.values())
        if not self._told:
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
        return found

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


def _key(draft: LineDraft) -> _Key:
    return draft.account_id, draft.booked_on, draft.entry.minor

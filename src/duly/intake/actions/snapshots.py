"""Take in a snapshot: the whole list of what is open, from the system where cash is applied.

What stood open here and is missing there was settled there; a lower open amount is a part of it.
Both are booked as settled elsewhere, dated the snapshot's day. Without this a payer gets chased.
"""

from collections import defaultdict
from datetime import date

from duly.intake.actions.items import ItemsTaker
from duly.intake.actions.taking import Differences, Taking
from duly.intake.errors import TooMuchCloses
from duly.intake.policy import SnapshotPolicy
from duly.intake.rules.reading import Reading
from duly.intake.rules.sheet import Block
from duly.kernel.currencies import EXPONENTS
from duly.kernel.money import text_from_minor
from duly.parties.queries import codes_and_names, ids_by_code
from duly.receivables.actions import ElsewhereDraft, settle_elsewhere
from duly.receivables.queries import ItemFacts, items_by_number, open_items_of_entity


class SnapshotTaker:
    """Holds the open items of an entity against a file that lists all that is open."""

    def __init__(
        self, taking: Taking, on: date, policy: SnapshotPolicy, accept_closing: bool
    ) -> None:
        self._taking = taking
        self._on = on
        self._policy = policy
        self._accept_closing = accept_closing
        self._items = ItemsTaker(taking)
        self._before = open_items_of_entity(taking.entity.pk)
        self._listed: set[int] = set()  # documents that the file still shows as open
        self._lowered: list[tuple[ItemFacts, int]] = []

    def take(self, reading: Reading) -> None:
        """Check one block: what is known is compared, what is new is issued."""
        entity_id = self._taking.entity.pk
        codes, numbers = reading.names("customer_id"), reading.names("number")
        kinds = reading.texts("kind", 400)
        customers = ids_by_code(entity_id, set(codes))
        known = items_by_number(entity_id, set(numbers))
        fresh: list[int] = []
        same: list[int] = []
        changed: dict[int, Differences] = {}
        for index, (code, number, kind) in enumerate(zip(codes, numbers, kinds, strict=True)):
            owed = [
                item
                for item in known.get((customers.get(code, 0), number), [])
                if item.kind == kind
            ]
            if owed and index not in reading.bad:
                before = self._compare(reading, index, owed)
                if before:
                    changed[index] = before
                elif index not in reading.bad:
                    same.append(index)
            else:
                fresh.append(index)
        self._issue(reading, fresh, same, changed)

    def finish(self) -> None:
        """Settle what is missing or lower. Refuses: TooMuchCloses."""
        missing = [i for i in self._before if i.document_id not in self._listed]
        self._refuse_too_much(missing)
        closing = [(item, item.open_minor) for item in missing] + self._lowered
        names = codes_and_names({item.customer_id for item, _ in closing})
        self._taking.outcome.closing = [
            {
                "number": item.number,
                "customer": names[item.customer_id][0],
                "currency": item.currency,
                "amount": text_from_minor(minor, EXPONENTS[item.currency]),
                "because": "missing" if minor == item.open_minor else "lower",
            }
            for item, minor in closing
        ]
        settle_elsewhere(
            recorder=self._taking.recorder,
            entity_id=self._taking.entity.pk,
            drafts=[ElsewhereDraft(item.id, minor) for item, minor in closing],
            on=self._on,
        )
        self._items.finish()

    def _compare(self, reading: Reading, index: int, owed: list[ItemFacts]) -> Differences:
        """Note what a known document lost since; tell where it rose. What is lower, if it is."""
        currency, first = owed[0].currency, owed[0]
        cells = reading.columns
        text = (cells.get("open_amount") or cells["amount"])[index] or cells["amount"][index]
        one = Reading(
            block=_cell(reading, index, text), place=reading.place, dates=self._taking.dates
        )
        told = one.amounts("open", [currency])[0]
        if one.problems or told is None or cells["currency"][index] != currency:
            reading.problems += one.problems
            if not one.problems:
                reading.refuse(
                    index,
                    "ALREADY_ISSUED",
                    f"{first.number} is there in {currency}.",
                    "Mend the currency, or give the document its own number.",
                )
            reading.bad.add(index)
            return {}
        self._listed.add(first.document_id)
        here = sum(abs(item.open_minor) for item in owed)
        self._taking.outcome.add_control([(currency, told if first.amount_minor >= 0 else -told)])
        if told > here:
            reading.refuse(
                index,
                "OPEN_ROSE",
                f"{first.number} is open there with {text}, here with "
                f"{text_from_minor(here, EXPONENTS[currency])}.",
                "Take back here what was taken back there, then import the snapshot.",
            )
            return {}
        gone = here - told
        for item in owed:  # earliest due first
            part = min(gone, abs(item.open_minor))
            if part:
                self._lowered.append((item, part if item.open_minor > 0 else -part))
                gone -= part
        texts = [text_from_minor(minor, EXPONENTS[currency]) for minor in (here, told)]
        return {"open_amount": texts} if told < here else {}

    def _issue(
        self,
        reading: Reading,
        fresh: list[int],
        same: list[int],
        changed: dict[int, Differences],
    ) -> None:
        """Let the usual taker check and issue the rows that are new."""
        outcome = self._taking.outcome
        rest = _only(reading, fresh)
        rest.problems, rest.bad = [], set()
        self._items.take(rest)
        outcome.rows += reading.count - rest.count
        self._taking.sort_rows(reading, same=same, changed=changed)
        outcome.rejected += len(reading.bad - set(fresh))
        outcome.add_problems(reading.problems)

    def _refuse_too_much(self, missing: list[ItemFacts]) -> None:
        if self._accept_closing or not self._before:
            return
        most = self._policy.most_closing_percent
        open_by: defaultdict[str, int] = defaultdict(int)
        closing_by: defaultdict[str, int] = defaultdict(int)
        for item in self._before:
            open_by[item.currency] += abs(item.open_minor)
        for item, minor in [(i, i.open_minor) for i in missing] + self._lowered:
            closing_by[item.currency] += abs(minor)
        over = [c for c, minor in closing_by.items() if minor * 100 > most * open_by[c]]
        if over or len(missing) * 100 > most * len(self._before):
            raise TooMuchCloses(
                f"This list would close {len(missing)} of {len(self._before)} open items. "
                "Perhaps it is not the whole list.",
                facts={
                    "closing_items": len(missing),
                    "open_items": len(self._before),
                    "most_percent": most,
                    "currencies": sorted(over),
                },
                remedy="Export everything that is open, or say --accept-closing.",
            )


def _cell(reading: Reading, index: int, text: str) -> Block:
    return Block(rows=[reading.rows[index]], columns={"open": [text]})


def _only(reading: Reading, indexes: list[int]) -> Reading:
    """A reading of some rows of a block alone."""
    block = Block(
        rows=[reading.rows[index] for index in indexes],
        columns={
            name: [cells[index] for index in indexes] for name, cells in reading.columns.items()
        },
    )
    return Reading(block, reading.place, reading.date_reader)

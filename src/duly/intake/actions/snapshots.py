"""Take in a snapshot: the whole list of what is open, from the system where cash is applied.

What stood open here and is missing there was settled there; a lower open amount is a part of it.
Both are booked as settled elsewhere, dated the snapshot's day. Without this a payer gets chased.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from duly.intake.actions.items import ItemsTaker
from duly.intake.actions.taking import Differences, Taking
from duly.intake.errors import SnapshotUnclear, TooMuchCloses
from duly.intake.policy import SnapshotPolicy
from duly.intake.rules.reading import Reading
from duly.kernel.currencies import EXPONENTS
from duly.kernel.money import text_from_minor
from duly.parties.queries import codes_and_names, ids_by_code
from duly.receivables.actions import ElsewhereDraft, settle_elsewhere
from duly.receivables.queries import ItemFacts, items_by_number, open_items_of_entity


class SnapshotTaker:
    """Holds the open items of an entity against a file that lists all that is open."""

    def __init__(
        self,
        taking: Taking,
        on: date,
        *,
        policy: SnapshotPolicy,
        accept_closing: bool,
        accept_partial: bool,
    ) -> None:
        self._taking = taking
        self._on = on
        self._policy = policy
        self._accept_closing = accept_closing
        self._accept_partial = accept_partial
        self._items = ItemsTaker(taking)
        self._before = open_items_of_entity(taking.entity.pk, issued_by=on)
        self._listed: dict[int, str] = {}  # documents in the file, and the row that names each
        self._spared: set[int] = set()  # documents that a row may mean which could not be read
        self._nameless = ""  # the first row that may mean any document
        self._lowered: list[tuple[ItemFacts, int]] = []

    def take(self, reading: Reading) -> None:
        """Check one block: what is known is compared, what is new is issued."""
        entity_id = self._taking.entity.pk
        codes, numbers, kinds = (
            reading.columns[name] for name in ("customer_id", "number", "kind")
        )
        customers = ids_by_code(entity_id, set(codes))
        known = items_by_number(entity_id, set(numbers))
        owed: dict[int, list[ItemFacts]] = {}
        for index, (code, number, kind) in enumerate(zip(codes, numbers, kinds, strict=True)):
            found = known.get((customers.get(code, 0), number), [])
            items = [item for item in found if item.kind == kind]
            if items and index not in reading.bad:
                owed[index] = items
        fresh = reading.only([index for index in range(reading.count) if index not in owed])
        compared = reading.only(list(owed))
        self._items.take(fresh)
        self._compare(compared, list(owed.values()))
        documents: defaultdict[str, set[int]] = defaultdict(set)
        for (_, number), items in known.items():
            documents[number].update(item.document_id for item in items)
        for index in fresh.bad:
            number = fresh.columns["number"][index]
            self._spared |= documents.get(number, set())
            if not number or fresh.is_unread(index):
                self._nameless = self._nameless or fresh.where(index)

    def finish(self) -> None:
        """Settle what is missing or lower. Refuses: TooMuchCloses, SnapshotUnclear."""
        outcome = self._taking.outcome
        self._items.finish()
        if outcome.rejected and not self._accept_partial:
            return  # the file is refused for its rows, and those are to be told
        missing = [
            item
            for item in self._before
            if item.document_id not in self._listed and item.document_id not in self._spared
        ]
        self._refuse_unclear(missing)
        self._refuse_too_much(missing)
        closing = [(item, item.open_minor) for item in missing] + self._lowered
        names = codes_and_names({item.customer_id for item, _ in closing})
        outcome.closing = [
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

    def _compare(self, reading: Reading, owed: Sequence[list[ItemFacts]]) -> None:
        """Note what known documents lost since; tell where one rose, or stands there twice."""
        cells = reading.columns
        opens = cells.get("open_amount", [""] * reading.count)
        cells["open_amount"] = [
            own or all_ for own, all_ in zip(opens, cells["amount"], strict=True)
        ]
        currencies = [items[0].currency for items in owed]
        same: list[int] = []
        changed: dict[int, Differences] = {}
        control: list[tuple[str, int]] = []
        for index, (items, told) in enumerate(
            zip(owed, reading.amounts("open_amount", currencies, needed=True), strict=True)
        ):
            first, is_debit = items[0], items[0].amount_minor >= 0
            here = sum(abs(item.open_minor) for item in items)
            earlier = self._listed.setdefault(first.document_id, reading.where(index))
            if earlier != reading.where(index):
                reading.refuse(
                    index,
                    "NUMBER_REPEATED",
                    f"{first.number} stands twice in this file for this customer "
                    f"(also in {earlier}).",
                    "Keep one of the rows.",
                )
            elif cells["currency"][index] != first.currency:
                reading.refuse(
                    index,
                    "ALREADY_ISSUED",
                    f"{first.number} is there in {first.currency}.",
                    "Mend the currency, or give the document its own number.",
                )
            elif told is not None:
                self._refuse_open(reading, index, first, told, here)
            if told is None or index in reading.bad:
                continue
            control.append((first.currency, told if is_debit else -told))
            if told < here:
                self._lower(items, here - told)
                texts = [text_from_minor(x, EXPONENTS[first.currency]) for x in (here, told)]
                changed[index] = {"open_amount": texts}
            else:
                same.append(index)
        self._taking.outcome.add_control(control)
        self._taking.sort_rows(reading.row, same=same, changed=changed)
        self._taking.close_block(reading)

    def _refuse_open(
        self, reading: Reading, index: int, first: ItemFacts, told: int, here: int
    ) -> None:
        if told < 0:
            reading.refuse(
                index,
                "OPEN_BEYOND_AMOUNT",
                "The open amount is negative or more than the amount.",
                "Write what is still open, at most the amount.",
            )
        if told > here:
            reading.refuse(
                index,
                "OPEN_ROSE",
                f"{first.number} is open there with {reading.columns['open_amount'][index]}, "
                f"here with {text_from_minor(here, EXPONENTS[first.currency])}.",
                "Take back here what was taken back there, then import the snapshot.",
            )

    def _lower(self, items: Sequence[ItemFacts], gone: int) -> None:
        """Note that a document is open with so much less, earliest due first."""
        for item in items:
            part = min(gone, abs(item.open_minor))
            if part:
                self._lowered.append((item, part if item.open_minor > 0 else -part))
                gone -= part

    def _refuse_unclear(self, missing: Sequence[ItemFacts]) -> None:
        if missing and self._nameless:
            raise SnapshotUnclear(
                f"{self._nameless} can't be read, so that nobody can say whether it is one of the "
                f"{len(missing)} items that are missing.",
                facts={"where": self._nameless, "missing": len(missing)},
                remedy="Mend that row: what a snapshot does not list is closed.",
            )

    def _refuse_too_much(self, missing: Sequence[ItemFacts]) -> None:
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

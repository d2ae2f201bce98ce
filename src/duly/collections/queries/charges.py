"""Reads of finance charges: documents with their lines, each with what it was worked out from."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from duly.access.models import Approval
from duly.access.queries import approvals_of
from duly.collections.errors import ChargeUnknown
from duly.collections.models import Charge, ChargeRelief
from duly.kernel.money import Money
from duly.receivables.models import CHARGE, Document, Item
from duly.storage.among import among

WAIVER = "waive_charge"  # the act that a second person approves


@dataclass(frozen=True, slots=True)
class ChargeDocument:
    """The charges of a customer for a month, as what is owed of them."""

    document_id: int
    item_id: int
    customer_id: int
    number: str
    currency: str
    amount_minor: int
    open_minor: int
    charged_on: date
    month_on: date
    lines: tuple[Charge, ...]
    reliefs: tuple[ChargeRelief, ...]

    @property
    def settled(self) -> Money:
        """What was paid, waived or taken back of it."""
        return Money(self.amount_minor - self.open_minor, self.currency)

    @property
    def state(self) -> str:
        """open, part, paid, waived or reversed."""
        if self.open_minor == self.amount_minor:
            return "open"
        if self.open_minor:
            return "part"
        kinds = {one.kind for one in self.reliefs}
        off = sum(one.amount_minor for one in self.reliefs)
        if off == self.amount_minor:
            return "reversed" if "reversed" in kinds else "waived"
        return "paid"


def charge_documents(
    *,
    entity_id: int,
    month_on: date | None = None,
    customer_id: int | None = None,
    only_open: bool = False,
    batch_id: int | None = None,
    number: str = "",
    offset: int = 0,
    limit: int | None = 500,
) -> list[ChargeDocument]:
    """Finance charges with their lines, the newest first; in a constant number of queries."""
    rows = Charge.objects.filter(entity_id=entity_id)
    for name, value in (
        ("month_on", month_on),
        ("customer_id", customer_id),
        ("batch_id", batch_id),
    ):
        if value is not None:
            rows = rows.filter(**{name: value})
    documents = Document.objects.filter(pk__in=rows.values("document_id"))
    if number:
        documents = documents.filter(number=number)
    if only_open:
        still = Item.objects.exclude(open_minor=0)
        documents = documents.filter(pk__in=still.values("document_id"))
    documents = documents.order_by("-pk")
    found = list(documents if limit is None else documents[offset : offset + limit])
    return _with_lines(found)


def charge_numbered(entity_id: int, number: str) -> ChargeDocument:
    """The charge of a number. Refuses: ChargeUnknown."""
    rows = Document.objects.filter(entity_id=entity_id, number=number, kind=CHARGE)
    found = _with_lines(list(rows[:1]))
    if not found:
        raise ChargeUnknown(
            f"There is no finance charge {number}.",
            facts={"number": number},
            remedy="Look at `duly charge list`.",
        )
    return found[0]


def open_by_customer(entity_id: int, customer_ids: Collection[int]) -> dict[tuple[int, str], int]:
    """{(customer, currency): what is open of finance charges}."""
    documents = Document.objects.filter(
        entity_id=entity_id, customer_id__in=among(customer_ids), kind=CHARGE
    )
    items = Item.objects.filter(document_id__in=documents.values("pk")).exclude(open_minor=0)
    found: dict[tuple[int, str], int] = {}
    for customer_id, currency, minor in items.values_list("customer_id", "currency", "open_minor"):
        key = (customer_id, currency)
        found[key] = found.get(key, 0) + minor
    return found


def waivers(entity_id: int) -> list[Approval]:
    """Waivers that were asked for, the newest first."""
    return [row for row in approvals_of(WAIVER) if row.facts["entity"] == entity_id]


def _with_lines(documents: Collection[Document]) -> list[ChargeDocument]:
    ids = among([one.pk for one in documents])
    items = {one.document_id: one for one in Item.objects.filter(document_id__in=ids)}
    lines: dict[int, list[Charge]] = {}
    for line in Charge.objects.filter(document_id__in=ids).order_by("pk"):
        lines.setdefault(line.document_id, []).append(line)
    reliefs: dict[int, list[ChargeRelief]] = {}
    for relief in ChargeRelief.objects.filter(document_id__in=ids).order_by("pk"):
        reliefs.setdefault(relief.document_id, []).append(relief)
    return [
        ChargeDocument(
            one.pk,
            items[one.pk].pk,
            one.customer_id,
            one.number,
            one.currency,
            one.amount_minor,
            items[one.pk].open_minor,
            one.issued_on,
            lines[one.pk][0].month_on,
            tuple(lines[one.pk]),
            tuple(reliefs.get(one.pk, ())),
        )
        for one in documents
    ]

"""One line of the bank as it is worked on: its text, who paid, what for, and what is left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.core import signing

from duly.cash_application.models import BankAccount, BankLine, BankStatement
from duly.cash_application.queries.gathering import set_aside, text_of
from duly.cash_application.queries.issued import issued_for
from duly.cash_application.queries.matches import let_pass_of_year
from duly.cash_application.queries.near import Near, propose_near
from duly.cash_application.queries.waiting import kept_by, statement_of_line
from duly.cash_application.rules.candidates import Candidate
from duly.cash_application.rules.evidence import (
    Piece,
    pieces_of,
    places_in_text,
    places_of_name,
)
from duly.cash_application.rules.facts import Customer, OpenItem
from duly.cash_application.rules.limits import most_let_pass
from duly.cash_application.rules.matching import Proposal
from duly.cash_application.rules.residuals import DISCOUNT, SETTLED, Line, Terms, is_earned
from duly.collections.queries.messages import under_legal_stay
from duly.kernel.currencies import exponent
from duly.kernel.money import text_from_minor
from duly.parties.models import Entity
from duly.receivables.queries import PaymentToMatch, documents_of_items

SALT = "duly.cash"
MOST_ITEMS = 40


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An open item of the payer as a row: what of it is paid, and what its rest is."""

    item: OpenItem
    document_id: int | None
    cash_minor: int | None  # None: not chosen
    rest: str  # "", a kind, or kinds with their amounts
    rest_says: str
    customer: Customer | None  # where it is another one's of the family
    discount_says: str

    @property
    def cash(self) -> str:
        """The amount as it stands in the field."""
        if self.cash_minor is None:
            return ""
        return text_from_minor(self.cash_minor, exponent(self.item.currency))

    @property
    def is_short(self) -> bool:
        """Tell whether less is paid than is open."""
        return self.cash_minor is not None and 0 <= self.cash_minor < self.item.open_minor


@dataclass(frozen=True)
class LineView:
    """What the panel of a payment shows."""

    entity: Entity
    on: date
    near: Near
    lines: tuple[Line, ...]
    asked_customer_id: int | None
    said: str = ""  # told above, such as that something changed meanwhile

    @property
    def row(self) -> PaymentToMatch:
        """The payment."""
        return self.near.row

    @property
    def proposal(self) -> Proposal:
        """What the rules propose."""
        return self.near.proposal

    @property
    def customer(self) -> Customer | None:
        """Whose items are shown."""
        return self.proposal.customer or (
            self.near.gathered.directory.by_id.get(self.asked_customer_id)
            if self.asked_customer_id
            else None
        )

    @property
    def confidence(self) -> int:
        """In percent, whole; 99 stands for all that is not certain."""
        return int(self.proposal.confidence * 100)

    @cached_property
    def told(self) -> tuple[BankLine, BankStatement, BankAccount] | None:
        """The bank's line with its statement and account; None where no bank told of it."""
        return statement_of_line(self.near.source.line_id) if self.near.source else None

    @cached_property
    def family(self) -> tuple[Customer, ...]:
        """The payer and everyone below, for whom they may pay."""
        return self.near.gathered.directory.family(self.customer) if self.customer else ()

    @cached_property
    def own(self) -> list[OpenItem]:
        """All open items of the family in the payment's currency, the oldest first."""
        ids = [one.id for one in self.family]
        return self.near.gathered.book.of(ids, self.row.currency) if ids else []

    @cached_property
    def texts(self) -> list[tuple[str, list[Piece]]]:
        """What the bank sent, part by part, with its evidence."""
        source, row = self.near.source, self.row
        ids = [one.id for one in self.family]
        numbers = self.near.gathered.book.numbers(ids, row.currency)
        chosen = {line.item_id for line in self.lines}
        name = source.name if source else row.payer_name
        names = (self.customer.name, *self.customer.aliases) if self.customer else ()
        found = [("Name", pieces_of(name, places_of_name(name, names)))] if name else []
        parts = (
            (
                ("Text", source.remittance),
                ("Reference", source.structured_reference),
                ("Their reference", source.end_to_end),
            )
            if source
            else (("Text", text_of(row, source)),)
        )
        told = [text for _, text in parts]
        issued = {
            reference: one.number
            for reference, one in issued_for(self.entity.pk, told, told).items()
        }
        for label, text in parts:
            if text.strip():
                places = places_in_text(text, numbers, chosen, issued)
                found.append((label, pieces_of(text, places)))
        return found

    @cached_property
    def is_kept(self) -> bool:
        """Tell whether a person put all of it on account."""
        return kept_by(self.entity.pk, self.row.id) is not None

    @cached_property
    def aside(self) -> str:
        """Why a person said that it is no receivable; "" where nobody did."""
        return set_aside([self.row.id]).get(self.row.id, "")

    @property
    def account(self) -> str:
        """From which account the money came."""
        return self.near.source.account if self.near.source else self.row.payer_account

    @property
    def candidates(self) -> list[tuple[int, Candidate]]:
        """Others who may have paid, each with its key; none where it is clear."""
        found = self.near.candidates
        here = self.customer.id if self.customer else None
        if len(found) == 1 and found[0].customer.id == here:
            return []
        return list(enumerate(found, 1))

    @cached_property
    def rows(self) -> list[ItemRow]:
        """The items shown: those proposed, those the text names, then the oldest."""
        chosen = {line.item_id: i for i, line in reversed(list(enumerate(self.lines)))}
        numbers = self.near.gathered.book.numbers(
            [one.id for one in self.family], self.row.currency
        )
        named = {
            item.id for one in numbers.read(self.near.proposal.payment.text).mentions
            for item in one.items
        }  # fmt: skip
        ordered = sorted(
            self.own,
            key=lambda item: (chosen.get(item.id, len(chosen) + 1), item.id not in named),
        )[:MOST_ITEMS]
        documents = documents_of_items({item.id for item in ordered})
        return [self._row(item, documents.get(item.id)) for item in ordered]

    @property
    def more(self) -> int:
        """How many open items are not shown."""
        return len(self.own) - len(self.rows)

    def _row(self, item: OpenItem, document_id: int | None) -> ItemRow:
        reasons: dict[str, int] = {}
        for line in self.lines:
            if line.item_id == item.id:
                reasons[line.reason] = reasons.get(line.reason, 0) + line.minor
        cash = reasons.pop(SETTLED, None)
        rest, says = self._rest(item, cash or 0, reasons)
        other = None
        if self.customer and item.customer_id != self.customer.id:
            other = self.near.gathered.directory.by_id.get(item.customer_id)
        return ItemRow(item, document_id, cash, rest, says, other, self._discount_says(item))

    def _rest(self, item: OpenItem, cash: int, reasons: Mapping[str, int]) -> tuple[str, str]:
        if not reasons:
            return "", ""
        if len(reasons) == 1 and sum(reasons.values()) == item.open_minor - cash:
            return next(iter(reasons)), ""
        decimals = exponent(item.currency)
        says = ", ".join(
            f"{KIND_WORDS[kind].lower()} {text_from_minor(minor, decimals)}"
            for kind, minor in reasons.items()
        )
        return ";".join(f"{kind}={minor}" for kind, minor in reasons.items()), says.capitalize()

    def _discount_says(self, item: OpenItem) -> str:
        until = item.discount_until
        if until is None or item.discount_minor <= 0:
            return ""
        amount = text_from_minor(item.discount_minor, exponent(item.currency))
        late = (self.row.received_on - until).days
        if late <= 0:
            return f"discount of {amount}, earned"
        if is_earned(item, self.terms):
            return f"discount of {amount}, {late} days late, within grace"
        return f"discount of {amount}, {late} days too late"

    @property
    def terms(self) -> Terms:
        """By which discounts are judged."""
        return Terms(self.row.received_on, self.near.gathered.policy)

    @property
    def has_discount(self) -> bool:
        """Tell whether the terms of an item shown still grant one."""
        return any(is_earned(one.item, self.terms) for one in self.rows)

    @cached_property
    def most_let_pass(self) -> int:
        """The largest small difference that policy lets pass here, minor units."""
        whose = [self.customer.id] if self.customer else []
        used = sum(
            minor
            for (_, currency), minor in let_pass_of_year(whose, self.on).items()
            if currency == self.row.currency
        )
        return most_let_pass(
            paid_minor=self.row.unapplied_minor,
            let_pass_minor=used,
            policy=self.near.gathered.policy,
        )

    @property
    def most_charges(self) -> int:
        """The most that one person may take as charges of banks, minor units."""
        return self.near.gathered.policy.charges_most_minor

    @property
    def decimals(self) -> int:
        """Of the currency."""
        return exponent(self.row.currency)

    @property
    def cash_minor(self) -> int:
        """What the lines use of the money."""
        return sum(line.minor for line in self.lines if line.reason == SETTLED)

    @property
    def seen(self) -> str:
        """What was looked at, signed: the payment, the items shown, and what was proposed."""
        told = {
            "payment": state_of(self.row),
            "items": [[one.item.id, one.item.open_minor] for one in self.rows],
            "lines": [list(line) for line in self.lines],
            "because": list(self.proposal.because),
            "customer": self.customer.id if self.customer else None,
        }
        return signing.dumps(told, salt=SALT, compress=True)


KIND_WORDS = {
    DISCOUNT: "Discount",
    "bank_fee": "Bank charges",
    "tolerance": "Small difference",
    "deduction": "Deduction",
    "settled": "Paid",
}


def state_of(row: PaymentToMatch) -> list[Any]:
    """What of a payment may change under somebody's eyes."""
    aside = set_aside([row.id])
    return [row.id, row.unapplied_minor, row.customer_id, row.id in aside]


def view_of(
    entity: Entity,
    payment_id: int,
    on: date,
    *,
    customer_id: int | None = None,
    item_id: int | None = None,
    said: str = "",
) -> LineView | None:
    """The view of a payment, as though somebody had paid it, or for one item; None where nothing
    of it waits."""
    near = propose_near(
        entity=entity,
        payment_id=payment_id,
        on=on,
        insolvent=under_legal_stay(entity.pk, on),
        customer_id=customer_id,
    )
    if near is None:
        return None
    lines: Sequence[Line] = near.proposal.lines
    item = near.gathered.book.items.get(item_id) if item_id else None
    if item is not None:
        lines = [Line(item.id, min(item.open_minor, near.row.unapplied_minor))]
    return LineView(entity, on, near, tuple(lines), customer_id, said)

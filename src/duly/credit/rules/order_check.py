"""The check of an order: every test that it fails, not only the first.

Rule: the tests in this order - a legal block or insolvency, a sanctions flag, the limit of the
customer and of everybody above it, what is past due, a broken promise, an expired review, the
insurer's stop. Exactly the limit is not over it. Disputed amounts count in the exposure and not in
what is past due. See: facts, credit.md section 8.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from duly.credit.policy import OrderPolicy
from duly.credit.rules.exposure import Asked, Book, Exposure, OrderLeft, whole_minor
from duly.kernel.currencies import EXPONENTS
from duly.kernel.money import text_from_minor

RELEASE, HOLD = "release", "hold"
SHIPPED, PREPAID = "shipped", "prepaid"  # why a test did not hold
STOPS = {
    "blocked": ("blocked", "blocked"),
    "insolvency": ("blocked", "insolvent"),
    "sanctions": ("sanctions", "flagged by a sanctions list"),
}


class Stop(NamedTuple):
    """Why no order of a customer goes, and since when."""

    kind: str  # blocked, insolvency, sanctions
    since_on: date
    reason: str


class LateItem(NamedTuple):
    """What is open of an item past due and not disputed."""

    number: str
    currency: str
    minor: int
    due_on: date


class BrokenPromise(NamedTuple):
    """The last promise that was judged, if it was broken."""

    promise_id: int
    currency: str
    amount_minor: int
    due_on: date


class Signals(NamedTuple):
    """What others know of customers: promises and stays of collections, stops of the insurer."""

    broken: Mapping[int, BrokenPromise] = {}
    stays: Mapping[int, Stop] = {}
    insurer_stops: Collection[int] = ()


class Standing(NamedTuple):
    """How some customers stand on a day, beside what they owe."""

    stops: Mapping[int, Collection[Stop]]
    late: Mapping[int, Collection[LateItem]]  # by due date
    signals: Signals = Signals()


class Failed(NamedTuple):
    """A test that an order fails: in words, and the facts of it."""

    test: str
    text: str
    facts: dict[str, Any]


class Answer(NamedTuple):
    """What comes of a check: `failed` holds the order; `waived` would, but for a release."""

    asked: Asked
    exposure: Exposure
    above: tuple[Exposure, ...]  # of those above the customer whose limits it shares
    failed: tuple[Failed, ...]
    waived: tuple[Failed, ...] = ()
    because: str = ""  # why nothing was tested: shipped, prepaid

    @property
    def decision(self) -> str:
        """Release or hold."""
        return HOLD if self.failed else RELEASE


class Grace(NamedTuple):
    """A release that lasts: tests that do not hold the order again, up to an amount."""

    tests: frozenset[str]
    currency: str
    amount_minor: int


def check(
    book: Book,
    standing: Standing,
    asked: Asked,
    *,
    on: date,
    policy: OrderPolicy,
    grace: Grace | None = None,
) -> Answer:
    """Test an order against everything that may hold it."""
    path = book.path(asked.customer_id)
    exposures = [book.exposure(one, asked) for one in book.limited(asked.customer_id)]
    nearest = exposures[0] if exposures else book.exposure(asked.customer_id, asked)
    failed = [
        *_stopped(standing, path),
        *_over(exposures, nearest, book, policy, asked.customer_id),
        *_past_due(book, standing, asked.customer_id, on, policy),
        *_broken(book, standing, asked.customer_id, on),
        *_review(exposures, book, on),
        *_insurer(standing, asked.customer_id),
    ]
    there = book.orders.get(asked.ref)
    because = _untested(book, asked, there, policy)
    if because == SHIPPED:
        return Answer(asked, nearest, tuple(exposures[1:]), (), tuple(failed), because)
    if because == PREPAID:
        failed = [one for one in failed if one.test in ("blocked", "sanctions")]
    held = [one for one in failed if not _is_waived(one, asked, there, grace)]
    waived = tuple(one for one in failed if one not in held)
    return Answer(asked, nearest, tuple(exposures[1:]), tuple(held), waived, because)


def _untested(book: Book, asked: Asked, there: OrderLeft | None, policy: OrderPolicy) -> str:
    """Why an order passes: its goods are gone and are to be invoiced, or it is paid beforehand."""
    is_gone = (
        there is not None
        and there.currency == asked.currency
        and there.to_invoice_minor > 0
        and asked.amount_minor <= there.shipped_minor
    )
    if asked.checkpoint == "invoice" and is_gone:
        return SHIPPED
    if asked.is_prepaid:
        is_needed = asked.checkpoint in policy.money_needed_at
        if not is_needed or book.has_money_for(asked):
            return PREPAID
    return ""


def _is_waived(failed: Failed, asked: Asked, there: OrderLeft | None, grace: Grace | None) -> bool:
    return (
        grace is not None
        and failed.test in grace.tests
        and asked.currency == grace.currency
        and whole_minor(asked, there) <= grace.amount_minor
    )


def _stopped(standing: Standing, path: Collection[int]) -> Iterator[Failed]:
    """Stops of the customer and of whoever stands above it."""
    found = [stop for one in path for stop in standing.stops.get(one, ())]
    found += [standing.signals.stays[one] for one in path if one in standing.signals.stays]
    for kind, (test, told) in STOPS.items():
        for stop in found:
            if stop.kind == kind:
                facts = {"kind": kind, "since": stop.since_on.isoformat(), "reason": stop.reason}
                text = f"The customer is {told} since {stop.since_on}."
                yield Failed(test, f"{text} {stop.reason}".strip(), facts)


def _over(
    exposures: Collection[Exposure],
    nearest: Exposure,
    book: Book,
    policy: OrderPolicy,
    customer_id: int,
) -> Iterator[Failed]:
    for one in exposures:
        if one.over_minor:
            yield _limit_passed(one, book, customer_id)
    if not exposures and policy.needs_limit:
        total = _text(nearest.total_minor, nearest.currency)
        facts = {"over": None, "limit": None, "total": total, "currency": nearest.currency}
        yield Failed("limit", "Nobody has given the customer a limit.", facts)


def _limit_passed(one: Exposure, book: Book, customer_id: int) -> Failed:
    limit, currency = one.limit, one.currency
    assert limit is not None  # noqa: S101 - over a limit, so there is one
    code = book.codes.get(one.customer_id, "")
    whose = "the limit" if one.customer_id == customer_id else f"the limit of {code}, above it,"
    text = (
        f"Exposure of {_told(one.total_minor, currency)} is over {whose}"
        f" of {_told(limit.minor, currency)} by {_told(one.over_minor, currency)}."
    )
    facts = {
        "customer": code,
        "over": _text(one.over_minor, currency),
        "limit": _text(limit.minor, currency),
        "total": _text(one.total_minor, currency),
        "currency": currency,
    }
    return Failed("limit", text, facts)


def _past_due(
    book: Book, standing: Standing, customer_id: int, on: date, policy: OrderPolicy
) -> Iterator[Failed]:
    """What is late for too long, less the money and credit that stand against it."""
    late = [
        one
        for one in standing.late.get(customer_id, ())
        if one.minor > 0 and (on - one.due_on).days > policy.late_days
    ]
    if not late:
        return
    rates, own = book.rates, book.rates.own
    minor = sum(rates.over(one.minor, one.currency, own) for one in late)
    minor += sum(
        rates.over(one.unapplied_minor, one.currency, own)
        for one in book.owed
        if one.customer_id == customer_id
    )
    if minor <= Fraction(policy.late_floor) * 10 ** EXPONENTS[own]:
        return
    oldest = late[0]
    days = (on - oldest.due_on).days
    text = f"{_told(minor, own)} is more than {policy.late_days} days late, the oldest {days} days."
    facts = {
        "amount": _text(minor, own),
        "currency": own,
        "items": len(late),
        "oldest": oldest.number,
        "days": days,
        "tolerated_days": policy.late_days,
    }
    yield Failed("past_due", text, facts)


def _broken(book: Book, standing: Standing, customer_id: int, on: date) -> Iterator[Failed]:
    """A promise that was broken, while what it was about is still late."""
    promise = standing.signals.broken.get(customer_id)
    is_late = any(one.minor > 0 and one.due_on < on for one in standing.late.get(customer_id, ()))
    if promise and is_late:
        told = _told(promise.amount_minor, promise.currency)
        facts = {
            "promise": promise.promise_id,
            "amount": _text(promise.amount_minor, promise.currency),
            "currency": promise.currency,
            "due_on": promise.due_on.isoformat(),
        }
        text = f"The promise of {told} by {promise.due_on} was broken, and money is past due."
        yield Failed("broken_promise", text, facts)


def _review(exposures: Collection[Exposure], book: Book, on: date) -> Iterator[Failed]:
    for one in exposures:
        if one.limit and one.limit.review_on and one.limit.review_on < on:
            due = one.limit.review_on
            code = book.codes.get(one.customer_id, "")
            text = f"The limit was to be reviewed by {due}."
            yield Failed("review", text, {"customer": code, "review_on": due.isoformat()})


def _insurer(standing: Standing, customer_id: int) -> Iterator[Failed]:
    if customer_id in standing.signals.insurer_stops:
        text = (
            "The insurer covers nothing that is shipped now: an invoice is beyond the policy's"
            " maximum extension."
        )
        yield Failed("insurer", text, {})


def _text(minor: int, currency: str) -> str:
    return text_from_minor(minor, EXPONENTS[currency])


def _told(minor: int, currency: str) -> str:
    return f"{currency} {_text(minor, currency)}"

"""One calendar of everything about credit that must not be missed, with the money it would cost."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from duly.credit.models import (
    ClockDone,
    Consent,
    CreditRequest,
    Guarantee,
    GuaranteeSignature,
    Security,
)
from duly.credit.queries.insurance import EXTEND, NOTIFY, Insured, cover_of, policies_on
from duly.credit.queries.reviews import reviews
from duly.credit.queries.securities import deadlines, securities
from duly.credit.queries.watching import bands_of, limits_of_entity, owed_in, reviews_due
from duly.credit.rules.clocks import SECURITIES, SOON_DAYS, Clock, Held, windows_of
from duly.credit.rules.insurance import ALERT_DAYS, declarations
from duly.credit.rules.limits_in_force import LimitInForce
from duly.credit.rules.reviewing import CAUSES
from duly.kernel.dates import add_months
from duly.parties.models import Entity
from duly.storage.among import among

AHEAD_DAYS = 90


def clocks(
    entity_id: int, on: date, *, ahead_days: int = AHEAD_DAYS, customer_id: int | None = None
) -> list[Clock]:
    """Clocks that are missed, open, or run out within some days; the earliest first.

    What was done is left out. A constant number of queries.
    """
    entity = Entity.objects.get(pk=entity_id)
    done = set(ClockDone.objects.filter(entity_id=entity_id).values_list("key", flat=True))
    limits = limits_of_entity(entity_id, on)
    insured = cover_of(entity, on)
    last = on + timedelta(days=ahead_days)
    found = [
        *_of_securities(entity, on),
        *_of_insurance(entity_id, insured, on),
        *_of_limits(limits),
        *_of_reviews(entity, limits, insured, on),
        *_of_deadlines(entity_id),
        *_of_requests(entity, on),
    ]
    return sorted(
        (
            one
            for one in found
            if one.key not in done
            and (one.due_on <= last or one.opens_on <= on)
            and customer_id in (None, one.customer_id)
        ),
        key=lambda one: (one.due_on, one.key),
    )


def _of_securities(entity: Entity, on: date) -> Iterator[Clock]:
    rows = [row for row in securities(entity_id=entity.pk) if row.released_on is None]
    done: dict[int, dict[str, list[date]]] = {}
    keys = ClockDone.objects.filter(entity_id=entity.pk, key__startswith="security:")
    for key, day in keys.values_list("key", "done_on"):
        _, number, name, _ = key.split(":")
        done.setdefault(int(number), {}).setdefault(name, []).append(day)
    by_currency: dict[str, dict[int, int]] = {}
    for currency in {row.currency for row in rows}:
        of = {row.customer_id: currency for row in rows if row.currency == currency}
        by_currency[currency] = owed_in(entity, of, on)
    for row in rows:
        owed = max(0, by_currency[row.currency].get(row.customer_id, 0))
        at_stake = owed if row.amount_minor is None else min(owed, row.amount_minor)
        for window in windows_of(_held(row, done.get(row.pk, {}))):
            yield Clock(
                f"security:{row.pk}:{window.name}:{window.due_on.isoformat()}",
                row.kind,
                window.text,
                row.customer_id,
                window.opens_on,
                window.due_on,
                row.currency,
                at_stake,
                window.is_unverified,
                row.document or SECURITIES[row.kind],
            )


def _held(row: Security, done: Mapping[str, Sequence[date]]) -> Held:
    return Held(
        row.kind,
        row.from_on,
        row.to_on,
        row.state,
        row.collateral,
        {name: date.fromisoformat(day) for name, day in row.dates.items()},
        done,
    )


def _of_insurance(entity_id: int, insured: Mapping[int, Insured], on: date) -> Iterator[Clock]:
    for customer_id, one in insured.items():
        terms = one.terms
        for debt, cover, is_extended in one.items:
            shared = (terms.currency, cover.indemnified_minor, False, debt.number)
            if cover.until is not None:
                opens = cover.until - timedelta(days=ALERT_DAYS)
                told = f"Report {debt.number} to {terms.insurer}"
                key = f"{NOTIFY}:{debt.id}"
                yield Clock(key, NOTIFY, told, customer_id, opens, cover.until, *shared)
            if cover.lost_on is not None:
                opens = cover.lost_on - timedelta(days=ALERT_DAYS)
                told = f"{debt.number} was not reported to {terms.insurer}: its cover is lost"
                lost = (terms.currency, cover.lost_minor, False, debt.number)
                key = f"{NOTIFY}:{debt.id}"
                yield Clock(key, NOTIFY, told, customer_id, opens, cover.lost_on, *lost)
            if cover.is_covered and not is_extended:
                mep = terms.mep_on(debt.due_on)
                opens = mep - timedelta(days=ALERT_DAYS)
                told = f"{debt.number} paid or extended by {terms.insurer}, or shipments stop"
                yield Clock(f"{EXTEND}:{debt.id}", EXTEND, told, customer_id, opens, mep, *shared)
        limit = one.limit
        if limit is not None and limit.to_on is not None:
            opens = limit.to_on - timedelta(days=SOON_DAYS)
            key = f"insured-limit:{customer_id}:{limit.to_on.isoformat()}"
            told = f"Insured limit of {terms.insurer} ends"
            yield Clock(
                key,
                "insured_limit",
                told,
                customer_id,
                opens,
                limit.to_on,
                terms.currency,
                limit.minor,
            )
    for number, terms in policies_on(entity_id, on).items():
        key = f"policy:{number}:{terms.to_on.isoformat()}"
        opens = terms.to_on - timedelta(days=2 * SOON_DAYS)
        in_force = [one.limit.minor for one in insured.values() if one.limit and one.terms == terms]
        yield Clock(
            key,
            "policy",
            f"Policy {number} of {terms.insurer} ends",
            0,
            opens,
            terms.to_on,
            terms.currency,
            sum(in_force),
        )
        for month, due_on in declarations(terms, on):
            told = f"Declare the turnover of {month:%B %Y} to {terms.insurer}"
            key = f"declare:{number}:{month:%Y-%m}"
            opens = add_months(month, 1)
            yield Clock(key, "declaration", told, 0, opens, due_on, about=number)


def _of_limits(limits: Mapping[int, LimitInForce]) -> Iterator[Clock]:
    for customer_id, limit in limits.items():
        if limit.to_on is not None:
            yield Clock(
                f"limit:{customer_id}:{limit.to_on.isoformat()}",
                "limit",
                "Limit ends",
                customer_id,
                limit.to_on - timedelta(days=SOON_DAYS),
                limit.to_on,
                limit.currency,
                limit.minor,
            )


def _of_reviews(
    entity: Entity,
    limits: Mapping[int, LimitInForce],
    insured: Mapping[int, Insured],
    on: date,
) -> Iterator[Clock]:
    rows = reviews(entity_id=entity.pk, only_open=True)
    opened = {row.customer_id for row in rows}
    covered = [pk for pk, one in insured.items() if one.limit is not None]
    ahead = reviews_due(entity, limits, on, bands_of(entity.pk, limits), covered)
    owed = owed_in(entity, dict.fromkeys(opened | ahead.keys(), entity.currency), on)
    for row in rows:
        yield Clock(
            f"review:{row.pk}",
            "review",
            f"Review: {CAUSES[row.cause].lower()}",
            row.customer_id,
            row.opened_on,
            row.due_on,
            entity.currency,
            max(0, owed.get(row.customer_id, 0)),
            about=str(row.pk),
        )
    for customer_id, due in ahead.items():
        if customer_id not in opened:
            yield Clock(
                f"review-of:{customer_id}:{due.due_on.isoformat()}",
                "review",
                f"Review by the calendar: {due.why}",
                customer_id,
                due.opens_on,
                due.due_on,
                entity.currency,
                max(0, owed.get(customer_id, 0)),
            )


def _of_requests(entity: Entity, on: date) -> Iterator[Clock]:
    """What customers said in their requests until when it holds: signed guarantees, consents."""
    requests = CreditRequest.objects.filter(
        entity_id=entity.pk, submitted_on__isnull=False, customer_id__isnull=False
    )
    of = {pk: (customer, number) for pk, customer, number in requests.values_list(*_WHOSE)}
    signed = GuaranteeSignature.objects.values("guarantee_id")
    guarantees = list(
        Guarantee.objects.filter(request_id__in=among(of), until_on__isnull=False, pk__in=signed)
    )
    owed: dict[tuple[str, int], int] = {}
    for currency in {row.currency for row in guarantees}:
        whose = {of[row.request_id][0]: currency for row in guarantees if row.currency == currency}
        owed |= {(currency, pk): minor for pk, minor in owed_in(entity, whose, on).items()}
    for row in guarantees:
        customer_id, number = of[row.request_id]
        at_stake = max(0, owed.get((row.currency, customer_id), 0))
        if row.cap_minor is not None:
            at_stake = min(at_stake, row.cap_minor)
        told = (f"guarantee-until:{row.pk}", "guarantee", f"A guarantee of {number} ends")
        ends = row.until_on
        assert ends is not None  # noqa: S101 - filtered
        opens = ends - timedelta(days=SOON_DAYS)
        yield Clock(*told, customer_id, opens, ends, row.currency, at_stake, about=number)
    consents = Consent.objects.filter(
        request_id__in=among(of), is_given=True, until_on__isnull=False
    )
    for request_id, ends in consents.values_list("request_id", "until_on").distinct():
        customer_id, number = of[request_id]
        told = (f"consents-until:{request_id}", "consent", f"The consents of {number} end")
        assert ends is not None  # noqa: S101 - filtered
        yield Clock(*told, customer_id, ends - timedelta(days=SOON_DAYS), ends, about=number)


_WHOSE = ("pk", "customer_id", "number")


def _of_deadlines(entity_id: int) -> Iterator[Clock]:
    for row in deadlines(entity_id):
        yield Clock(
            f"deadline:{row.pk}",
            "deadline",
            row.text,
            row.customer_id,
            row.opens_on,
            row.due_on,
            row.currency,
            row.amount_minor,
            about=row.document,
        )

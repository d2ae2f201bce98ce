"""Measures of collecting over a window of days."""

from datetime import date

from django.db.models import Q, Sum

from duly.cash_application.queries.rates import rates_between
from duly.collections.models import ANSWERED, RIGHT_PARTY, Call, Promise
from duly.collections.rules import measures as rules
from duly.collections.rules.measures import (
    Measure,
    days_outstanding,
    mean_days,
    median_days,
    rate,
)
from duly.disputes.queries.economics import cases_of, recovered_in


def measures(*, entity_id: int, first: date, last: date) -> list[Measure]:
    """Promises kept by count and by value, people reached, disputes cleared.

    See: docs/sources.md, M-15 to M-19.
    """
    due = Promise.objects.filter(entity_id=entity_id, due_on__range=(first, last)).exclude(
        state__in=["cancelled", "open"]
    )
    kept = due.filter(state="kept").count()
    found = [rate("promise_kept_rate", kept, due.count(), rules.PROMISES_KEPT)]
    sums = due.order_by("currency").values_list("currency")
    for currency, received, promised in sums.annotate(Sum("received_minor"), Sum("amount_minor")):
        name = f"promise_kept_value_{currency.lower()}"
        found.append(rate(name, int(received), int(promised), rules.VALUE_KEPT))
    calls = Call.objects.filter(
        entity_id=entity_id, called_on__range=(first, last), taken_back_at=None
    )
    made = calls.count()
    answered = calls.filter(Q(outcome__in=ANSWERED)).count()
    right = calls.filter(Q(outcome__in=RIGHT_PARTY)).count()
    found.append(rate("contact_rate", answered, made, rules.CONTACTS))
    found.append(rate("right_party_rate", right, made, rules.RIGHT_PARTY))
    found += dispute_measures(entity_id, first, last)
    return found + cash_measures(entity_id, first, last)


def cash_measures(entity_id: int, first: date, last: date) -> list[Measure]:
    """How much of the money received was applied without a person, and taken back later (M-19)."""
    told = rates_between(entity_id=entity_id, first=first, last=last)
    return [
        rate("cash_untouched_payments", *told.payments, rules.CASH_PAYMENTS),
        rate("cash_untouched_lines", *told.lines, rules.CASH_LINES),
        *(
            rate(f"cash_untouched_value_{currency.lower()}", *share, rules.CASH_VALUE)
            for currency, share in sorted(told.value.items())
        ),
        rate("cash_reversed", *told.reversed, rules.CASH_REVERSED),
    ]


def dispute_measures(entity_id: int, first: date, last: date) -> list[Measure]:
    """How fast disputes are cleared, how many days of deductions are open, what came back."""
    cases = cases_of(entity_id)
    cycle = [
        (case.closed_on - case.opened_on).days
        for case in cases
        if case.closed_on and first <= case.closed_on <= last
    ]
    age = [(last - case.opened_on).days for case in cases if case.is_open(last)]
    found = [
        mean_days("dispute_cycle_mean", cycle, rules.CYCLE),
        median_days("dispute_cycle_median", cycle, rules.CYCLE),
        mean_days("open_dispute_age", age, rules.OPEN_AGE),
    ]
    deductions = [case for case in cases if case.is_short_pay]
    days = (last - first).days + 1
    denied = recovered_in(deductions, first, last)
    for currency in sorted({case.currency for case in deductions}):
        of_it = [case for case in deductions if case.currency == currency]
        open_minor = sum(case.amount_minor for case in of_it if case.is_open(last))
        taken = sum(case.amount_minor for case in of_it if first <= case.opened_on <= last)
        name = f"deduction_days_outstanding_{currency.lower()}"
        found.append(days_outstanding(name, open_minor, taken, days, rules.DEDUCTION_DAYS))
        name = f"invalid_deductions_recovered_{currency.lower()}"
        found.append(rate(name, *denied.get(currency, (0, 0)), rules.INVALID_RECOVERED))
    return found

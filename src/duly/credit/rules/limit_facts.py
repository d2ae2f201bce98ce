"""A limit's facts as a document tells them (`duly credit limit`), read into what rules work on."""

from collections.abc import Mapping
from decimal import Decimal, DecimalException
from typing import Any, NamedTuple

from duly.credit.errors import LimitFactsUnfit
from duly.credit.rules.limits import COMBINATIONS, Known, LimitPolicy, Need
from duly.credit.rules.losses import LossAssumptions
from duly.credit.rules.statement_files import statements_given
from duly.credit.rules.statements import refuse_untrue
from duly.kernel.currencies import exponent
from duly.kernel.quoting import quoted

MOST = Decimal(10) ** 15  # whole currency
MOST_DAYS = Decimal(3650)
HUNDRED = Decimal(100)
TOLD = frozenset(
    {
        "currency",
        "unit",
        "kind",
        "statements",
        "need",
        "share_of_payables",
        "references",
        "agency_recommendation",
        "insured_limit",
        "yearly_business",
        "on_time_cycles",
        "policy",
        "expected_loss",
    }
)


class LimitFacts(NamedTuple):
    """What a document tells; `unread` are names in it that mean nothing here."""

    currency: str
    known: Known
    policy: LimitPolicy
    assumed: LossAssumptions | None
    unread: tuple[str, ...]


def read_limit_facts(document: object) -> LimitFacts:
    """The facts of a limit. Numbers are Decimals, whole numbers or plain decimal texts.

    Refuses: LimitFactsUnfit naming the place; UnknownCurrency; what `statements_given` and
    `refuse_untrue` refuse of statements.
    """
    told = _mapping(document, "the document")
    currency = str(told.get("currency") or "")
    exponent(currency)  # refuses what is no currency
    known = Known(
        figures=_figures(told),
        need=_need(told.get("need")),
        share_of_payables=_number(told, "share_of_payables", most=Decimal(1)),
        reference_limits=_of_references(told, "limit"),
        high_credits=_of_references(told, "high_credit"),
        agency_recommendation=_number(told, "agency_recommendation"),
        insured_limit=_number(told, "insured_limit"),
        yearly_business=_number(told, "yearly_business"),
        on_time_cycles=_whole_number(told, "on_time_cycles"),
    )
    return LimitFacts(
        currency,
        known,
        _policy(_mapping(told.get("policy") or {}, "policy")),
        _assumed(told.get("expected_loss")),
        tuple(sorted(set(told) - TOLD)),
    )


def _figures(document: Mapping[str, Any]) -> Mapping[str, Decimal]:
    """The figures of the newest statement in whole currency, its flows made a year."""
    if not _list(document.get("statements"), "statements"):
        return {}
    sheets = statements_given(document).sheets
    refuse_untrue(sheets)
    return sheets[0].yearly


def _need(told: object) -> Need | None:
    if told is None:
        return None
    need = _mapping(told, "need")
    purchases, days = _number(need, "yearly_purchases"), _number(need, "terms_days", most=MOST_DAYS)
    if purchases is None or days is None:
        return None
    return Need(purchases, days, _number(need, "slippage_days", most=MOST_DAYS) or Decimal(0))


def _of_references(told: Mapping[str, Any], name: str) -> tuple[Decimal, ...]:
    rows = _list(told.get("references"), "references")
    found = [_number(_mapping(row, f"references[{place}]"), name) for place, row in enumerate(rows)]
    return tuple(amount for amount in found if amount is not None)


def _policy(told: Mapping[str, Any]) -> LimitPolicy:
    """The policy told; what it does not say is as shipped."""
    shipped = LimitPolicy()
    combine = told.get("combine", shipped.combine)
    if combine not in COMBINATIONS:
        raise LimitFactsUnfit(
            f"{quoted(str(combine))} is no way to combine methods.",
            facts={"combine": str(combine), "ways": COMBINATIONS},
            remedy=f"Say one of {', '.join(COMBINATIONS)}.",
        )
    percents: dict[str, Any] = {
        name: value
        for name in LimitPolicy._fields
        if name.endswith("percent") and (value := _number(told, name, most=HUNDRED)) is not None
    }
    cycles = _whole_number(told, "starter_cycles")
    return shipped._replace(
        combine=combine,
        step=_number(told, "step", least=Decimal("0.0001")) or shipped.step,
        starter_amount=_number(told, "starter_amount"),
        starter_cycles=cycles or shipped.starter_cycles,
        **percents,
    )


def _assumed(told: object) -> LossAssumptions | None:
    """What is assumed of losses: a default rate and the share that is lost, as fractions."""
    if told is None:
        return None
    said, one = _mapping(told, "expected_loss"), Decimal(1)
    rate = _number(said, "default_rate", most=one)
    share = _number(said, "loss_share", most=one)
    if rate is None:
        return None
    return LossAssumptions(
        rate,
        one if share is None else share,
        _number(said, "margin", most=one),
        said.get("is_calibrated") is True,
    )


def _number(
    told: Mapping[str, Any], name: str, *, least: Decimal = Decimal(0), most: Decimal = MOST
) -> Decimal | None:
    """A number within bounds, None where it is not told."""
    given = told.get(name)
    if given is None:
        return None
    try:
        if isinstance(given, bool) or not isinstance(given, int | str | Decimal):
            raise TypeError
        number = Decimal(given)
    except (TypeError, ValueError, DecimalException):
        raise _unfit(name, given, "is no number") from None
    if not number.is_finite() or not least <= number <= most:
        raise _unfit(name, given, f"is not from {least} to {most}")
    return number


def _whole_number(told: Mapping[str, Any], name: str) -> int | None:
    number = _number(told, name, most=Decimal(1000))
    if number is not None and number != int(number):
        raise _unfit(name, number, "is no whole number")
    return None if number is None else int(number)


def _mapping(told: object, place: str) -> Mapping[str, Any]:
    if not isinstance(told, Mapping):
        raise _unfit(place, told, "is no object with names")
    return told


def _list(told: object, place: str) -> list[Any]:
    if told is None:
        return []
    if not isinstance(told, list):
        raise _unfit(place, told, "is no list")
    return told


def _unfit(place: str, given: object, what: str) -> LimitFactsUnfit:
    return LimitFactsUnfit(
        f"{place}: {quoted(str(given)[:80])} {what}.",
        facts={"where": place, "given": str(given)[:80]},
        remedy="Mend it in the file; leave out what is not known.",
    )

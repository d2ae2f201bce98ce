"""Limits by method as bars, and what a limit is made of, for the page of one request."""

from decimal import Decimal
from typing import Any, NamedTuple

from duly.credit.models import CreditRequest
from duly.credit.policy import DecisionPolicy
from duly.credit.queries.evidence import Evidence, minor_of
from duly.credit.rules.limits import AVERAGED, CAPACITY_NEED
from duly.credit.rules.limits_in_force import LimitInForce
from duly.credit.rules.losses import LossAssumptions, expected_loss

LABELS = {
    "tangible_net_worth": "Net worth",
    "working_capital": "Working capital",
    "sales": "Monthly sales",
    "need": "Need",
    "payables_share": "Share of suppliers",
    "references": "Trade references",
    "agency": "Agency",
    "insured": "Insurer",
    "seller_exposure": "Share of our business",
    "starter": "Starter limit",
}


class Bar(NamedTuple):
    """A method: its words, how wide its bar is, where what they asked stands on it."""

    id: str
    label: str
    hint: str
    minor: int | None
    width: str
    asked: str
    binds: bool
    counts: bool  # the combination is made of it


def bars(evidence: Evidence, row: CreditRequest) -> list[Bar]:
    """Every method, the least in front, those that are not known behind."""
    told = evidence.recommended
    minors = {
        one.id: minor_of(one.amount, row.currency) if one.amount is not None else None
        for one in told.methods
    }
    most = max([minor for minor in minors.values() if minor] + [row.amount_minor, 1])
    counting = {"average": AVERAGED, "capacity_need": CAPACITY_NEED}.get(evidence.combine)
    found = [
        Bar(
            one.id,
            LABELS.get(one.id, one.id),
            _hint(one.id, one.inputs)
            if one.amount is not None
            else f"not known: {_spoken(one.missing)}",
            minors[one.id],
            _percent(minors[one.id] or 0, most),
            _percent(row.amount_minor, most),
            one.id == told.binding,
            one.amount is not None and (counting is None or one.id in counting),
        )
        for one in told.methods
    ]
    return sorted(found, key=lambda bar: (bar.minor is None, bar.minor or 0))


def _hint(name: str, inputs: dict[str, Decimal]) -> str:
    """What a method was made from, in words."""
    told = {key: plain(value) for key, value in inputs.items()}
    if name == "need":
        days = plain(inputs["terms_days"] + inputs["slippage_days"])
        return f"{told['yearly_purchases']} a year, {days} days"
    if name == "references":
        return f"median of {told['references']}, the highest {told['ceiling']}"
    if name == "payables_share":
        return f"{plain(inputs['share'] * 100)}% of {told['payables']}"
    if name == "starter":
        return f"doubles after {told['doubles_after']} on time; {told['on_time_cycles']} so far"
    if "percent" in inputs:
        whole = next(key for key in inputs if key != "percent")
        return f"{told['percent']}% of {_spoken([whole])}, {told[whole]}"
    return "as told"


def _spoken(names: Any) -> str:
    return ", ".join(name.replace("_", " ") for name in names)


def plain(value: Decimal) -> str:
    """A number for people: grouped, two decimals at most, no zeros that say nothing."""
    rounded = value.quantize(Decimal("0.01")).normalize()
    return f"{rounded:,f}"


def _percent(part: int, whole: int) -> str:
    hundredths = part * 10_000 // whole
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def loss_of(
    evidence: Evidence, row: CreditRequest, policy: DecisionPolicy
) -> dict[str, Any] | None:
    """What the recommended limit is expected to lose, where a band tells a rate."""
    rate, amount = policy.default_rates.get(evidence.band), evidence.recommended.amount
    if rate is None or not amount:
        return None
    assumed = LossAssumptions(rate, policy.loss_share, policy.margin)
    insured = evidence.known.insured_limit or Decimal(0)
    told = expected_loss(amount, insured, assumed)
    return {
        "minor": minor_of(told.amount, row.currency),
        "own_risk": minor_of(told.own_risk, row.currency),
        "rate": told.default_rate * 100,
        "share": told.loss_share * 100,
        "margin": (told.margin or Decimal(0)) * 100,
        "repaid_by": minor_of(told.sales_to_repay or Decimal(0), row.currency),
        "is_assumption": told.is_assumption,
    }


def parts_of(limit: LimitInForce | None) -> list[tuple[str, int]]:
    """The insured, the secured and the own part of a limit, where it is parted."""
    if limit is None or not (limit.insured_minor or limit.secured_minor):
        return []
    return [
        ("insured", limit.insured_minor),
        ("secured", limit.secured_minor),
        ("own risk", limit.own_risk_minor),
    ]

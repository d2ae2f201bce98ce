"""How much credit a firm can bear: every method of its own, one recommendation, what binds.

Each method tells its inputs; one whose inputs are not known tells what is missing and has no
amount. Amounts are whole currency with all decimals until they are rounded for a currency. What
the percentages are, how methods combine and to which step the result is rounded down is policy
(`LimitPolicy`), because no rate here is a law: the shipped ones are rules of thumb of the trade.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from statistics import mean, median
from typing import NamedTuple

DAYS_OF_YEAR = 365
COMBINATIONS = ("minimum", "average", "capacity_need")
AVERAGED = ("tangible_net_worth", "references", "need")
CAPACITY_NEED = ("need", "working_capital", "insured")
STARTER = "starter"  # for those of whom nothing else is known
CEILINGS = ("seller_exposure",)  # above which no combination goes


class LimitPolicy(NamedTuple):
    """How methods are made and combined; percentages of 100."""

    combine: str = "capacity_need"
    step: Decimal = Decimal(500)
    band_percent: Decimal = Decimal(100)
    tangible_net_worth_percent: Decimal = Decimal(10)
    working_capital_percent: Decimal = Decimal(10)
    sales_percent: Decimal = Decimal(10)
    seller_percent: Decimal = Decimal(10)
    starter_amount: Decimal | None = None
    starter_cycles: int = 3  # on time, after which a starter limit doubles
    is_starter: bool = False  # the starter limit, or what the methods come to if that is less


class Need(NamedTuple):
    """What the applicant buys of us in a year, and how long it stays unpaid."""

    yearly_purchases: Decimal
    terms_days: Decimal
    slippage_days: Decimal = Decimal(0)


class Known(NamedTuple):
    """What is known of an applicant, None where it is not.

    `figures` are of the newest statement in whole currency, its flows made a year. The limits and
    the highest credits that referees told are each a list; `yearly_business` is our own.
    """

    figures: Mapping[str, Decimal] = {}
    need: Need | None = None
    share_of_payables: Decimal | None = None
    reference_limits: Sequence[Decimal] = ()
    high_credits: Sequence[Decimal] = ()
    agency_recommendation: Decimal | None = None
    insured_limit: Decimal | None = None
    yearly_business: Decimal | None = None
    on_time_cycles: int | None = None


class Method(NamedTuple):
    """One method: what it was made from, what it comes to, and what was missing."""

    id: str
    amount: Decimal | None
    inputs: dict[str, Decimal]
    missing: tuple[str, ...] = ()


class Recommendation(NamedTuple):
    """Every method, the one that binds (none where several were averaged), and the limit."""

    methods: tuple[Method, ...]
    binding: str | None
    amount: Decimal | None  # None where no method of the combination is known
    before_rounding: Decimal | None
    unknown: tuple[str, ...] = ()  # methods that the combination asks for and nobody knows


def recommend(known: Known, policy: LimitPolicy) -> Recommendation:
    """The limit that the methods lead to under a policy. Case C-09."""
    told = methods(known, policy)
    amounts = {one.id: one.amount for one in told if one.amount is not None}
    wanted = _combined(policy.combine, told)
    have = {name: amounts[name] for name in wanted if name in amounts}
    unknown = tuple(name for name in wanted if name not in amounts and name != "insured")
    if policy.is_starter and STARTER in amounts:
        return _as_starter(told, amounts[STARTER], have, policy, unknown)
    if not have:
        return Recommendation(told, None, None, None, unknown)
    binding: str | None = min(have, key=lambda name: have[name])
    amount = min(have.values())
    if policy.combine == "average" and len(have) > 1:
        binding, amount = None, Decimal(mean(have.values()))
    amount = _share(max(amount, Decimal(0)), policy.band_percent)
    for ceiling in CEILINGS:
        if ceiling in amounts and amounts[ceiling] < amount:
            binding, amount = ceiling, amounts[ceiling]
    return Recommendation(told, binding, stepped_down(amount, policy.step), amount, unknown)


def _as_starter(
    told: tuple[Method, ...],
    starter: Decimal,
    have: Mapping[str, Decimal],
    policy: LimitPolicy,
    unknown: tuple[str, ...],
) -> Recommendation:
    """The starter limit, unless a method of the combination or a ceiling says less."""
    ceilings = {one.id: one.amount for one in told if one.id in CEILINGS and one.amount is not None}
    every = {STARTER: starter, **have, **ceilings}
    binding = min(every, key=lambda name: every[name])
    amount = max(every[binding], Decimal(0))
    return Recommendation(told, binding, stepped_down(amount, policy.step), amount, unknown)


def _combined(combine: str, told: Sequence[Method]) -> tuple[str, ...]:
    """The methods that a combination is made of."""
    if combine == "average":
        return AVERAGED
    if combine == "capacity_need":
        return CAPACITY_NEED
    return tuple(
        one.id for one in told if one.amount is not None and one.id not in (*CEILINGS, STARTER)
    )


def stepped_down(amount: Decimal, step: Decimal) -> Decimal:
    """The greatest multiple of a step that is not above an amount.

    >>> stepped_down(Decimal("52602.74"), Decimal(1000)), stepped_down(Decimal(499), Decimal(500))
    (Decimal('52000'), Decimal('0'))
    """
    return amount // step * step


def methods(known: Known, policy: LimitPolicy) -> tuple[Method, ...]:
    """Every method with its inputs and result; ceilings and the starter limit where policy or
    facts give them."""
    found = [
        _net_worth(known.figures, policy),
        _working_capital(known.figures, policy),
        _sales(known.figures, policy),
        _need(known.need),
        _share_of_payables(known),
        _references(known),
        _told("agency", "recommendation", known.agency_recommendation),
        _told("insured", "approved", known.insured_limit),
    ]
    if known.yearly_business is not None:
        found.append(
            _percent_of(
                "seller_exposure", policy.seller_percent, "yearly_business", known.yearly_business
            )
        )
    if policy.starter_amount is not None:
        found.append(_starter(policy.starter_amount, policy.starter_cycles, known.on_time_cycles))
    return tuple(found)


def _net_worth(figures: Mapping[str, Decimal], policy: LimitPolicy) -> Method:
    """A share of what would be left without intangibles, of a firm that earns money."""
    name, rate = "tangible_net_worth", policy.tangible_net_worth_percent
    missing = _missing(figures, "equity", "intangibles")
    if missing:
        return Method(name, None, {"percent": rate}, missing)
    worth = figures["equity"] - figures["intangibles"]
    if figures.get("net_income", Decimal(1)) <= 0:
        inputs = {"percent": rate, name: worth, "net_income": figures["net_income"]}
        return Method(name, Decimal(0), inputs)
    return _percent_of(name, rate, name, worth)


def _working_capital(figures: Mapping[str, Decimal], policy: LimitPolicy) -> Method:
    name, rate = "working_capital", policy.working_capital_percent
    missing = _missing(figures, "current_assets", "current_liabilities")
    if missing:
        return Method(name, None, {"percent": rate}, missing)
    return _percent_of(name, rate, name, figures["current_assets"] - figures["current_liabilities"])


def _sales(figures: Mapping[str, Decimal], policy: LimitPolicy) -> Method:
    """A share of the sales of an average month."""
    missing = _missing(figures, "sales")
    if missing:
        return Method("sales", None, {"percent": policy.sales_percent}, missing)
    return _percent_of("sales", policy.sales_percent, "monthly_sales", figures["sales"] / 12)


def _need(need: Need | None) -> Method:
    """What stands open when they buy as they say and pay as late as expected."""
    if need is None:
        return Method("need", None, {}, ("yearly_purchases", "terms_days"))
    days = need.terms_days + need.slippage_days
    return Method("need", need.yearly_purchases * days / DAYS_OF_YEAR, need._asdict())


def _share_of_payables(known: Known) -> Method:
    """Our part of what all their suppliers lend them."""
    name, share = "payables_share", known.share_of_payables
    missing = _missing(known.figures, "payables")
    if share is None:
        return Method(name, None, {}, (*missing, "share_of_payables"))
    if missing:
        return Method(name, None, {"share": share}, missing)
    payables = known.figures["payables"]
    return Method(name, share * payables, {"share": share, "payables": payables})


def _references(known: Known) -> Method:
    """The median of the limits that referees give, else of the highest credits they had."""
    told = known.reference_limits or known.high_credits
    if not told:
        return Method("references", None, {}, ("references",))
    inputs = {"references": Decimal(len(told)), "ceiling": max(told)}
    return Method("references", Decimal(median(told)), inputs)


def _told(name: str, what: str, amount: Decimal | None) -> Method:
    """What somebody else says, as they say it."""
    if amount is None:
        return Method(name, None, {}, (what,))
    return Method(name, amount, {what: amount})


def _starter(amount: Decimal, cycles: int, on_time: int | None) -> Method:
    """A small limit that doubles each time so many cycles were paid on time."""
    paid = on_time or 0
    inputs = {"amount": amount, "on_time_cycles": Decimal(paid), "doubles_after": Decimal(cycles)}
    return Method("starter", amount * 2 ** (paid // cycles), inputs)


def _percent_of(name: str, percent: Decimal, what: str, amount: Decimal) -> Method:
    """A share of something; nothing where there is less than nothing."""
    inputs = {"percent": percent, what: amount}
    return Method(name, _share(max(amount, Decimal(0)), percent), inputs)


def _share(whole: Decimal, percent: Decimal) -> Decimal:
    return whole * percent / 100


def _missing(figures: Mapping[str, Decimal], *names: str) -> tuple[str, ...]:
    return tuple(name for name in names if name not in figures)

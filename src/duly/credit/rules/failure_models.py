"""Models of failure: what each makes of two years' figures, its zones, and what would move it.

Source: docs/sources.md, cases C-02 to C-06, which says which of conflicting sources is followed.
None is calibrated for small private firms: only Ohlson's, a logit of its own, tells a
probability, and that is shown as what it is.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple

from duly.credit.rules.measuring import Facts, Input, NoValue, measured, over
from duly.kernel.errors import Problem

SAFE, GREY, DISTRESS = "safe", "grey", "distress"
Take = Callable[[Facts], Decimal]


class Cuts(NamedTuple):
    """Where zones end: worse than `low` is distress, better than `high` safe, between is grey.

    With one cut, what stands on it is safe. `is_less_better` for models that count danger.
    """

    low: Decimal
    high: Decimal
    is_less_better: bool = False


class Part(NamedTuple):
    """A weighted quotient of a model. `name` is its upper figure, which alone can be moved."""

    weight: Decimal
    name: str
    top: Take
    under: str
    bottom: Take


class Model(NamedTuple):
    """A model: its parts and what it adds to them."""

    id: str
    label: str
    made_for: str
    cuts: Cuts
    parts: tuple[Part, ...]
    constant: Decimal = Decimal()
    more: tuple[tuple[str, Take], ...] = ()  # terms that are no quotient, weight included
    note: str = ""


class Point(NamedTuple):
    """What one term brings."""

    name: str
    points: Decimal


class Move(NamedTuple):
    """What would bring a value to a zone: each figure moved alone by so much, in currency."""

    zone: str
    gap: Decimal
    ways: tuple[Input, ...]


class Outcome(NamedTuple):
    """What a model says of a firm, or why it says nothing."""

    model: Model
    value: Decimal | None
    zone: str | None
    probability: Decimal | None
    points: tuple[Point, ...]
    moves: tuple[Move, ...]
    inputs: tuple[Input, ...]
    problem: Problem | None


def _line(name: str) -> Take:
    return lambda f: f[name]


def _part(weight: str, top: str, bottom: str, take: Take | None = None) -> Part:
    name = top.replace("_", " ")
    return Part(Decimal(weight), name, take or _line(top), bottom.replace("_", " "), _line(bottom))


def _working_capital(weight: str, under: str = "total_assets") -> Part:
    return _part(weight, "working_capital", under, lambda f: f.working_capital)


def _altman(name: str, label: str, made_for: str, cuts: tuple[str, str], *parts: Part) -> Model:
    return Model(name, label, made_for, Cuts(Decimal(cuts[0]), Decimal(cuts[1])), parts)


_Z2 = (
    _working_capital("6.56"),
    _part("3.26", "retained_earnings", "total_assets"),
    _part("6.72", "ebit", "total_assets"),
    _part("1.05", "equity", "total_liabilities"),
)


def _natural(f: Facts) -> Decimal:
    return _logarithm(
        over(f["total_assets"], f["price_index"], "The price index"), "Total assets"
    ).ln()


def _logarithm(value: Decimal, name: str) -> Decimal:
    if value <= 0:
        raise NoValue("NO_LOGARITHM", f"{name}: zero or less has no logarithm.")
    return value


def _is(condition: bool) -> Decimal:
    return Decimal(int(condition))


def _turned(f: Facts) -> Decimal:
    """How income turned, between -1 and 1."""
    now, then = f["net_income"], f.before("net_income")
    return over(now - then, abs(now) + abs(then), "Net income of both years")


def _tangible_assets(f: Facts) -> Decimal:
    return _logarithm(f["total_assets"] - f["intangibles"], "Tangible assets").log10()


def _cover(f: Facts) -> Decimal:
    return _logarithm(over(f["ebit"], f["interest"], "Interest"), "Interest cover").log10()


MODELS = (
    _altman(
        "altman_z",
        "Altman Z",
        "listed manufacturers: it takes the market's value of equity",
        ("1.81", "2.99"),
        _working_capital("1.2"),
        _part("1.4", "retained_earnings", "total_assets"),
        _part("3.3", "ebit", "total_assets"),
        _part("0.6", "market_value_of_equity", "total_liabilities"),
        _part("1.0", "sales", "total_assets"),
    ),
    _altman(
        "altman_z1",
        "Altman Z\u2032",
        "private manufacturers: it takes equity as booked",
        ("1.23", "2.9"),
        _working_capital("0.717"),
        _part("0.847", "retained_earnings", "total_assets"),
        _part("3.107", "ebit", "total_assets"),
        _part("0.420", "equity", "total_liabilities"),
        _part("0.998", "sales", "total_assets"),
    ),
    _altman(
        "altman_z2",
        "Altman Z\u2033",
        "private firms that make nothing: sales, which differ much by trade, are left out",
        ("1.1", "2.6"),
        *_Z2,
    ),
    Model(
        "altman_z2_em",
        "Altman Z\u2033 for emerging markets",
        "firms of emerging markets",
        Cuts(Decimal("4.35"), Decimal("5.85")),
        _Z2,
        Decimal("3.25"),
        note="Some tables print 4.15 for the lower cut.",
    ),
    Model(
        "springate",
        "Springate",
        "Canadian makers, 1978",
        Cuts(Decimal("0.862"), Decimal("0.862")),
        (
            _working_capital("1.03"),
            _part("3.07", "ebit", "total_assets"),
            _part("0.66", "profit_before_tax", "current_liabilities"),
            _part("0.4", "sales", "total_assets"),
        ),
    ),
    Model(
        "ohlson",
        "Ohlson O",
        "listed industrial firms of the 1970s",
        Cuts(Decimal(0), Decimal(0), is_less_better=True),
        (
            _part("6.03", "total_liabilities", "total_assets"),
            _working_capital("-1.43"),
            _part("0.0757", "current_liabilities", "current_assets"),
            _part("-2.37", "net_income", "total_assets"),
            _part("-1.83", "operating_cash_flow", "total_liabilities"),
        ),
        Decimal("-1.32"),
        (
            ("size of assets by the price index", lambda f: Decimal("-0.407") * _natural(f)),
            (
                "more owed than owned",
                lambda f: Decimal("-1.72") * _is(f["total_liabilities"] > f["total_assets"]),
            ),
            (
                "a loss in both years",
                lambda f: Decimal("0.285") * _is(max(f["net_income"], f.before("net_income")) < 0),
            ),
            ("turn of net income", lambda f: Decimal("-0.521") * _turned(f)),
        ),
        note="The probability is the model's own logit of 1980, not calibrated for your customers. "
        "A half is the popular cut; Ohlson's own, of least errors, was about 0.038.",
    ),
    Model(
        "fulmer",
        "Fulmer H",
        "small American firms, 1984",
        Cuts(Decimal(0), Decimal(0)),
        (
            _part("5.528", "retained_earnings", "total_assets"),
            _part("0.212", "sales", "total_assets"),
            Part(
                Decimal("0.073"),
                "profit before tax",
                _line("profit_before_tax"),
                "equity",
                lambda f: f.positive_equity,
            ),
            _part("1.270", "operating_cash_flow", "total_liabilities"),
            _part("-0.120", "total_liabilities", "total_assets"),
            _part("2.335", "current_liabilities", "total_assets"),
            _working_capital("1.083", "total_liabilities"),
        ),
        Decimal("-6.075"),
        (
            ("size of tangible assets", lambda f: Decimal("0.575") * _tangible_assets(f)),
            ("interest cover", lambda f: Decimal("0.894") * _cover(f)),
        ),
        note="Experimental: sources differ, and its value turns with the unit of assets.",
    ),
)


def outcome(
    model: Model, figures: Mapping[str, Decimal], earlier: Mapping[str, Decimal] | None
) -> Outcome:
    """What a weighted model makes of a year's figures and of those of the year before."""
    points: list[Point] = []
    bottoms: list[Decimal] = []

    def value_of(f: Facts) -> Decimal:
        for part in model.parts:
            bottom = part.bottom(f)
            quotient = over(part.top(f), bottom, part.under.capitalize())
            bottoms.append(bottom)
            points.append(Point(f"{part.name} / {part.under}", part.weight * quotient))
        points.extend(Point(name, term(f)) for name, term in model.more)
        return sum((point.points for point in points), model.constant)

    value, inputs, problem = measured(f"model {model.id}", value_of, Facts(figures, earlier))
    if value is None:
        return Outcome(model, None, None, None, (), (), inputs, problem)
    probability = _logit(value) if model.id == "ohlson" else None
    return Outcome(
        model,
        value,
        zone_of(value, model.cuts),
        probability,
        tuple(points),
        tuple(_moves(value, model, bottoms)),
        inputs,
        None,
    )


def zone_of(value: Decimal, cuts: Cuts) -> str:
    """The zone of a value.

    >>> [zone_of(Decimal(v), Cuts(Decimal("1.81"), Decimal("2.99"))) for v in ("1.8", "2.99", "3")]
    ['distress', 'grey', 'safe']
    """
    if cuts.is_less_better:
        return DISTRESS if value >= cuts.high else SAFE
    if value < cuts.low:
        return DISTRESS
    return SAFE if cuts.low == cuts.high or value > cuts.high else GREY


def _logit(value: Decimal) -> Decimal:
    """e^O / (1 + e^O); beyond 60 it is 0 or 1 in every digit that is shown."""
    bounded = max(min(value, Decimal(60)), Decimal(-60))
    return 1 / (1 + (-bounded).exp())


def _moves(value: Decimal, model: Model, bottoms: list[Decimal]) -> list[Move]:
    cuts, now = model.cuts, zone_of(value, model.cuts)
    if cuts.low == cuts.high:
        targets = [(DISTRESS if now == SAFE else SAFE, cuts.low)]
    elif now == GREY:
        targets = [(SAFE, cuts.high), (DISTRESS, cuts.low)]
    else:
        targets = [(GREY, cuts.high if now == SAFE else cuts.low)]
    return [
        Move(
            zone,
            cut - value,
            tuple(
                Input(part.name, (cut - value) * bottom / part.weight)
                for part, bottom in zip(model.parts, bottoms, strict=True)
                if bottom > 0 and part.name != part.under and part.name not in _NOT_ALONE
            ),
        )
        for zone, cut in targets
    ]


# Liabilities stand under other parts of the same model: they can't be moved in one part alone.
_NOT_ALONE = ("total liabilities", "current liabilities")

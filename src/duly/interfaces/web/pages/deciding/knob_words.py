"""What knobs of credit are called on their page, with their units, in groups."""

from typing import NamedTuple

from duly.credit.models.decisions import BANDS
from duly.credit.policy import DECISIONS
from duly.credit.rules.committees import RULES
from duly.credit.rules.limits import COMBINATIONS

Choices = tuple[tuple[str, str], ...]


class Words(NamedTuple):
    """A knob: what it is called, its unit, what it does."""

    label: str
    unit: str
    hint: str
    choices: Choices = ()


class Group(NamedTuple):
    """Knobs that belong together."""

    id: str
    title: str
    told: str
    knobs: dict[str, Words]


def _by_band(name: str, unit: str, hint: str, choices: Choices = ()) -> dict[str, Words]:
    return {
        f"{name}.{band}": Words(f"Band {band}", unit, hint, choices)
        for band in DECISIONS.band_percents
    }


_YES_NO = (("no", "no"), ("yes", "yes"))
_COMBINE = tuple((one, one.replace("_", " ")) for one in COMBINATIONS)
GROUPS = (
    Group(
        "who",
        "Who decides",
        "Up to how much each role approves alone, where nothing is set by `duly authority`."
        " Administrators turn these and the committee.",
        {
            **{
                f"authority.{role}": Words(role.capitalize(), "money", "Approves alone up to this")
                for role in DECISIONS.authority
            },
            "committee_size": Words("Committee", "persons", "Above that, so many vote"),
            "committee_rule": Words(
                "Votes that differ",
                "",
                "What carries",
                tuple((name, told) for name, told in RULES.items()),
            ),
            "split_days": Words("Splits", "days", "Approvals within them count together"),
            "statements_above": Words("Statements above", "money", "Nothing without them beyond"),
            "answer_days": Words("Answer within", "days", "After a request was submitted"),
            "auto_up_to": Words(
                "Without a person", "money", "Reserved: nothing uses it; empty is off"
            ),
        },
    ),
    Group(
        "share",
        "Share of the limit, by band",
        "Of what the methods come to.",
        _by_band("band_percents", "%", "Of the limit"),
    ),
    Group(
        "terms",
        "Terms, by band",
        "Proposed with each decision; looser ones take authority for the whole amount.",
        _by_band("terms_bands", "", "Terms", BANDS) | _by_band("terms_days", "days", "At most"),
    ),
    Group(
        "reviews",
        "Next review, by band",
        "After the last one, or the day of the limit.",
        _by_band("review_months", "months", "Between reviews"),
    ),
    Group(
        "losses",
        "Expected losses",
        "Assumed until they are calibrated on your own outcomes.",
        {
            **_by_band("default_rates", "share", "Of firms that fail in a year: 0.015 is 1.5%"),
            "loss_share": Words("Lost of it", "share", "Of what is open then: 0.6 is 60%"),
            "margin": Words("Margin", "share", "Of sales, that earns a loss back"),
        },
    ),
    Group(
        "limits",
        "Limits",
        "How methods combine, and what starter limits do.",
        {
            "combine": Words("Combine", "", "The least of all, an average, or need", _COMBINE),
            "step": Words("Rounded down to", "money", "A step of limits"),
            "slippage_days": Words("Expected slippage", "days", "Later than the terms say"),
            "share_of_payables": Words("Our share of payables", "share", "Empty: not used"),
            "starter_amount": Words("Starter limit", "money", "For those who are new"),
            "starter_cycles": Words("Doubles after", "invoices", "In a row, paid on time"),
            "starter_bands": Words("Starter limit only", "bands", "Such as D; empty: none"),
            "shrink_after": Words("Halved after", "invoices", "In a row, paid late"),
            "dormant_months": Words("Lapses after", "months", "In which nothing was bought"),
        },
    ),
    Group(
        "orders",
        "Orders",
        "When an order waits.",
        {
            "orders.late_days": Words("Late", "days", "More than this"),
            "orders.late_floor": Words("And more than", "money", "Not disputed, not covered"),
            "orders.broken_promise_days": Words(
                "Broken promises", "days", "Older ones are history"
            ),
            "orders.grace_days": Words("A release lasts", "days", "For that order only"),
            "orders.needs_limit": Words("Held without a limit", "", "Who has none", _YES_NO),
            "orders.days_back": Words("Dated back", "days", "By another system, at most"),
            "orders.days_ahead": Words("Dated ahead", "days", "By another system, at most"),
            "orders.tell_sales": Words("Mail to sales", "", "When one waits or may go", _YES_NO),
            "orders.tell_customer": Words("Mail to customers", "", "Once a hold", _YES_NO),
        },
    ),
)
EVERY = {name: words for group in GROUPS for name, words in group.knobs.items()}

"""Terms that a score's band gives: in advance, part in advance, against security, or open; and for
how many days. Policy says which band gives which (`terms_bands`, `terms_days`).

Against security means: what is above the band's share of the limit; that share is open
(facts, credit.md section 5: "C (50%, or security)").
"""

from typing import Any, NamedTuple

from duly.credit.policy import DecisionPolicy
from duly.credit.rules.deciding import TERMS_BANDS, Terms
from duly.kernel.money import Money

OPEN, SECURED, DEPOSIT, PREPAY = TERMS_BANDS


class ProposedTerms(NamedTuple):
    """The terms that a band gives for an amount, and why."""

    terms_band: str
    days: int
    why: str

    def as_kept(self) -> dict[str, Any]:
        """In a form that JSON can hold."""
        return self._asdict()


def propose_terms(
    policy: DecisionPolicy, score_band: str, amount: Money, recommended: Money | None
) -> ProposedTerms | None:
    """The terms of a band for an amount; None where nobody was scored.

    `recommended` is what the methods come to by the band's share.
    """
    terms_band = policy.terms_bands.get(score_band)
    if terms_band is None:
        return None
    days = policy.terms_days.get(score_band, 0)
    if terms_band == SECURED and recommended is not None and amount <= recommended:
        share = policy.band_percents.get(score_band)
        why = f"Band {score_band}: up to {recommended}, {share}% of the limit, it is open."
        return ProposedTerms(OPEN, days, why)
    told = {
        OPEN: f"Band {score_band} is open, for {days} days.",
        SECURED: f"Band {score_band}: against security, for {days} days.",
        DEPOSIT: f"Band {score_band}: part in advance, the rest within {days} days.",
        PREPAY: f"Band {score_band} pays in advance.",
    }
    return ProposedTerms(terms_band, days, told[terms_band])


def usual_terms(
    proposed: ProposedTerms | None, asked_days: int | None, is_secured: bool
) -> tuple[str, int | None]:
    """The kind and the days of terms when nobody says others: the band's, no longer than asked.

    >>> usual_terms(ProposedTerms("deposit", 14, ""), 30, False), usual_terms(None, 30, True)
    (('deposit', 14), ('secured', 30))
    """
    if proposed is None:
        return SECURED if is_secured else OPEN, asked_days
    days = proposed.days if asked_days is None else min(asked_days, proposed.days)
    band = SECURED if is_secured and proposed.terms_band == OPEN else proposed.terms_band
    return band, days


def is_looser(terms: Terms, asked_days: int | None, proposed: ProposedTerms | None) -> bool:
    """Tell whether terms give more than the band does. Without days of their own they give as many
    as were asked for."""
    if proposed is None:
        return False
    days = asked_days if terms.terms_days is None else terms.terms_days
    is_longer = days is not None and days > proposed.days and terms.terms_band != PREPAY
    return loosens(terms.terms_band, proposed.terms_band) or is_longer


def loosens(terms_band: str, before: str) -> bool:
    """Tell whether a kind of terms asks for less than another one did.

    >>> loosens("open", "deposit"), loosens("prepay", "open"), loosens("open", "")
    (True, False, False)
    """
    return before in TERMS_BANDS and TERMS_BANDS.index(terms_band) < TERMS_BANDS.index(before)

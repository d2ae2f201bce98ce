"""Refusals of scorecards, scores and training."""

from duly.kernel.errors import Conflict, Forbidden, Malformed, Missing, RuleBreach


class ScoreFactsUnfit(Malformed):
    """What a score is to be made from can't be read, or can't be meant."""

    code = "SCORE_FACTS_UNFIT"


class NothingToScore(Malformed):
    """No factor of the card is known."""

    code = "NOTHING_TO_SCORE"


class CardUnfit(Malformed):
    """A scorecard can't mean anything, or not what it says."""

    code = "CARD_UNFIT"


class ProhibitedBasis(RuleBreach):
    """A factor by which nobody may be judged."""

    code = "PROHIBITED_BASIS"


class TableUnfit(Malformed):
    """A table that no card can be fitted to."""

    code = "TABLE_UNFIT"


class CardUnknown(Missing):
    """No scorecard of the entity has this version."""

    code = "CARD_UNKNOWN"


class CardExists(Conflict):
    """Another card has this version; what is adopted never changes under its name."""

    code = "CARD_EXISTS"


class CardNotAdopted(RuleBreach):
    """A card would be adopted by nobody, or for no reason."""

    code = "CARD_NOT_ADOPTED"


class OwnCard(Forbidden):
    """Whoever proposed a card is not the one who lets it judge."""

    code = "OWN_CARD"

"""Refusals of credit."""

from duly.kernel.errors import Malformed


class LimitFactsUnfit(Malformed):
    """What a limit is to be made from can't be read, or can't be meant."""

    code = "LIMIT_FACTS_UNFIT"

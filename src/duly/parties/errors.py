"""Refusals of parties."""

from duly.kernel.errors import Conflict, Malformed, Missing, RuleBreach


class CustomerUnknown(Missing):
    """No customer has this id."""

    code = "CUSTOMER_UNKNOWN"


class EntityUnknown(Missing):
    """No entity has this name."""

    code = "ENTITY_UNKNOWN"


class EntityUnclear(Malformed):
    """Several entities exist and none was named."""

    code = "ENTITY_UNCLEAR"


class EntityExists(Conflict):
    """An entity of this name is there already."""

    code = "ENTITY_EXISTS"


class EntityNameUnfit(Malformed):
    """A company's name is missing, or does not fit."""

    code = "ENTITY_NAME_UNFIT"


class ParentCycle(RuleBreach):
    """A customer would become its own parent."""

    code = "PARENT_CYCLE"


class EntityDetailsUnfit(Malformed):
    """An address or the like that is too long for a letter, or no plain text."""

    code = "ENTITY_DETAILS_UNFIT"

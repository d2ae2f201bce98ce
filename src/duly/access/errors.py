"""Refusals of access."""

from duly.kernel.errors import Conflict, Forbidden, Malformed, Missing


class NotYourPart(Forbidden):
    """The user's role does not include this act."""

    code = "NOT_YOUR_PART"


class UserUnknown(Missing):
    """No user has this e-mail address."""

    code = "USER_UNKNOWN"


class UserExists(Conflict):
    """A user has this e-mail address already."""

    code = "USER_EXISTS"


class UserNameUnfit(Malformed):
    """A person's name is missing, too long, or no plain text."""

    code = "USER_NAME_UNFIT"


class LastAdministrator(Conflict):
    """Without this administrator nobody could let anybody in."""

    code = "LAST_ADMINISTRATOR"


class KeyUnusable(Malformed):
    """An idempotency key that can't be kept: too long, or no plain text."""

    code = "KEY_UNUSABLE"


class EntryLinkSpent(Conflict):
    """A one-time sign-in link was used before, or is too old."""

    code = "ENTRY_LINK_SPENT"


class OwnWorkApproval(Forbidden):
    """Whoever asks for an act that takes two persons can't be the second one."""

    code = "OWN_WORK_APPROVAL"


class ApprovalUnknown(Missing):
    """Nothing that waits for a second person has this number."""

    code = "APPROVAL_UNKNOWN"


class ApprovalDecided(Conflict):
    """It was approved or declined before."""

    code = "APPROVAL_DECIDED"


class SavedViewUnknown(Missing):
    """No view of one's own has this number."""

    code = "SAVED_VIEW_UNKNOWN"


class AuthorityExceeded(Forbidden):
    """The role may do it, but not up to this amount."""

    code = "AUTHORITY_EXCEEDED"


class AuthorityUnfit(Malformed):
    """An amount for an act that has none, for a role that may not do it, or that is not there."""

    code = "AUTHORITY_UNFIT"


class ApiKeyUnknown(Forbidden):
    """No key that stands was told, or none of this name is there."""

    code = "API_KEY_UNKNOWN"


class ApiKeyUnfit(Malformed):
    """A key without a name that is free, or for acts that no key can have."""

    code = "API_KEY_UNFIT"


class ApiKeyForbids(Forbidden):
    """The key does not include this act."""

    code = "API_KEY_FORBIDS"

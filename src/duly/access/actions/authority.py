"""Up to what amount a role may do an act: set, lifted, asked for before the act is done."""

from collections.abc import Collection

from duly.access.actions.trail import Author, record_changes
from duly.access.errors import AuthorityExceeded, AuthorityUnfit
from duly.access.models import Authority, User
from duly.access.queries import limits_of, users_of
from duly.access.rules.authority import BY_AMOUNT, Limit, authority_in, reaches, roles_that_may
from duly.access.rules.roles import ROLES, may
from duly.kernel.money import Money
from duly.storage.writing import whole

_NAMED = 5  # persons whom a refusal names


def require_authority(
    *, user: User | None, act: str, money: Money, limits: Collection[Limit] | None = None
) -> None:
    """Refuse unless the user's role may do the act up to that amount.

    Given: `limits` to go by, where they are not those that administrators set for the act.

    Nobody (None) is who works in a shell, where the role of an administrator can be had anyway.
    Refuses: AuthorityExceeded, which names who may.
    """
    if user is None:
        return
    limits = limits_of(act) if limits is None else limits
    authority = authority_in(user.role, act, money.currency, limits)
    if reaches(authority, money.minor):
        return
    roles = roles_that_may(act, money.currency, money.minor, limits)
    names = [one.name for one in users_of(roles) if one.pk != user.pk][:_NAMED]
    up_to = Money(authority or 0, money.currency)
    raise AuthorityExceeded(
        f"{money} is more than the {up_to} up to which your role,"
        f" {user.get_role_display().lower()}, may do this.",
        facts={
            "act": act,
            "role": user.role,
            "amount": money.text(),
            "up_to": up_to.text(),
            "currency": money.currency,
            "who_may": names,
            "roles": roles,
        },
        remedy=f"Ask {' or '.join(names)} to do it."
        if names
        else "Nobody here may do it at this amount: an administrator can raise it with"
        f" `duly authority set ROLE {act} {money.currency} AMOUNT`.",
    )


@whole()
def set_authority(*, role: str, act: str, up_to: Money, author: Author) -> Authority:
    """Say up to what amount a role may do an act in a currency. Refuses: AuthorityUnfit."""
    if act not in BY_AMOUNT or not may(role, act) or up_to.minor < 0:
        raise AuthorityUnfit(
            f"No amount can be set up to which {role} may {act}.",
            facts={"role": role, "act": act, "amount": up_to.text()},
            remedy=f"Acts with an amount are {', '.join(BY_AMOUNT)}; name a role that includes it"
            f" ({', '.join(name for name, _ in ROLES if may(name, act)) or 'none does'}),"
            " and an amount that is not negative.",
        )
    there = Authority.objects.filter(role=role, act=act, currency=up_to.currency)
    row = there.select_for_update().first()
    if row is None:
        row = Authority(role=role, act=act, currency=up_to.currency)
    before = {} if row.pk is None else {"up_to_minor": row.up_to_minor}
    row.up_to_minor = up_to.minor
    row.save()
    after = {"role": role, "act": act, "currency": up_to.currency, "up_to_minor": up_to.minor}
    record_changes(noun="authority", changes=[(row.pk, before, after)], author=author)
    return row


@whole()
def lift_authority(*, role: str, act: str, currency: str, author: Author) -> None:
    """Forget an amount; without any the role may do the act up to any. Refuses: AuthorityUnfit."""
    row = Authority.objects.filter(role=role, act=act, currency=currency).first()
    if row is None:
        raise AuthorityUnfit(
            f"No amount is set up to which {role} may {act} in {currency}.",
            facts={"role": role, "act": act, "currency": currency},
            remedy="Look at `duly authority list`.",
        )
    before = {"role": role, "act": act, "currency": currency, "up_to_minor": row.up_to_minor}
    record_changes(noun="authority", changes=[(row.pk, before, {})], author=author)
    row.delete()

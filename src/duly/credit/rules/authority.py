"""Who may decide about how much credit: authority by amount, four eyes, committees, splits.

Rules: nobody decides what they proposed, submitted or sent on themselves; sales never approves;
what was approved for the same family within some days counts together, so that a large limit in
small parts needs the authority of a large one; above the highest authority several persons of the
highest roles must vote for the same. An increase takes two persons; whoever lowers a limit needs
no second one. Declining takes no authority. See: facts, credit.md section 6 (DESIGN).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from duly.access.rules.actors import is_same, may_be_same
from duly.access.rules.authority import Limit, authority_in
from duly.access.rules.roles import may
from duly.credit.errors import (
    CreditRateMissing,
    DecisionAboveAuthority,
    DecisionNotYours,
    OwnCreditWork,
)
from duly.credit.policy import DecisionPolicy
from duly.kernel.currencies import EXPONENTS
from duly.kernel.money import Money

ACT = "approve_credit"
POLICY_ACT = "edit_policy"
SHELL_ROLE = "admin"  # whoever works in a shell could make themselves one


class Person(NamedTuple):
    """Who decides."""

    actor: str
    role: str
    is_known: bool = True  # signs in; a shell's name is nobody's


class Earlier(NamedTuple):
    """What was approved before for the family."""

    on: date
    currency: str
    minor: int


class Rates(NamedTuple):
    """The entity's own currency, and what one unit of it costs in others."""

    own: str
    per_own: Mapping[str, Decimal]

    def convert(self, money: Money, currency: str) -> Money:
        """An amount in another currency, half up. Refuses: CreditRateMissing."""
        if money.currency == currency:
            return money
        old, new = self._price(money.currency), self._price(currency)
        price = Fraction(new) / Fraction(old)
        digits = EXPONENTS[currency] - EXPONENTS[money.currency]
        value = money.minor * price * Fraction(10) ** digits
        whole = (2 * value.numerator + value.denominator) // (2 * value.denominator)
        return Money(whole, currency)

    def _price(self, currency: str) -> Decimal:
        if currency == self.own:
            return Decimal(1)
        if currency not in self.per_own:
            raise CreditRateMissing(
                f"There is no rate for {currency}, so no authority can be told in it.",
                facts={"currency": currency, "own": self.own},
                remedy="Import a rate: `duly import rates.csv --kind rates`.",
            )
        return self.per_own[currency]


class Powers(NamedTuple):
    """Up to how much each role may approve: what administrators set, else what policy says."""

    limits: Sequence[Limit]  # as set for approve_credit
    policy: DecisionPolicy
    rates: Rates

    def currency_for(self, currency: str) -> str:
        """In which currency authority is held against an amount: its own where any is set."""
        is_set = any(one.currency == currency for one in self.limits)
        return currency if is_set else self.rates.own

    def up_to(self, role: str, currency: str) -> int | None:
        """Minor units up to which a role approves alone; None: any amount."""
        if self.limits:
            return authority_in(role, ACT, currency, self.limits)
        if not may(role, ACT):
            return 0
        whole = self.policy.authority.get(role, Decimal(0))
        return int(whole.scaleb(EXPONENTS[currency]))

    def roles_for(self, counted: Money) -> list[str]:
        """Roles that approve an amount alone, the least powerful first."""
        found = []
        for role in self.policy.authority:
            reach = self.up_to(role, counted.currency)
            if may(role, ACT) and (reach is None or counted.minor <= reach):
                found.append(role)
        return found


class Releases(NamedTuple):
    """Up to what orders are released: what administrators set for that, else what a role may
    approve, so that nobody lets go in orders what they may not give as a limit."""

    limits: Sequence[Limit]  # as set for release_order
    powers: Powers

    def held_against(self, money: Money) -> tuple[Money, Sequence[Limit]]:
        """An amount in the currency of its authority, and the authority of roles in it.

        Refuses: CreditRateMissing.
        """
        if self.limits:
            return money, self.limits
        currency = self.powers.currency_for(money.currency)
        found = [
            Limit(role, currency, reach)
            for role in self.powers.policy.authority
            if (reach := self.powers.up_to(role, currency)) is not None
        ]
        return self.powers.rates.convert(money, currency), found


def counted(
    money: Money, standing: Money | None, earlier: Collection[Earlier], on: date, powers: Powers
) -> Money:
    """What is held against an authority: the amount, and what was approved for the family within
    some days unless the limit does not grow."""
    currency = powers.currency_for(money.currency)
    own = powers.rates.convert(money, currency)
    if standing is not None and own <= powers.rates.convert(standing, currency):
        return own
    days = timedelta(days=powers.policy.split_days)
    for one in earlier:
        if abs(on - one.on) < days:  # a decision may be written down for an earlier day
            own += powers.rates.convert(Money(one.minor, one.currency), currency)
    return own


def refuse_own_work(person: Person, makers: Collection[str]) -> None:
    """Refuse who had a hand in it before. Refuses: OwnCreditWork."""
    for maker in makers:
        if is_same(maker, person.actor):
            raise OwnCreditWork(
                f"{person.actor} submitted this or sent it on, and can't be who approves it.",
                facts={"actor": person.actor},
                remedy="Let somebody else decide, or decline it.",
            )
        if maker and may_be_same(maker, person.actor):
            raise OwnCreditWork(
                f"{maker} submitted this, and {person.actor} may be the same person.",
                facts={"actor": person.actor, "maker": maker},
                remedy="Submit it in the browser, or in the shell with --user EMAIL, and let"
                " somebody else approve it.",
            )


def refuse_role(person: Person) -> None:
    """Refuse who approves no credit at all: sales never does. Refuses: DecisionNotYours."""
    if not may(person.role, ACT):
        raise DecisionNotYours(
            f"The role {person.role} decides about no credit.",
            facts={"role": person.role},
            remedy="Let somebody decide who assesses or approves credit.",
        )


def higher_role(role: str, own: int | None, amount: Money, powers: Powers) -> str:
    """To whom somebody sends an amount on: the least powerful other role that approves it alone and
    more than they may; else one that votes. "" where one's own authority has no end."""
    if own is None:
        return ""
    for other in powers.roles_for(amount):
        reach = powers.up_to(other, amount.currency)
        if other != role and (reach is None or reach > own):
            return other
    if not powers.roles_for(amount):
        return next((one for one in powers.policy.committee_roles if one != role), "")
    return ""


def is_of_authority(knob: str) -> bool:
    """Tell whether a knob says who may decide: nobody widens their own authority.

    >>> is_of_authority("authority.manager"), is_of_authority("split_days")
    (True, False)
    """
    return knob.startswith(("authority.", "committee_"))


def refuse_policy(person: Person, knobs: Collection[str]) -> None:
    """Refuse who may not set policy; authority is set by administrators alone.

    Refuses: DecisionNotYours.
    """
    act = "manage_users" if any(map(is_of_authority, knobs)) else POLICY_ACT
    if not may(person.role, act):
        raise DecisionNotYours(
            f"The role {person.role} does not set this policy of credit.",
            facts={"role": person.role, "knobs": sorted(knobs)},
            remedy="Let a manager set it; who may approve how much, an administrator.",
        )


def needs_committee(powers: Powers, amount: Money) -> bool:
    """Tell whether no role approves an amount alone."""
    return not powers.roles_for(amount)


def refuse_above(person: Person, amount: Money, powers: Powers) -> None:
    """Refuse an amount that neither the person nor a committee with them approves.

    Refuses: DecisionAboveAuthority.
    """
    reach = powers.up_to(person.role, amount.currency)
    if reach is None or amount.minor <= reach:
        return
    policy = powers.policy
    may_vote = person.role in policy.committee_roles and person.is_known
    if needs_committee(powers, amount) and may_vote:
        return
    roles = powers.roles_for(amount)
    above = Money(reach, amount.currency)
    who = roles[0] if roles else f"{policy.committee_size} of {', '.join(policy.committee_roles)}"
    raise DecisionAboveAuthority(
        f"{amount} is above your authority of {above}.",
        facts={
            "role": person.role,
            "counted": amount.text(),
            "authority": above.text(),
            "currency": amount.currency,
            "roles": roles or list(policy.committee_roles),
        },
        remedy=f"Enter {above.text()} or less, or send it to {_article(who)}.",
    )


def _article(who: str) -> str:
    return who if who[0].isdigit() else f"{'an' if who[0] in 'aeiou' else 'a'} {who}"

"""The facts that the gate judges by, read for all customers at once, and its answer for each."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property

from duly.collections.models import (
    MAILED,
    RIGHT_PARTY,
    Call,
    ChannelWish,
    DebtorProfile,
    Message,
)
from duly.collections.policy import CHANNELS
from duly.collections.queries.blocks import whole_stays_on
from duly.collections.queries.laws import laws_on
from duly.collections.rules.handing import Clock
from duly.collections.rules.laws.gate import (
    Contact,
    Debtor,
    Stopped,
    When,
    judge,
    narrowest,
    rules_for,
)
from duly.collections.rules.laws.limitation import limitation_of
from duly.collections.rules.laws.places import zones_of
from duly.collections.rules.laws.rule import (
    BUSINESS,
    ENFORCE,
    FREQUENCY,
    LIMITATION,
    SOLE_TRADER,
    TIME_BARRED,
    Rule,
)
from duly.collections.rules.reasons import Reason
from duly.credit.models import CreditRequest
from duly.kernel.calendar import holiday_name
from duly.kernel.errors import UnknownCalendar
from duly.parties.models import Entity
from duly.parties.queries.reach import Reach, reach_of
from duly.receivables.queries import overdue_by_customer
from duly.storage.among import among

Key = tuple[str, str, str]  # kind, place, governing law
_NOTHING: Mapping[str, Reason] = {}
FEW = 10_000  # customers that are named one by one where items are read
_TRIED = ("sending", "sent", "unknown")


class Gate:
    """The laws of a day before the contacts of one entity, of all its customers or of some.

    What holds is worked out once for each place and kind of debtor, not for each customer.
    """

    def __init__(
        self,
        *,
        entity: Entity,
        on: date,
        reach: Mapping[int, Reach],
        customer_ids: Collection[int] | None = None,
    ) -> None:
        self._entity, self._on, self._reach, self._some = entity, on, reach, customer_ids
        self.rules = laws_on(entity.pk, on)
        self._profiles = profiles_of(entity.pk, customer_ids)
        self._wishes: dict[int, dict[str, bool]] = defaultdict(dict)
        rows = self._of_some(ChannelWish.objects.filter(entity_id=entity.pk, said_on__lte=on))
        for customer_id, channel, is_allowed in rows.order_by("pk").values_list(
            "customer_id", "channel", "is_allowed"
        ):
            self._wishes[customer_id][channel] = is_allowed
        stays = whole_stays_on(entity.pk, on, customer_ids)
        self._stays = dict(stays.values_list("customer_id", "reason"))
        self._held: dict[Key, list[Rule]] = {}
        self._usual: dict[Key, Mapping[str, Reason]] = {}  # of who said and did nothing
        self._counting: dict[Key, bool] = {}  # whether a limit that stops counts contacts

    def _of_some(self, rows):  # type: ignore[no-untyped-def]
        return rows if self._some is None else rows.filter(customer_id__in=among(self._some))

    @cached_property
    def _contacts(self) -> dict[int, list[Contact]]:
        """Calls and mails of the days that any rule counts."""
        counted = [rule for rule in self.rules if rule.what == FREQUENCY]
        days = [limit.days for rule in counted for limit in rule.params["limits"]]
        days += [rule.params.get("after_talk_days", 0) for rule in counted]
        first = self._on - timedelta(days=max(days, default=0))
        found: dict[int, list[Contact]] = defaultdict(list)
        calls = Call.objects.filter(
            entity_id=self._entity.pk, called_on__range=(first, self._on), taken_back_at=None
        )
        for customer_id, on, outcome in self._of_some(calls).values_list(
            "customer_id", "called_on", "outcome"
        ):
            is_talk = outcome in RIGHT_PARTY
            found[customer_id].append(Contact(on, "call", is_talk, is_talk))
        mails = Message.objects.filter(
            entity_id=self._entity.pk,
            planned_on__range=(first, self._on),
            channel__in=MAILED,
            state__in=_TRIED,
        )
        for customer_id, on in self._of_some(mails).values_list("customer_id", "planned_on"):
            found[customer_id].append(Contact(on, "email"))
        return found

    def told_of(self, customer_id: int) -> Key:
        """Kind, place and governing law of a customer; a business where its country is, untold."""
        country = self._reach[customer_id].country or self._entity.country
        profile = self._profiles.get(customer_id)
        if profile is None:
            return BUSINESS, country, ""
        kind, place, law = profile
        return kind, place or country, law

    def rules_of(self, customer_id: int) -> list[Rule]:
        """The rules that hold for a customer."""
        return self._rules_of(self.told_of(customer_id))

    def _rules_of(self, key: Key) -> list[Rule]:
        if key not in self._held:
            kind, place, law = key
            debtor = Debtor(place, kind, law)
            self._held[key] = rules_for(self.rules, debtor, self._on)
        return self._held[key]

    def debtor(self, customer_id: int) -> Debtor:
        """What the law asks of a customer."""
        kind, place, law = self.told_of(customer_id)
        own = self._reach[customer_id].timezone
        counts = any(rule.what == FREQUENCY for rule in self._rules_of((kind, place, law)))
        return Debtor(
            place,
            kind,
            law,
            (own,) if own else zones_of(place[:2]) or (self._entity.timezone,),
            bool(own),
            self._wishes.get(customer_id, {}),
            self._contacts.get(customer_id, ()) if counts else (),
            self._stays.get(customer_id, ""),
            customer_id in self._profiles,
        )

    def stopped(self, customer_id: int, channel: str, clock: Clock | None = None) -> list[Stopped]:
        """What stands before a contact, stops and warnings; without a clock on any hour of the
        day."""
        debtor = self.debtor(customer_id)
        on = self._on
        moments = tuple(clock.where(zone) for zone in debtor.zones) if clock else ()
        if moments and debtor.has_own_zone:
            on = moments[0].date()
        when = When(on, moments, _is_holiday(on, debtor.place[:2]))
        return judge(self.rules_of(customer_id), debtor, channel, when)

    def barred(self, customer_id: int) -> Mapping[str, Reason]:
        """{channel: the first rule that stops it on the day} of a customer."""
        key = self.told_of(customer_id)
        if key not in self._counting:
            self._counting[key] = any(
                rule.what == FREQUENCY and rule.level == ENFORCE for rule in self._rules_of(key)
            )
        if (
            customer_id in self._wishes
            or customer_id in self._stays
            or (self._counting[key] and customer_id in self._contacts)
        ):
            return self._barred(customer_id)
        if key not in self._usual:
            self._usual[key] = self._barred(customer_id)
        return self._usual[key]

    def _barred(self, customer_id: int) -> Mapping[str, Reason]:
        found = {}
        for channel in CHANNELS:
            stops = [one for one in self.stopped(customer_id, channel) if one.is_stop]
            if stops:
                found[channel] = stops[0].reason
        return found or _NOTHING

    def time_barred(self) -> tuple[dict[int, Reason], dict[int, Reason]]:
        """({item: why no step may threaten with a suit for it}, {item: why nothing asks for it})
        of debts that can't be sued for any more, where an enforced rule says so."""
        is_held: dict[Key, Rule | None] = {}
        concerned: dict[int, Rule] = {}
        for customer_id in self._reach:
            key = self.told_of(customer_id)
            if key not in is_held:
                is_held[key] = next(
                    (
                        rule
                        for rule in self._rules_of(key)
                        if rule.what == TIME_BARRED and rule.level == ENFORCE
                    ),
                    None,
                )
            rule = is_held[key]
            if rule is not None:
                concerned[customer_id] = rule
        final: dict[int, Reason] = {}
        every: dict[int, Reason] = {}
        if not concerned:
            return final, every
        some = list(concerned) if len(concerned) <= FEW else None
        for customer_id, _, items in overdue_by_customer(
            entity_id=self._entity.pk, on=self._on, customer_ids=some
        ):
            if customer_id not in concerned:
                continue
            rule, limits = concerned[customer_id], self.limitations(customer_id)
            for due_on, item_id, _ in items:
                found = limitation_of(limits, due_on)
                if found is not None and found.last_on < self._on:
                    told = f"It could be sued for until {found.last_on} ({found.rule.id})."
                    words = f"{rule.words} {told}"
                    stopped = Stopped(
                        rule.id,
                        rule.source,
                        words,
                        is_unverified=rule.status == "unverified",
                    )
                    into = every if rule.params["stops"] == "all" else final
                    into[item_id] = stopped.reason
        return final, every

    def limitations(self, customer_id: int) -> list[Rule]:
        """The rules of limitation that may hold for a customer's debts: by the governing law, or
        where that is not told by the place of the customer."""
        kind, place, law = self.told_of(customer_id)
        held = [rule for rule in self.rules if kind in rule.who]
        return narrowest(held, LIMITATION, law or place)


def _is_holiday(on: date, country: str) -> bool:
    try:
        return bool(holiday_name(on, country))
    except UnknownCalendar:
        return False


def profiles_of(
    entity_id: int, customer_ids: Collection[int] | None = None
) -> dict[int, tuple[str, str, str]]:
    """{customer: (kind, place, governing law)} as far as anybody told, or a request for credit
    named a person. Two queries."""
    people = CreditRequest.objects.filter(
        entity_id=entity_id, is_natural_person=True, customer_id__isnull=False
    )
    told = DebtorProfile.objects.filter(entity_id=entity_id)
    if customer_ids is not None:
        people = people.filter(customer_id__in=among(customer_ids))
        told = told.filter(customer_id__in=among(customer_ids))
    people_ids = people.values_list("customer_id", flat=True)
    found = {pk: (SOLE_TRADER, "", "") for pk in people_ids if pk is not None}
    for customer_id, kind, place, law in told.order_by("pk").values_list(
        "customer_id", "kind", "place", "law"
    ):
        found[customer_id] = (kind, place, law)
    return found


def gate(
    entity: Entity, customer_ids: Collection[int], channel: str, at: datetime
) -> dict[int, list[Stopped]]:
    """{customer: what stands before a contact by a channel at a moment}, of those with any. A
    constant number of queries."""
    reach = reach_of(entity_id=entity.pk, customer_ids=customer_ids)
    clock = Clock(at)
    on = clock.where(entity.timezone).date()
    found = Gate(entity=entity, on=on, reach=reach, customer_ids=customer_ids)
    told = {pk: found.stopped(pk, channel, clock) for pk in reach}
    return {pk: stops for pk, stops in told.items() if stops}

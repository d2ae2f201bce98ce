"""Requests and proposals: what they are, who had them, what was decided and what followed."""

import json
from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Q

from duly.access.queries import user_acting
from duly.access.rules.actors import SHELL
from duly.credit.errors import DecisionUnknown, LimitUnknown
from duly.credit.errors.requests import CreditRequestUnknown
from duly.credit.models import (
    CreditDecision,
    CreditRequest,
    DecisionSequel,
    DecisionStep,
    LimitProposal,
    RequestKey,
    RequestRevision,
)
from duly.credit.queries.limits import family_of
from duly.credit.rules.authority import SHELL_ROLE, Earlier, Person
from duly.credit.rules.committees import Vote
from duly.credit.rules.flags import PHONE
from duly.kernel.money import Money
from duly.storage.among import among

VOTED = "voted"
APPLICANT = "applicant"  # who fills in our form, and is nobody of us


class Matter(NamedTuple):
    """What is to be decided: a request, or a proposal."""

    entity_id: int
    request: CreditRequest | None
    proposal: LimitProposal | None

    @property
    def customer_id(self) -> int | None:
        """Whose limit; None for somebody who is no customer yet."""
        of = self.request or self.proposal
        return of.customer_id if of else None

    @property
    def asked(self) -> Money:
        """How much is asked for."""
        of = self.request or self.proposal
        assert of is not None  # noqa: S101 - one of the two is there
        return Money(of.amount_minor, of.currency)

    @property
    def maker(self) -> str:
        """The colleague who began or proposed it; nobody where the applicant did it."""
        if self.request is not None:
            return "" if self.request.source == "form" else self.request.actor
        return self.proposal.actor if self.proposal else ""

    @property
    def keys(self) -> dict[str, int | None]:
        """The columns that steps and decisions name it by."""
        return {
            "request_id": self.request.pk if self.request else None,
            "proposal_id": self.proposal.pk if self.proposal else None,
        }


def request_named(entity_id: int, name: str) -> CreditRequest:
    """The request with a number ("CR-0042", or our own). Refuses: CreditRequestUnknown."""
    rows = CreditRequest.objects.filter(entity_id=entity_id)
    found = rows.filter(number__iexact=name).first()
    if found is None and name.isascii() and name.isdecimal() and len(name) < 19:
        found = rows.filter(pk=int(name)).first()
    if found is None:
        raise CreditRequestUnknown(
            f"There is no credit request {name[:40]}.",
            facts={"request": name[:40]},
            remedy="Look at `duly credit list`.",
        )
    return found


def proposal_by_id(entity_id: int, proposal_id: int) -> LimitProposal:
    """The proposal with a number. Refuses: LimitUnknown."""
    found = LimitProposal.objects.filter(entity_id=entity_id, pk=proposal_id).first()
    if found is None:
        raise LimitUnknown(
            f"There is no proposed limit {proposal_id}.",
            facts={"proposal": proposal_id},
            remedy="Look at `duly credit limits proposals`.",
        )
    return found


def person_acting(actor: str) -> Person:
    """Who acts under a name: a user with their role, or a shell."""
    user = user_acting(actor)
    if user is not None:
        return Person(actor, user.role if user.is_active else "viewer")
    return Person(actor, SHELL_ROLE if actor.startswith(SHELL) else "viewer", is_known=False)


def requests_of(entity_id: int) -> list[CreditRequest]:
    """All that were submitted, the oldest first."""
    rows = CreditRequest.objects.filter(entity_id=entity_id, submitted_on__isnull=False)
    return list(rows.order_by("submitted_on", "pk"))


def proposals_waiting(entity_id: int) -> list[LimitProposal]:
    """Proposals that nobody decided yet, the oldest first."""
    decided = CreditDecision.objects.filter(entity_id=entity_id, proposal_id__isnull=False)
    rows = LimitProposal.objects.filter(entity_id=entity_id).exclude(
        pk__in=decided.values("proposal_id")
    )
    return list(rows.order_by("pk"))


def decisions_of(
    request_ids: Collection[int] = (), proposal_ids: Collection[int] = ()
) -> dict[tuple[str, int], CreditDecision]:
    """{("request" or "proposal", id): its decision}."""
    of_requests = CreditDecision.objects.filter(request_id__in=among(request_ids))
    of_proposals = CreditDecision.objects.filter(proposal_id__in=among(proposal_ids))
    return {
        **{("request", row.request_id or 0): row for row in of_requests},
        **{("proposal", row.proposal_id or 0): row for row in of_proposals},
    }


def steps_of(matter: Matter) -> list[DecisionStep]:
    """What was done about it before it was decided, in order."""
    keys = {name: value for name, value in matter.keys.items() if value is not None}
    return list(DecisionStep.objects.filter(**keys).order_by("pk"))


def votes_of(steps: Collection[DecisionStep]) -> list[Vote]:
    """The votes among steps, in order: who, and for which verdict, amount, terms and conditions."""
    return [
        Vote(
            step.actor.casefold(),
            (step.verdict, step.amount_minor, json.dumps(step.wanted, sort_keys=True)),
        )
        for step in steps
        if step.step == VOTED
    ]


def makers_of(matter: Matter) -> list[str]:
    """Every colleague who had a hand in it: began it, typed into it, submitted it, sent it on or
    voted."""
    found = [matter.maker, *(step.actor for step in steps_of(matter))]
    if matter.request is not None:
        rows = RequestRevision.objects.filter(request_id=matter.request.pk)
        found += rows.exclude(actor=APPLICANT).values_list("actor", flat=True).distinct()
    return [actor for actor in found if actor]


def steps_of_requests(request_ids: Collection[int]) -> dict[int, list[DecisionStep]]:
    """{request: what was done about it before it was decided}."""
    found: dict[int, list[DecisionStep]] = defaultdict(list)
    for row in DecisionStep.objects.filter(request_id__in=among(request_ids)).order_by("pk"):
        if row.request_id is not None:
            found[row.request_id].append(row)
    return dict(found)


def decision_on(request: CreditRequest) -> CreditDecision:
    """The decision of a request. Refuses: DecisionUnknown."""
    found = CreditDecision.objects.filter(request_id=request.pk).first()
    if found is None:
        raise DecisionUnknown(
            f"{request.number} is not decided yet.",
            facts={"request": request.number},
            remedy="Decide it first.",
        )
    return found


def sequels_of(decision_ids: Collection[int]) -> dict[int, list[DecisionSequel]]:
    """{decision: what followed it, in order}."""
    found: dict[int, list[DecisionSequel]] = defaultdict(list)
    for row in DecisionSequel.objects.filter(decision_id__in=among(decision_ids)).order_by("pk"):
        found[row.decision_id].append(row)
    return dict(found)


def approved_before(matter: Matter, on: date, days: int) -> list[Earlier]:
    """What was approved within some days for the same family, also before it was a customer, or
    for applicants of that name or with a number in common."""
    rows = CreditDecision.objects.filter(
        entity_id=matter.entity_id,
        decided_on__gt=on - timedelta(days=days),
        verdict__startswith="approve",
    )
    requests = CreditRequest.objects.filter(entity_id=matter.entity_id)
    alike = Q(pk__in=[])
    of_customers = Q(pk__in=[])
    if matter.customer_id is not None:
        family = among(family_of(matter.customer_id))
        alike |= Q(customer_id__in=family)
        of_customers = Q(customer_id__in=family)
    if matter.request is not None:
        if matter.customer_id is None:
            alike |= Q(name__iexact=matter.request.name)
        alike |= Q(pk__in=among(_with_a_number_of(matter.request)))
    rows = rows.filter(of_customers | Q(request_id__in=requests.filter(alike).values("pk")))
    told = rows.values_list("decided_on", "currency", "amount_minor")
    return [Earlier(*row) for row in told]


def _with_a_number_of(request: CreditRequest) -> set[int]:
    """Requests of applicants that are known by a number of this one's, bar its telephone's."""
    wanted = Q(pk__in=[])
    for kind, value in RequestKey.objects.filter(request_id=request.pk).values_list(
        "kind", "value"
    ):
        if kind != PHONE:
            wanted |= Q(kind=kind, value=value)
    rows = RequestKey.objects.filter(wanted, entity_id=request.entity_id)
    return set(rows.values_list("request_id", flat=True))

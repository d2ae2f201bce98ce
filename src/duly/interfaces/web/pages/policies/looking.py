"""The policies that hold, step by step, who is under which, and how they were before."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from duly.access.rules.roles import may
from duly.collections.errors import PolicyUnknown
from duly.collections.models import PolicyChoice
from duly.collections.policy import DunningPolicy
from duly.collections.queries.policies import (
    choices_in_force,
    policies_on,
    template_names,
    versions_of,
)
from duly.collections.rules.policies import read_policy
from duly.interfaces.web.current import entity_of, today
from duly.interfaces.web.guard import page
from duly.interfaces.web.numbers import page_in
from duly.parties.models import Entity
from duly.parties.queries import codes_and_names
from duly.parties.queries.finding import segments_in_use
from duly.receivables.queries import line_facts, places_of_items

SHOWN_CHOICES = 100
SCOPES = {"item": "Item", "customer": "Customer", "segment": "Segment", "entity": "Everyone"}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice as it is shown: for whom, and where that leads."""

    row: PolicyChoice
    scope: str
    label: str
    customer_id: int | None = None
    document_id: int | None = None


@page()
def policies(request: HttpRequest) -> HttpResponse:
    """Every policy that holds today, and who is under which; `?page=` of the choices."""
    return render(request, "web/policies.html", told_policies(request))


def told_policies(request: HttpRequest) -> dict[str, Any]:
    """What the page of policies says."""
    entity = entity_of(request)
    on = today(entity)
    found = policies_on(entity.pk, on)
    choices = choices_in_force(entity.pk, on)
    number = page_in(request.GET.get("page", ""))
    first = (number - 1) * SHOWN_CHOICES
    under: dict[str, int] = {}
    for choice in choices:
        under[choice.policy] = under.get(choice.policy, 0) + 1
    everyone = next((one.policy for one in choices if one.scope == "entity"), "gentle")
    return {
        "policies": [(policy, under.get(policy.name, 0)) for policy in _in_order(found, everyone)],
        "everyone": everyone,
        "choices": told_choices(choices[first : first + SHOWN_CHOICES]),
        "choice_count": len(choices),
        "newer": number - 1,
        "following": number + 1 if len(choices) > first + SHOWN_CHOICES else 0,
        "names": sorted(found),
        "scopes": list(SCOPES.items())[::-1],
        "segments": segments_in_use(entity.pk),
        "may_edit": may(request.user.role, "edit_policy"),
        "on": on,
        "given": {},
        "errors": {},
    }


def _in_order(found: dict[str, DunningPolicy], everyone: str) -> list[DunningPolicy]:
    """Everyone's first, those that come with Duly last."""
    return sorted(found.values(), key=lambda one: (one.name != everyone, not one.version, one.name))


def told_choices(rows: list[PolicyChoice]) -> list[Chosen]:
    """Choices with the names of whom they are for."""
    customers = codes_and_names({row.record_id for row in rows if row.scope == "customer"})
    items = {row.record_id for row in rows if row.scope == "item"}
    facts, places = line_facts(items, set()), places_of_items(items)
    found = []
    for row in rows:
        scope = SCOPES[row.scope]
        if row.scope == "customer":
            found.append(Chosen(row, scope, customers[row.record_id][1], row.record_id))
        elif row.scope == "item":
            number = facts["item", row.record_id].number
            found.append(Chosen(row, scope, number, None, places[row.record_id][0]))
        else:
            found.append(Chosen(row, scope, row.segment or "without a choice of their own"))
    return found


@page()
def versions(request: HttpRequest) -> HttpResponse:
    """Every version of one policy, the newest first; `?name=`. Refuses: PolicyUnknown."""
    entity = entity_of(request)
    name = request.GET.get("name", "")[:64]
    rows = versions_of(entity.pk, name)
    if not rows and name not in policies_on(entity.pk, today(entity)):
        raise policy_unknown(name)
    names = template_names(entity.pk)
    told = {
        "name": name,
        "rows": [
            (
                row,
                read_policy(
                    row.document, version=row.version, valid_from=row.valid_from, templates=names
                ),
            )
            for row in rows
        ],
        "in_force": _version_in_force(entity, name),
        "may_edit": may(request.user.role, "edit_policy"),
    }
    return render(request, "web/policy_versions.html", told)


def policy_unknown(name: str) -> PolicyUnknown:
    """Nobody wrote a policy of this name."""
    return PolicyUnknown(
        f"There is no dunning policy {name!r}.",
        facts={"policy": name},
        remedy="Look at the policies.",
    )


def _version_in_force(entity: Entity, name: str) -> int:
    found = policies_on(entity.pk, today(entity)).get(name)
    return found.version if found else 0

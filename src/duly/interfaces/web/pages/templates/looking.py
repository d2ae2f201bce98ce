"""Which texts there are, in which languages, and which steps use them."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from duly.access.rules.roles import may
from duly.collections.models import Template
from duly.collections.queries.policies import policies_on, template_names, written_templates
from duly.collections.rules import texts
from duly.interfaces.web.current import entity_of, today
from duly.interfaces.web.guard import page
from duly.kernel.locales import LANGUAGES


@dataclass(frozen=True, slots=True)
class Cell:
    """A template in a language: what somebody wrote, what comes with Duly, or another language."""

    language: str
    written: Template | None
    is_built_in: bool


@page()
def templates(request: HttpRequest) -> HttpResponse:
    """Every template by language."""
    entity = entity_of(request)
    written = written_templates(entity.pk)
    used: dict[str, list[str]] = {}
    for policy in policies_on(entity.pk, today(entity)).values():
        for step in policy.steps:
            if step.template and step.channel in ("email", "letter"):
                used.setdefault(step.template, []).append(f"{policy.name}, {step.code}")
    told: dict[str, Any] = {
        "languages": LANGUAGES,
        "rows": [
            (
                name,
                [
                    Cell(
                        language,
                        written.get((name, language)),
                        language in texts.BUILT_IN.get(name, {}),
                    )
                    for language in LANGUAGES
                ],
                used.get(name, []),
            )
            for name in sorted(template_names(entity.pk))
        ],
        "may_edit": may(request.user.role, "edit_policy"),
    }
    return render(request, "web/templates.html", told)

"""One rule: what it says, its periods, who changed its level and why; whoever may changes it."""

import json
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from duly.access.actions import Author
from duly.access.rules.roles import may
from duly.collections.actions import set_law_level
from duly.collections.queries.laws import levels_of, levels_on, rules_named
from duly.collections.rules.laws.rule import ENFORCE, LEVELS, NO_JUDGE, Rule
from duly.interfaces.exchange.laws import rule_document
from duly.interfaces.web.current import actor, entity_of, now, today
from duly.interfaces.web.guard import page
from duly.interfaces.web.pages.desk.forms import Form
from duly.interfaces.web.pages.laws.listing import shown

ACT = "edit_policy"
DEFAULT = "default"


class LevelForm(Form):
    """What a rule is to do, and why."""

    use_required_attribute = False
    level = forms.ChoiceField(label="It now")
    reason = forms.CharField(
        label="Why",
        max_length=500,
        help_text="Who said so, and when. It is kept.",
        error_messages={"required": "Say why: it is kept."},
    )


@page()
def law(request: HttpRequest, rule_id: str) -> HttpResponse:
    """The page of a rule. Refuses: LawRuleUnknown."""
    rules = rules_named(entity_of(request).pk, rule_id, today(entity_of(request)))
    return _shown(request, rules, _form(request, rules[-1]))


def _shown(request: HttpRequest, rules: Sequence[Rule], form: LevelForm) -> HttpResponse:
    entity = entity_of(request)
    on = today(entity)
    changed = levels_on(entity.pk, on)
    rule = next((one for one in rules if one.holds_on(on)), rules[-1])
    if rule.id in changed:
        rule = rule._replace(level=changed[rule.id].level)
    params = rule_document(rule)["params"]
    context: dict[str, Any] = {
        "row": shown(rule, changed),
        "rules": rules,
        "params": [(name.replace("_", " "), _text(value)) for name, value in params.items()],
        "levels": [
            (row, LEVELS.get(row.level, "As its pack says"))
            for row in levels_of(entity.pk, rule.id)
        ],
        "form": form,
        "may_edit": may(request.user.role, ACT),
        "on": on,
        "here": "law_rule",
    }
    return render(request, "web/law.html", context, status=422 if form.is_bound else 200)


@page(act=ACT, methods=("POST",))
def change(request: HttpRequest, rule_id: str) -> HttpResponse:
    """Change what the rule does, with the reason."""
    entity = entity_of(request)
    rules = rules_named(entity.pk, rule_id, today(entity))
    form = _form(request, rules[-1])
    if not form.is_valid():
        return _shown(request, rules, form)
    told = form.cleaned_data
    row = set_law_level(
        entity_id=entity.pk,
        rule_id=rules[0].id,
        level="" if told["level"] == DEFAULT else told["level"],
        reason=told["reason"],
        on=today(entity),
        author=Author(actor(request), now()),
    )
    toasts.success(request, f"{row.rule_id} is changed, with its reason.")
    return redirect("law_rule", row.rule_id)


def _form(request: HttpRequest, rule: Rule) -> LevelForm:
    form = LevelForm(
        request.POST if request.method == "POST" else None, initial={"level": rule.level}
    )
    levels = {
        name: {"enforce": "stops", "warn": "warns", "inform": "informs"}[name]
        for name in LEVELS
        if name != ENFORCE or rule.what not in NO_JUDGE
    }
    field = form.fields["level"]
    field.choices = [*levels.items(), (DEFAULT, "does as its pack says")]
    return form


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

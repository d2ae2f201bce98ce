"""One card: what it looks at, what each step gives, and how good it was if it was fitted."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from duly.credit.models import Scorecard
from duly.credit.queries.scores import card_named
from duly.credit.rules.card_documents import plain
from duly.credit.rules.scorecards import CHOICE, FROM, Factor
from duly.interfaces.web.current import entity_of
from duly.interfaces.web.guard import page


@page()
def card(request: HttpRequest, version: str) -> HttpResponse:
    """The page of a version."""
    entity = entity_of(request)
    found = card_named(entity.pk, version)
    row = Scorecard.objects.filter(entity_id=entity.pk, version=version).first()
    context = {
        "card": found,
        "row": row,
        "report": row.report if row else None,
        "factors": [(one, plain(one.weight), _steps(one)) for one in found.factors],
        "bands": [(band, plain(least)) for band, least in found.bands],
        "here": "credit_cards",
    }
    return render(request, "web/credit/card.html", context)


def _steps(factor: Factor) -> list[tuple[str, str]]:
    """(what the value is, points) of each step, in words."""
    told = []
    for bound, points in factor.steps:
        if bound is None:
            words = "otherwise" if len(factor.steps) > 1 else "any value"
        elif factor.kind == CHOICE:
            words = str(bound).replace("_", " ")
        else:
            words = f"{'from' if factor.kind == FROM else 'up to'} {plain(bound)}"
        told.append((words, plain(points)))
    if factor.missing is not None:
        told.append(("not known", plain(factor.missing)))
    return told

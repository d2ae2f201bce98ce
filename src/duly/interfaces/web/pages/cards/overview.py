"""Which card judges and which runs beside; how they agree; what both came to in money."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from duly.access.actions import Author, require
from duly.access.rules.roles import may
from duly.credit.models.scores import CHALLENGER, CHAMPION
from duly.credit.queries.backtests import Agreement, agreement, backtest, differences
from duly.credit.queries.scores import adoptions, cards_on
from duly.credit.rules.card_documents import plain
from duly.credit.rules.scorecards import Card
from duly.interfaces.exchange.cards import adopt, cards_document, end
from duly.interfaces.web.current import actor, entity_of, now, today
from duly.interfaces.web.guard import page
from duly.kernel.dates import parse_iso_date
from duly.kernel.errors import Refusal
from duly.parties.models import Entity
from duly.parties.queries import codes_and_names

YEAR = timedelta(days=365)
MARGIN = Decimal("0.2")
MOST_DIFFERENCES, MOST_ADOPTIONS = 25, 20
NONE = "-"


@dataclass(frozen=True, slots=True)
class Compared:
    """Two cards side by side: bands of one by bands of the other, and where they differ."""

    told: Agreement
    bands: tuple[str, ...]
    other_bands: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[int, bool], ...]], ...]  # (band, (count, is the same))
    differing: tuple[tuple[Any, ...], ...]  # (difference, code, name, points, other points)


@page(methods=("GET", "HEAD", "POST"))
def cards(request: HttpRequest) -> HttpResponse:
    """The page; what is posted to it adopts a card. `?from=` and `?to=` of the backtest."""
    if request.method != "POST":
        return _shown(request)
    require(user=request.user, act="edit_policy")
    entity, told = entity_of(request), request.POST
    place = CHALLENGER if told.get("place") == CHALLENGER else CHAMPION
    version, reason = told.get("version", ""), told.get("reason", "")
    author = Author(actor(request), now())
    try:
        if version == NONE:
            end(entity.pk, today(entity), reason, author)
        else:
            adopt(entity.pk, version, place, today(entity), reason, author)
    except Refusal as error:
        return _shown(request, error)
    toasts.success(
        request,
        "No card runs beside from today on."
        if version == NONE
        else f"{version} {'runs beside' if place == CHALLENGER else 'judges'} from today on.",
    )
    return redirect("credit_cards")


def _shown(request: HttpRequest, error: Refusal | None = None) -> HttpResponse:
    entity = entity_of(request)
    on = today(entity)
    first, last = _window(request, on)
    found = cards_on(entity.pk, on)
    rows = adoptions(entity.pk)
    versions = cards_document(entity.pk, on)["cards"]
    context = {
        "entity": entity,
        "on": on,
        "first": first,
        "last": last,
        "champion": found.champion,
        "challenger": found.challenger,
        "versions": versions,
        "adoptions": [
            (row, next((v["version"] for v in versions if v.get("id") == row.scorecard_id), ""))
            for row in rows[:MOST_ADOPTIONS]
        ],
        "compared": _compared(entity, found.champion, found.challenger),
        "backtest": backtest(entity, first=first, last=last, on=on, margin=MARGIN),
        "may_adopt": may(request.user.role, "edit_policy"),
        "error": error,
        "given": request.POST,
        "here": "credit_cards",
    }
    return render(request, "web/credit/cards.html", context, status=400 if error else 200)


def _window(request: HttpRequest, on: date) -> tuple[date, date]:
    """The days of the scores that are held against what came; by default the last year but one."""
    told = {name: request.GET.get(name, "").strip() for name in ("from", "to")}
    first = parse_iso_date(told["from"]) if told["from"] else on - 2 * YEAR
    last = parse_iso_date(told["to"]) if told["to"] else on
    return first, last


def _compared(entity: Entity, champion: Card, challenger: Card | None) -> Compared | None:
    if challenger is None:
        return None
    told = agreement(entity.pk, champion.version, challenger.version)
    if not told.compared:
        return None
    bands = tuple(band for band, _ in champion.bands)
    other = tuple(band for band, _ in challenger.bands)
    apart = differences(entity.pk, champion.version, challenger.version, MOST_DIFFERENCES)
    names = codes_and_names({one.customer_id for one in apart})
    return Compared(
        told=told,
        bands=bands,
        other_bands=other,
        rows=tuple(
            (band, tuple((told.pairs.get((band, one), 0), band == one) for one in other))
            for band in bands
        ),
        differing=tuple(
            (
                one,
                *names.get(one.customer_id, ("", "")),
                plain(Decimal(one.points_cents).scaleb(-2)),
                plain(Decimal(one.other_cents).scaleb(-2)),
            )
            for one in apart
        ),
    )

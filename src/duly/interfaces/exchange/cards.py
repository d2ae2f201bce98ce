"""Cards, who judges, how a book was scored and what a card came to, as documents."""

from datetime import date
from pathlib import Path
from typing import Any

from duly.access.actions import Author
from duly.credit.actions.scores import adopt_card, end_challenge, propose_card, score_request
from duly.credit.actions.scores import score_customers as score_all
from duly.credit.errors import CardUnknown
from duly.credit.models import CardAdoption, Scorecard
from duly.credit.models.scores import CHALLENGER, CHAMPION
from duly.credit.queries.backtests import Backtest
from duly.credit.queries.known import known_of_request
from duly.credit.queries.requests import request_numbered
from duly.credit.queries.scores import adoption_on, score_of, scorecard, scorecards
from duly.credit.rules.backtesting import Money
from duly.credit.rules.standard_cards import CARDS
from duly.interfaces.exchange.scoring import read_json, score_document, shipped_card
from duly.kernel.currencies import exponent
from duly.kernel.money import text_from_minor
from duly.parties.models import Entity


def cards_document(entity_id: int, on: date) -> dict[str, Any]:
    """Every version there is, and which of them judges on a day, or runs beside."""
    places = {place: adoption_on(entity_id, place, on) for place in (CHAMPION, CHALLENGER)}
    rows = scorecards(entity_id)
    kept = {row.version for row in rows}
    shipped = [
        {"version": card["version"], "title": card["title"], "origin": "shipped", "by": ""}
        for card in CARDS.values()
        if card["version"] not in kept
    ]
    champion = places[CHAMPION]
    standard = CARDS["standard"]["version"]
    told = [*shipped, *(_card_row(row) for row in rows)]
    for row in told:
        at = [
            place
            for place, adoption in places.items()
            if adoption and adoption.scorecard_id and adoption.scorecard_id == row.get("id")
        ]
        is_fallback = champion is None and row["version"] == standard
        row["place"] = CHAMPION if is_fallback else (at[0] if at else "")
    return {"cards": told}


def _card_row(row: Scorecard) -> dict[str, Any]:
    return {
        "id": row.pk,
        "version": row.version,
        "title": row.title,
        "origin": row.origin,
        "by": row.actor,
        "at": row.recorded_at.isoformat(),
    }


def card_document(entity_id: int | None, name: str) -> dict[str, Any]:
    """A card that comes with Duly, or a version that is kept. Refuses: CardUnknown."""
    shipped = next((c for c in CARDS.values() if name in {c["id"], c["version"]}), None)
    if shipped is not None:
        return {"card": shipped}
    if entity_id is None:
        raise CardUnknown(
            f"There is no scorecard {name[:64]!r}.",
            facts={"version": name[:64]},
            remedy="Look at `duly credit card list`.",
        )
    row = scorecard(entity_id, name)
    return {"card": row.card, "report": row.report}


def propose_from(entity_id: int, path: Path, origin: str, author: Author) -> dict[str, Any]:
    """Keep a card, or the report of one that was fitted, from a file. Adopts nothing."""
    told = read_json(path)
    is_report = isinstance(told, dict) and "card" in told and "auc" in told
    row = propose_card(
        entity_id=entity_id,
        document=told["card"] if is_report else told,
        origin="trained" if is_report else origin,
        author=author,
        report=_plain(told) if is_report else None,
    )
    return {"cards": [_card_row(row)]}


def _plain(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name != "card"}


def adopt(
    entity_id: int, name: str, place: str, on: date, reason: str, author: Author
) -> dict[str, Any]:
    """Adopt a version; one that comes with Duly is kept as it is today. Refuses: CardUnknown."""
    shipped = shipped_card(name)
    if shipped is not None:
        document = next(c for c in CARDS.values() if c["version"] == shipped.version)
        propose_card(entity_id=entity_id, document=document, origin="shipped", author=author)
        name = shipped.version
    row = adopt_card(
        entity_id=entity_id, version=name, place=place, on=on, reason=reason, author=author
    )
    return {"adoptions": [_adoption_row(row, name)]}


def end(entity_id: int, on: date, reason: str, author: Author) -> dict[str, Any]:
    """End the challenge."""
    row = end_challenge(entity_id=entity_id, on=on, reason=reason, author=author)
    return {"adoptions": [_adoption_row(row, "")]}


def _adoption_row(row: CardAdoption, version: str) -> dict[str, Any]:
    return {
        "version": version,
        "place": row.place,
        "from_on": row.from_on.isoformat(),
        "by": row.actor,
    }


def rescore(entity: Entity, ids: list[int] | None, on: date, author: Author) -> dict[str, Any]:
    """Score customers, or all of them."""
    told = score_all(entity=entity, customer_ids=ids, on=on, author=author)
    return {
        "scored": told.scored,
        "bands": told.bands,
        "fell_a_band": len(told.fallen),
        "nothing_known": told.not_scorable,
    }


def backtest_document(told: Backtest, currency: str) -> dict[str, Any]:
    """What cards came to, in money."""
    places = exponent(currency)
    return {
        "currency": currency,
        "customers": told.customers,
        "champion": _money(told.champion, places),
        "challenger": _money(told.challenger, places) if told.challenger else None,
        "overrides": [
            {
                "person": one.person,
                "approved": one.approved,
                "approved_invoiced": text_from_minor(one.approved_invoiced_minor, places),
                "approved_went_bad": text_from_minor(one.approved_bad_minor, places),
                "declined": one.declined,
            }
            for one in told.overrides
        ],
    }


def _money(told: Money, places: int) -> dict[str, Any]:
    return {
        "accepted": told.accepted,
        "refused": told.refused,
        "accepted_invoiced": text_from_minor(told.accepted_invoiced_minor, places),
        "accepted_went_bad": text_from_minor(told.accepted_bad_minor, places),
        "refused_invoiced": text_from_minor(told.refused_invoiced_minor, places),
        "losses_avoided": text_from_minor(told.losses_avoided_minor, places),
        "margin_refused": text_from_minor(told.margin_refused_minor, places),
        "gain": text_from_minor(told.gain_minor, places),
    }


def score_request_numbered(entity: Entity, number: str, on: date, author: Author) -> dict[str, Any]:
    """Score who asks for credit by what every part knows of them."""
    request = request_numbered(entity.pk, number)
    row = score_request(
        entity_id=entity.pk,
        request_id=request.pk,
        customer_id=request.customer_id,
        factors=known_of_request(entity, request, on),
        on=on,
        author=author,
    )
    return {"request": number, **score_document(score_of(row))}

"""Scorecards on pages: which judges, which runs beside, how they agree and what they came to.

`score_card_of_request` and `score_card_of_customer` give what `web/credit/score_card.html` takes as
`score_card`, on any page of a subject.
"""

from django.urls import path

from duly.interfaces.web.pages.cards.one import card
from duly.interfaces.web.pages.cards.overview import cards
from duly.interfaces.web.pages.cards.shown import (
    score_card,
    score_card_of_customer,
    score_card_of_request,
)

urlpatterns = [
    path("credit/cards", cards, name="credit_cards"),
    path("credit/cards/<path:version>", card, name="credit_card"),
]

__all__ = ["score_card", "score_card_of_customer", "score_card_of_request", "urlpatterns"]

"""Whatever a form of the cash page says, the answer is a page or a refusal, and the books hold."""

import random
from datetime import date
from urllib.parse import unquote

import pytest
from tests.building import broken
from tests.interfaces.web.cash_books import Opened, cash_books, form_of, item_id, payment_id
from tests.interfaces.web.test_odd_input import ODD, SEED

from duly.parties.models import Entity
from duly.receivables.models import Payment

TRIES = 25
AMOUNTS = ("1e5", "-0", "0.001", "9" * 20 + ".99", "92233720368547758.08", "-1", "1,5", "", "0.01")
RESTS = ("discount=1;discount=2", "tolerance=" + "9" * 18, "tolerance=0", "a=1", "=1", "bank_fee")
SHOWN = ("INV-1001", "INV-1002", "INV-2001", "CN-2003", "INV-3001")


@pytest.mark.parametrize("number", ["P-2", "P-3", "P-4", "P-5"])
def test_a_line_with_odd_fields(entity: Entity, today: date, open_as: Opened, number: str) -> None:
    cash_books(entity, today)
    client, chance = open_as("manager"), random.Random(f"{SEED} {number}")
    client.raise_request_exception = False
    items = [item_id(one) for one in SHOWN]
    values = [unquote(one, errors="replace") for one in ODD]
    values += [*AMOUNTS, *RESTS, *map(str, items)]
    failed = []
    for _ in range(TRIES):
        form = form_of(client, number) if Payment.objects.get(number=number).unapplied_minor else {}
        names = [*form, *(f"{part}-{one}" for one in items for part in ("amount", "rest"))]
        name, value = chance.choice([*names, "note", "reason", "why"]), chance.choice(values)
        act = chance.choice(["accept", "accept", "aside", "undo", "take-up"])
        form = {**form, "why": "tax", name: value}
        told = client.post(f"/cash/{payment_id(number)}/{act}/", form)
        if told.status_code >= 500:
            failed.append((act, name, value[:50]))
    assert failed == []
    assert broken() == {}

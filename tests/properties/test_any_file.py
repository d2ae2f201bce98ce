"""Whatever stands in the cells of files: taken or refused, never a crash, and the books hold."""

import csv
import io
import random
from collections.abc import Sequence
from datetime import date

import pytest

from building import Books, broken, row_count
from duly.intake.actions.importing import _TAKERS
from duly.intake.queries import imports
from duly.intake.rules.columns import KINDS
from duly.kernel.errors import Defect, DulyError

pytestmark = pytest.mark.django_db

CODES = ("A", "B", "C", "=1+1", "Ünï", "a b")
NUMBERS = tuple(f"I{n}" for n in range(20))
LIKELY: dict[str, Sequence[str]] = {
    "customer_id": CODES,
    "parent_id": (*CODES, ""),
    "name": ("Ann", "Bea"),
    "currency": ("EUR", "USD", "JPY", "KWD", "CLF"),
    "kind": ("invoice", "credit_note", "debit_note"),
    "number": NUMBERS,
    "item_number": NUMBERS,
    "payment_id": (*(f"P{n}" for n in range(12)), *NUMBERS),
    "issued_on": ("2026-01-01", "2026-01-15"),
    "due_on": ("2026-02-01", "2026-03-01", ""),
    "received_on": ("2026-01-20",),
    "applied_on": ("2026-01-25", "2026-02-25"),
    "on": ("2026-01-01", "2026-01-02"),
    "amount": ("10", "20.00", "100", "7", "5"),
    "open_amount": ("", "0", "5", "7"),
    "discount": ("", "1", "0"),
    "per_entity_currency": ("1.1", "2"),
    "terms": ("", "net30", "2/10 net 30", "50% net 30, 50% net 60"),
    "discount_until": ("", "2026-01-10"),
    "discount_amount": ("", "1"),
    "role": ("owner", "other", ""),
    "delivered_on": ("", "2026-01-05"),
    "country": ("DE", ""),
    "email": ("a@b.example", ""),
    "timezone": ("Europe/Berlin", ""),
    "credit_limit": ("", "1000"),
    "do_not_chase": ("", "yes"),
    "do_not_contact": ("", "no"),
    "payment_method": ("", "card"),
}
UNLIKELY = (
    "",
    *("x" * length for length in (64, 65, 200, 201, 500, 501)),
    "é" * 64,
    "😀" * 64,
    "\u202eabc",
    "1e400",
    "-1",
    "0.00",
    "9" * 20,
    "9" * 15 + ".99",
    "9" * 13 + ".99",
    "2026-02-30",
    "0000-00-00",
    "9999-12-31",
    "1900-01-01",
    "2199-12-31",
    '"',
    "a\nb",
    "a\tb",
    "NaN",
    "٣",
    "1,5",
    "1.555",
    "net 30 EOM",
    "#SKONTO#TAGE=10#PROZENT=2#\n",
    "XX",
    "XXQ",
    "a@b@c",
)


def text_of(kind: str, dice: random.Random) -> str:
    """A file of a kind: some rows as they should be, some as nobody would expect."""
    of = KINDS[kind]
    columns = [*of.required, *dice.sample(of.optional, dice.randrange(len(of.optional) + 1))]
    dice.shuffle(columns)
    share = dice.choice((0, 0, 0.02, 0.2))
    held = io.StringIO()
    writer = csv.writer(held)
    writer.writerow(columns)
    for _ in range(dice.randrange(30)):
        writer.writerow(
            dice.choice(UNLIKELY if dice.random() < share else LIKELY.get(name, ("", "v")))
            for name in columns
        )
    return held.getvalue()


@pytest.mark.parametrize("seed", range(4))
def test_the_books_hold_whatever_comes_in(seed: int) -> None:
    dice = random.Random(seed)
    books = Books()
    taken = reverted = 0
    for _ in range(25):
        kinds = dice.sample(sorted(_TAKERS.keys() & KINDS), dice.randrange(1, 4))
        options = {
            "create_customers": dice.random() < 0.5,
            "accept_partial": dice.random() < 0.6,
            "accept_closing": True,
        }
        if "items" in kinds and dice.random() < 0.1:
            options["snapshot_on"] = date(2026, 2, 10)  # type: ignore[assignment]
        before = row_count()
        try:
            reports = books.take_in_all([(k, text_of(k, dice), "") for k in kinds], **options)
        except Defect:
            raise
        except DulyError:
            assert row_count() == before
        else:
            taken += 1
            for report in reports:
                sorts = ("new", "changed", "same", "rejected")
                assert report["rows"] == sum(report[sort] for sort in sorts)
        if taken and dice.random() < 0.3:
            before = row_count()
            try:
                books.revert(dice.choice(imports()).batch_id)
                reverted += 1
            except Defect:
                raise
            except DulyError:
                assert row_count() == before
    assert taken > 5
    assert reverted
    assert broken() == {}

"""Who asks the seller for credit: firms that apply, what they send, and what is heard of them.

Four stories, one a state of a request: one that waits for a decision with all that is needed, one
that grew and was granted its terms, one to look at twice, and one that is not finished.
"""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from duly.kernel.dates import add_months
from duly.world import names
from duly.world.company import CURRENCY
from duly.world.dice import Dice, dice
from duly.world.places import PLACES, Place
from duly.world.records import History

# A maker's last three years, the newest first, in thousands.
LINES = (
    ("total assets", 5000, 4760, 4610),
    ("current assets", 2400, 2260, 2150),
    ("cash", 250, 240, 265),
    ("receivables", 1100, 1030, 960),
    ("inventory", 800, 770, 730),
    ("intangibles", 200, 205, 210),
    ("current liabilities", 1500, 1460, 1450),
    ("payables", 700, 640, 585),
    ("total liabilities", 3000, 3005, 2990),
    ("equity", 2000, 1755, 1620),
    ("retained earnings", 900, 660, 525),
    ("sales", 8000, 7500, 7070),
    ("cost of goods sold", 5600, 5290, 5010),
    ("ebit", 520, 425, 360),
    ("interest", 120, 118, 124),
    ("profit before tax", 400, 307, 236),
    ("net income", 300, 240, 216),
    ("operating cash flow", 430, 365, 330),
)


class Answer(NamedTuple):
    """What a referee told: of which reference in order, and when."""

    place: int
    on: date
    told: dict[str, str]


class Applicant(NamedTuple):
    """A firm that applies; `file` holds what it filled in."""

    file: Path
    on: date
    is_draft: bool = False
    statements: Path | None = None
    answers: tuple[Answer, ...] = ()
    granted: str = ""  # what a person approved


def write_applicants(history: History, folder: Path) -> list[Applicant]:
    """The requests of the last weeks, each a file, the oldest first."""
    folder.mkdir(exist_ok=True)
    until = history.until
    place = PLACES[history.company.country]
    made = []
    for number, (days, story) in enumerate(
        ((40, "granted"), (12, "complete"), (3, "doubtful"), (1, "unfinished")), 1
    ):
        stream = dice(history.company.seed, "applicant", number)
        on = until - timedelta(days=days)
        given = _answers(stream, place, on)
        statements = None
        if story == "doubtful":
            given |= _doubts(on)
        if story == "unfinished":
            given = {name: given[name] for name in ("legal_name", "country", "currency", "amount")}
        if story in ("granted", "complete"):
            statements = _write_statements(folder / f"{number}-accounts.csv", on)
        file = folder / f"{number}-{story}.json"
        file.write_text(json.dumps(given, ensure_ascii=False, indent=1), encoding="utf-8")
        granted = "20000.00" if story == "granted" else ""
        answers = () if story in ("doubtful", "unfinished") else _told(stream, on)
        made.append(Applicant(file, on, story == "unfinished", statements, answers, granted))
    return made


def _answers(stream: Dice, place: Place, on: date) -> dict[str, Any]:
    """Every field of the form that comes with Duly."""
    name, form = names.firm_name(stream, place, "mid")
    town, boss, clerk = (
        stream.choice(place.towns),
        *(names.person_name(stream, place) for _ in "ab"),
    )
    street = place.street.format(name=stream.choice(place.surnames), number=stream.randrange(1, 99))
    mail = f"{names.plain(name).replace(' & ', '-').replace(' ', '-')}.example"
    yearly = stream.randrange(9, 30) * 20_000
    return {
        "legal_name": f"{name} {form}".strip(),
        "legal_form": "company",
        "country": place.country,
        "formed_in": place.country,
        "formed_on": str(add_months(on, -stream.randrange(60, 300))),
        "registration_number": f"HRB {stream.randrange(10_000, 99_999)}",
        "registered_address": f"{street}\n{town}",
        "billing_address": f"{street}\n{town}",
        "owners": [{"name": boss, "role": "Director", "share": "100"}],
        "payables_name": clerk,
        "payables_email": f"buchhaltung@{mail}",
        "invoice_email": f"rechnung@{mail}",
        "line_of_business": "Verpackungsdruck",
        "staff": stream.randrange(12, 90),
        "yearly_sales": str(yearly * 12),
        "premises": "lease",
        "currency": CURRENCY,
        "amount": f"{yearly // 8 // 500 * 500}.00",
        "monthly_purchases": str(yearly // 12),
        "terms": "net 30",
        "trade_references": [
            {"name": f"{names.firm_name(stream, place, 'mid')[0]} AG", "contact": clerk,
             "email": f"kredit@lieferant-{number}.example"}
            for number in range(1, 4)
        ],
        "bank_name": f"Handelsbank {town}",
        "statements_kind": "audited",
        "statements_years": 3,
        "may_ask_references": True,
        "may_ask_bank": True,
        "may_get_reports": True,
        "has_read_data_notice": True,
        "signs_electronically": True,
        "accepts_conditions": True,
        "signer_name": boss,
        "signer_title": "Director",
        "signer_authority": "By the register",
    }  # fmt: skip


def _doubts(on: date) -> dict[str, Any]:
    """What a person should look at: young, in a hurry, and large."""
    return {
        "formed_on": str(add_months(on, -3)),
        "amount": "80000.00",
        "monthly_purchases": "9000",
        "first_order": "60000",
        "first_order_on": str(on + timedelta(days=2)),
    }


def _write_statements(path: Path, on: date) -> Path:
    ends = [f"{on.year - back}-12-31" for back in (1, 2, 3)]
    rows = [("line", *ends), ("months", 12, 12, 12), *LINES]
    path.write_text("\n".join(",".join(map(str, row)) for row in rows) + "\n", encoding="utf-8")
    return path


def _told(stream: Dice, on: date) -> tuple[Answer, ...]:
    """Three suppliers answer: two pay on time, one waits a little."""
    return tuple(
        Answer(
            place,
            on + timedelta(days=stream.randrange(1, 8)),
            {
                "opened_on": str(add_months(on, -stream.randrange(20, 90))),
                "currency": CURRENCY,
                "high_credit": high,
                "owing": str(stream.randrange(2, 20) * 500),
                "past_due": "0" if not slow else "1200",
                "days_slow": str(slow),
                "terms": "net 30",
            },
        )
        for place, (high, slow) in enumerate((("40000", 0), ("60000", 4), ("75000", 9)))
    )

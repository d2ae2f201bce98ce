"""The sample company: lived by the world, written as files, imported like anyone's."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from duly.access.actions import Author, add_user
from duly.access.queries import users
from duly.interfaces.cli import home
from duly.interfaces.cli.sample_credit import tell_credit
from duly.interfaces.cli.serving import FIRST_USER
from duly.interfaces.exchange.importing import Wanted, import_files
from duly.interfaces.exchange.settling import carry_out
from duly.kernel.calendar import TARGET, is_business_day
from duly.kernel.currencies import exponent
from duly.kernel.dates import add_months
from duly.kernel.errors import Conflict
from duly.kernel.money import text_from_minor
from duly.parties.actions import add_entity
from duly.parties.models import Entity
from duly.parties.queries import entities
from duly.receivables.queries import Scope, aging
from duly.world.company import STAFF, Company, build_company
from duly.world.months import write_month
from duly.world.records import History
from duly.world.statements import write_statements
from duly.world.tables import write_tables
from duly.world.trading import World

FOLDER = "sample"
MARK = "ABOUT.txt"  # in a folder that this module made, and may make anew
ACTOR = "sample"

Say = Callable[[str], None]


class HomeNotEmpty(Conflict):
    """The sample company would mix with books that are there."""

    code = "HOME_NOT_EMPTY"


@dataclass(frozen=True, slots=True)
class Wish:
    """Which company is wanted: the same wish gives the same company."""

    customers: int
    months: int
    seed: int
    until: date

    @property
    def start(self) -> date:
        return add_months(self.until, -self.months) + timedelta(days=1)


def make_sample(
    wish: Wish, *, key: str | None = None, is_dry_run: bool = False, say: Say
) -> dict[str, Any]:
    """Build the company, its people and its books, all or nothing; its files stay in the home.

    Refuses: HomeNotEmpty where there is a company already.
    """

    def act() -> dict[str, Any]:
        is_business_day(wish.until, TARGET)  # refuses years that no bank's calendar knows
        _refuse_mixing()
        if is_dry_run:
            with tempfile.TemporaryDirectory() as scratch:
                return {**_make(wish, Path(scratch), say), "files": None}
        folder = _fresh_folder(wish)
        return {**_make(wish, folder, say), "files": str(folder)}

    given = [wish.customers, wish.months, wish.seed, wish.until.isoformat()]
    return carry_out(act, key, "demo", given, home.now(), is_dry_run)


def _make(wish: Wish, folder: Path, say: Say) -> dict[str, Any]:
    """Live, write, import; tell what there is then."""
    say(f"{wish.customers} customers trade from {wish.start} to {wish.until} ...")
    company = build_company(
        seed=wish.seed, customers=wish.customers, start=wish.start, until=wish.until
    )
    history = World(company, wish.start).live(wish.until)
    tables = write_tables(history, folder)
    statements = write_statements(history, folder / "bank")
    write_month(history, folder / "month")
    say(f"Importing {len(tables)} files; {len(statements)} bank statements lie beside them ...")
    entity = _open_books(company)
    import_files(tables, wanted=Wanted(entity=company.name), actor=ACTOR, at=home.now())
    tell_credit(entity, history, folder, Author(ACTOR, home.now()))
    return _told(history, entity.pk)


def is_empty() -> bool:
    """Whether no company keeps its books here."""
    return not entities()


def _refuse_mixing() -> None:
    found = entities()
    folder = settings.HOME / FOLDER
    if found:
        raise HomeNotEmpty(
            f"{found[0].name} keeps its books here. The sample company needs a home of its own.",
            facts={"home": str(settings.HOME), "entity": found[0].name},
            remedy="Name an empty one: DULY_HOME=FOLDER duly demo",
        )
    if folder.exists() and not (folder / MARK).exists():
        raise HomeNotEmpty(
            f"There is a folder {folder} that is not the sample company's.",
            facts={"home": str(settings.HOME), "folder": str(folder)},
            remedy="Rename it, or name another home: DULY_HOME=FOLDER duly demo",
        )


def _fresh_folder(wish: Wish) -> Path:
    """The folder of the sample's files, without those of a run that did not come to its end."""
    folder: Path = settings.HOME / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARK).write_text(
        f"The sample company of `duly demo`: seed {wish.seed}, {wish.start} to {wish.until}.\n"
        "The tables were imported. The bank's statements in bank/ tell the same payments, with\n"
        "those that went back, fees and transfers between own accounts. month/ has its last month\n"
        "as camt.053, MT940, BAI2 and OFX, and truth.csv: who paid what, which no bank tells.\n"
        "Nothing here is real.\n"
    )
    return folder


def _open_books(company: Company) -> Entity:
    """The company and its people; whoever has an address here already stays as they are."""
    at = home.now()
    entity = add_entity(
        name=company.name,
        currency=company.currency,
        country=company.country,
        timezone=company.timezone,
        terms=company.terms,
        is_sample=True,
        at=at,
    )
    known = {person.email for person in users()}
    people = [(FIRST_USER, "Administrator", "admin"), *STAFF]
    for email, name, role in people:
        if email not in known:
            add_user(email=email, name=name, role=role, password=None, at=at, is_sample=True)
    return entity


def _told(history: History, entity_id: int) -> dict[str, Any]:
    gone = history.returned()
    totals = aging(on=history.until, scope=Scope(entity_id=entity_id), by="none").totals
    return {
        "customers": len(history.company.customers),
        "invoices": sum(document.kind == "invoice" for document in history.documents()),
        "payments": sum(one.bank_reference not in gone for one in history.payments()),
        "open": {
            currency: text_from_minor(row.total, exponent(currency))
            for currency, row in totals.items()
        },
    }

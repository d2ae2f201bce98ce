"""One way into each refusal, through what a person would do: a file, a command, a click.

`SAMPLES` maps a code to a function of a `Desk` that must raise it. Codes of families, and of
defects that no input can cause, stand in `WITHOUT_SAMPLE` with the reason.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from tests.errors import (
    samples_of_api,
    samples_of_cash,
    samples_of_charges,
    samples_of_collections,
    samples_of_credit,
    samples_of_files,
    samples_of_limits,
    samples_of_orders,
    samples_of_plans,
    samples_of_requests,
    samples_of_returns,
    samples_of_reviews,
    samples_of_scores,
)
from tests.errors.desk import AT, CUSTOMERS, ITEMS, ON, Desk

from duly.access import actions as access
from duly.access.queries import users
from duly.intake.actions import settle_upload, tie_copy
from duly.intake.actions.uploads import keep_upload
from duly.intake.queries import imports
from duly.interfaces.cli.serving import _require_free
from duly.interfaces.exchange.importing import Wanted, import_files, revert
from duly.interfaces.exchange.logos import keep_logo
from duly.interfaces.exchange.match_runs import match_run_of
from duly.interfaces.exchange.settling import Asked, unapply_by_number
from duly.interfaces.exchange.statement_runs import run_of
from duly.interfaces.jobs.worker import TaskAbandoned
from duly.kernel.calendar import is_business_day
from duly.kernel.currencies import exponent
from duly.kernel.dates import parse_iso_date
from duly.kernel.money import Money
from duly.kernel.terms import parse_terms
from duly.ledger.actions import lock_period, recording
from duly.ledger.rules.accounts import BANK, RECEIVABLE
from duly.ledger.rules.entries import Draft, debit, refuse_unbalanced
from duly.parties.actions import (
    Author,
    CustomerDraft,
    add_entity,
    ask_bank_details,
    decide_bank_details,
    save_customers,
    save_entity,
)
from duly.parties.queries import customer, entity
from duly.parties.rules.bank_details import BankDetailsDraft
from duly.receivables.actions import attribute_payments, void_documents
from duly.receivables.models import Document
from duly.receivables.queries import payments_by_number
from duly.receivables.rules.statements import ACTIVITY, Account, part_of


def _added_twice(desk: Desk) -> None:
    for email in ("a@example.org", "A@Example.org"):
        access.add_user(email=email, name="A", role="viewer", password=None, at=AT)


def _closed_alone(desk: Desk) -> None:
    access.add_user(email="a@example.org", name="A", role="admin", password=None, at=AT)
    access.close_user(email="a@example.org", author=ASKED)


def _used_link(desk: Desk) -> None:
    access.add_user(email="a@example.org", name="A", role="viewer", password=None, at=AT)
    secret = access.issue_entry_link(email="a@example.org", at=AT)
    access.redeem_entry_link(secret=secret, at=AT)
    access.redeem_entry_link(secret=secret, at=AT)


def _not_your_part(desk: Desk) -> None:
    access.add_user(email="a@example.org", name="A", role="viewer", password=None, at=AT)
    access.require(user=users()[0], act="import")


def _key_reused(desk: Desk) -> None:
    for given in ("one", "another"):
        access.once(key="k1", command="apply", given=given, at=AT, act=dict)


def _locked(desk: Desk) -> None:
    desk.open_books()
    lock_period(entity_id=entity(None).pk, through_on=ON, actor="test", at=AT)
    desk.take(ITEMS.replace("I1", "I9").replace("I2", "I8").replace("I3", "I7").replace("I4", "I6"))


def _in_use(desk: Desk) -> None:
    desk.open_books()
    first = min(one.batch_id for one in imports())
    revert(batch_id=first, actor="test", at=AT)


def _reverted_twice(desk: Desk) -> None:
    add_entity(name="Northwind", currency="EUR", country="DE", at=AT)
    batch = desk.take(CUSTOMERS)["batches"][0]["id"]
    for _ in range(2):
        revert(batch_id=batch, actor="test", at=AT)


def _cycle(desk: Desk) -> None:
    one = desk.open_books() and customer(entity_id=entity(None).pk, code="C1")
    draft = CustomerDraft("C1", {"parent_id": one.pk})
    save_customers(author=Author("test", AT), entity_id=one.entity_id, customers=[draft])


def _upload_gone(desk: Desk) -> None:
    upload = keep_upload(entity_id=1, user_id=1, files=[], at=AT)
    for _ in range(2):
        settle_upload(upload=upload, at=AT)


def _plan_changed(desk: Desk) -> None:
    add_entity(name="Northwind", currency="EUR", country="DE", at=AT)
    path = desk.folder / "customers.csv"
    path.write_text(CUSTOMERS)
    import_files([path], wanted=Wanted(), actor="test", at=AT, expected_digest="0" * 64)


def _two_entities(desk: Desk) -> None:
    for name in ("Northwind", "Southwind"):
        add_entity(name=name, currency="EUR", country="DE", at=AT)
    entity(None)


def _voided_twice(desk: Desk) -> None:
    desk.open_books()
    ids = set(Document.objects.filter(number="I1").values_list("pk", flat=True))
    own = entity(None).pk
    for _ in range(2):
        with recording(kind="void", entity_id=own, actor="test", at=AT) as recorder:
            void_documents(recorder=recorder, entity_id=own, document_ids=ids, on=ON)


def _void_unknown(desk: Desk) -> None:
    desk.open_books()
    own = entity(None).pk
    with recording(kind="void", entity_id=own, actor="test", at=AT) as recorder:
        void_documents(recorder=recorder, entity_id=own, document_ids=[99], on=ON)


def _number_unclear(desk: Desk) -> None:
    desk.open_books().take(
        ITEMS.splitlines()[0] + "\ndebit_note,I1,C1,EUR,2026-02-01,,net30,1.00\n"
    )
    desk.run("void", "I1", "--customer", "C1")


def _lock_goes_back(desk: Desk) -> None:
    desk.open_books()
    for through in ("2026-02-28", "2026-01-31"):
        desk.run("lock", through)


def _void_settled(desk: Desk) -> None:
    desk.open_books().apply("I1", "1.00")
    desk.run("void", "I1", "--customer", "C1", "--on", "2026-03-02")


def _unclear_snapshot(desk: Desk) -> None:
    head, _, *rest = ITEMS.splitlines()
    text = "\n".join([head, *rest, "invoice"])
    desk.open_books().take(text, snapshot_on=ON, accept_partial=True)


def _absurd_sum(desk: Desk) -> None:
    head, first, *_ = ITEMS.splitlines()
    rows = [first.replace("I1", f"X{n}").replace("100.00", "9" * 13) for n in range(101)]
    desk.open_books().take("\n".join([head, *rows]))


def _too_much_closes(desk: Desk) -> None:
    head, first, *_ = ITEMS.splitlines()
    desk.open_books().take(f"{head}\n{first}\n", snapshot_on=ON)


def _taken_address(desk: Desk) -> None:
    import socket

    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        _require_free("127.0.0.1", holder.getsockname()[1])


ASKED = Author("ann", AT)
IBAN = "DE89370400440532013000"


def _bank_details(**more: str) -> int:
    pk = add_entity(name="Northwind", currency="EUR", country="DE", at=AT).pk
    draft = BankDetailsDraft(**{"currency": "EUR", "holder": "Northwind", "iban": IBAN} | more)
    return ask_bank_details(author=ASKED, entity_id=pk, draft=draft).pk


def _decided_twice(desk: Desk) -> None:
    number = _bank_details()
    for _ in range(2):
        decide_bank_details(author=Author("ben", AT), approval_id=number, is_approved=True)


def _statement_without_its_first_day(desk: Desk) -> None:
    desk.open_books().run("statement", "C1", "--kind", "activity")


def _statement_that_does_not_add_up(desk: Desk) -> None:
    part_of([Account(opening_minor=1)], currency="EUR", kind=ACTIVITY, on=ON)


def _attributed_early(desk: Desk) -> None:
    desk.open_books()
    company = entity(None)
    with recording(kind="match", entity_id=company.pk, actor="test", at=AT) as recorder:
        payers = {payments_by_number(company.pk, ["P1"])["P1"].id: None}
        attribute_payments(
            recorder=recorder, entity_id=company.pk, payers=payers, on=date(2020, 1, 1)
        )


def _abandoned(desk: Desk) -> None:
    raise TaskAbandoned("The process of this task ended before it did.", remedy="It runs again.")


def _unbalanced(desk: Desk) -> None:
    legs = (debit(RECEIVABLE, 5, "EUR", 1), debit(BANK, 5, "EUR", 1))
    refuse_unbalanced([Draft("2026-03-02", "invoice", "document", 1, None, legs)])


SAMPLES: dict[str, Callable[[Desk], object]] = {
    **samples_of_files.SAMPLES,
    **samples_of_cash.SAMPLES,
    **samples_of_charges.SAMPLES,
    **samples_of_collections.SAMPLES,
    **samples_of_credit.SAMPLES,
    **samples_of_orders.SAMPLES,
    **samples_of_plans.SAMPLES,
    **samples_of_requests.SAMPLES,
    **samples_of_api.SAMPLES,
    **samples_of_returns.SAMPLES,
    **samples_of_scores.SAMPLES,
    **samples_of_limits.SAMPLES,
    **samples_of_reviews.SAMPLES,
    "ADDRESS_TAKEN": _taken_address,
    "ALREADY_REVERTED": _reverted_twice,
    "ALREADY_VOID": _voided_twice,
    "AMOUNT_NOT_POSITIVE": lambda d: d.open_books().apply("I1", "0.00"),
    "APPLIED_TOO_EARLY": lambda d: d.open_books().apply("I1", "1.00", on=date(2026, 2, 10)),
    "ATTRIBUTED_TOO_EARLY": _attributed_early,
    "APPROVAL_DECIDED": _decided_twice,
    "APPROVAL_UNKNOWN": lambda d: decide_bank_details(
        author=ASKED, approval_id=9, is_approved=True
    ),
    "BANK_DETAILS_UNFIT": lambda d: _bank_details(holder=" "),
    "BANK_NUMBER_WRONG": lambda d: _bank_details(iban="DE98370400440532013000"),
    "BUCKETS_UNCLEAR": lambda d: d.open_books().run("aging", "--buckets", "60,30"),
    "CURRENCY_DIFFERS": lambda d: d.open_books().apply("I2", "1.00"),
    "CUSTOMER_UNKNOWN": lambda d: d.open_books().apply("I1", "1.00", source="P2", customer="C9"),
    "DOCUMENT_UNKNOWN": _void_unknown,
    "ENTITY_DETAILS_UNFIT": lambda d: save_entity(
        author=ASKED,
        entity_id=add_entity(name="Northwind", currency="EUR", country="DE", at=AT).pk,
        values={"phone": "1" * 41},
    ),
    "ENTITY_EXISTS": lambda d: [
        add_entity(name="Northwind", currency="EUR", country="DE", at=AT) for _ in range(2)
    ],
    "ENTITY_NAME_UNFIT": lambda d: add_entity(name=" ", currency="EUR", country="DE", at=AT),
    "ENTITY_UNCLEAR": _two_entities,
    "ENTITY_UNKNOWN": lambda d: entity("Nowhere"),
    "ENTRY_LINK_SPENT": _used_link,
    "FILE_EMPTY": lambda d: d.take(b""),
    "FILES_UNREADABLE": lambda d: import_files(
        [d.folder / "none.csv", d.folder / "neither.csv"], wanted=Wanted(), actor="test", at=AT
    ),
    "FILE_MISSING": lambda d: import_files(
        [d.folder / "none.csv"], wanted=Wanted(), actor="test", at=AT
    ),
    "HOME_NOT_EMPTY": lambda d: d.open_books().run("demo", "--customers", "1"),
    "IMPORT_IN_USE": _in_use,
    "IMPORT_UNKNOWN": lambda d: revert(batch_id=99, actor="test", at=AT),
    "INSTALMENT_UNCLEAR": lambda d: d.open_books().apply("I3", "10.00"),
    "INVALID_AMOUNT": lambda d: Money.parse("1.234", "EUR"),
    "INVALID_DATE": lambda d: parse_iso_date("2026-02-30"),
    "INVALID_SPLIT": lambda d: Money(100, "EUR").split([Decimal(-1), Decimal(2)]),
    "ITEM_SETTLED": _void_settled,
    "ITEM_UNKNOWN": lambda d: d.open_books().apply("I99", "1.00"),
    "KEY_REUSED": _key_reused,
    "KEY_UNUSABLE": lambda d: access.once(key="k" * 256, command="c", given=1, at=AT, act=dict),
    "LOCK_GOES_BACK": _lock_goes_back,
    "LOGO_UNFIT": lambda d: keep_logo(
        entity=d.open_books() and entity(), data=b"no image", author=access.Author("test", AT)
    ),
    "MAP_UNREADABLE": lambda d: d.map_as("a,b\n1,2\n", "= broken"),
    "MIXED_CURRENCIES": lambda d: Money(1, "EUR") + Money(1, "USD"),
    "NOTHING_APPLIED": lambda d: (
        unapply_by_number(Asked(actor="test", at=AT, on=ON), source="P1")
        if d.open_books()
        else None
    ),
    "NOT_YOUR_PART": _not_your_part,
    "NUMBER_UNCLEAR": _number_unclear,
    "OVER_APPLIED": lambda d: d.open_books().apply("I1", "100.01"),
    "OWN_WORK_APPROVAL": lambda d: decide_bank_details(
        author=ASKED, approval_id=_bank_details(), is_approved=True
    ),
    "PARENT_CYCLE": _cycle,
    "PAYMENT_UNKNOWN": lambda d: d.open_books().apply("I1", "1.00", source="P9"),
    "PERIOD_LOCKED": _locked,
    "PLAN_CHANGED": _plan_changed,
    "RECEIPT_DATE_MISSING": lambda d: parse_terms("30 days after receipt of goods").schedule(
        Money(100, "EUR"), date(2026, 3, 1)
    ),
    "ROWS_REJECTED": lambda d: d.open_books().take(ITEMS.replace("100.00", "100,00")),
    "SNAPSHOT_UNCLEAR": _unclear_snapshot,
    "SUM_TOO_LARGE": _absurd_sum,
    "SNAPSHOT_IN_FUTURE": lambda d: d.open_books().take(ITEMS, snapshot_on=date(2026, 3, 3)),
    "SNAPSHOT_KIND": lambda d: d.open_books().take(CUSTOMERS, snapshot_on=ON),
    "TAKEN_BACK_TOO_EARLY": lambda d: d.open_books().run(
        "void", "I1", "--customer", "C1", "--on", "2026-01-31"
    ),
    "STATEMENT_DOES_NOT_ADD_UP": _statement_that_does_not_add_up,
    "COPY_UNKNOWN": lambda d: tie_copy(
        entity_id=1, copy_id=1, document_id=None, author=access.Author("test", AT)
    ),
    "MATCH_RUN_UNKNOWN": lambda d: match_run_of(1, "0" * 20),
    "STATEMENT_RUN_UNKNOWN": lambda d: run_of(1, "0" * 20),
    "STATEMENT_UNCLEAR": _statement_without_its_first_day,
    "TASK_ABANDONED": _abandoned,
    "TERMS_UNCLEAR": lambda d: parse_terms("60% net 30, 60% net 60"),
    "TOO_MUCH_CLOSES": _too_much_closes,
    "UNBALANCED": _unbalanced,
    "UNKNOWN_CALENDAR": lambda d: is_business_day(ON, "XX"),
    "UNKNOWN_CURRENCY": lambda d: exponent("EURO"),
    "UPLOAD_UNKNOWN": _upload_gone,
    "LAST_ADMINISTRATOR": _closed_alone,
    "USER_EXISTS": _added_twice,
    "USER_NAME_UNFIT": lambda d: access.add_user(
        email="a@example.org", name="A\u202e", role="viewer", password=None, at=AT
    ),
    "USER_UNKNOWN": lambda d: access.set_password(email="x@example.org", password="long enough"),
}

WITHOUT_SAMPLE = {
    "a family, raised by its members only": {
        "ERROR",
        "REFUSED",
        "MALFORMED",
        "MISSING",
        "FORBIDDEN",
        "CONFLICT",
        "RULE_BREACH",
        "OUTAGE",
        "DEFECT",
        "FILE_REFUSED",
    },
}

"""Whatever an address, a form or a cookie says, the answer is a page or a refusal, no crash.

Addresses of the whole web app are asked, and the forms that its pages hold are sent, with one field
made odd at a time; DULY_LONG=1 tries thousands more, DULY_SEED=8 others.
"""

import logging
import os
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from itertools import islice
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from tests.interfaces.web.conftest import AT
from tests.interfaces.web.desk_books import late_books, number_of

import duly.interfaces.web
from applying import application
from duly.access.actions import Author
from duly.access.models import Approval
from duly.cash_application.actions.aliases import AliasDraft, learn_aliases
from duly.cash_application.models import Alias
from duly.collections.actions import place_block
from duly.collections.models import (
    DayPlan,
    InstalmentPlan,
    Message,
    ScheduledRun,
    StatementSchedule,
    Task,
)
from duly.collections.rules.handing import Clock
from duly.credit.actions import stop_orders
from duly.credit.actions.holds import StopDraft
from duly.credit.actions.signals import record_signal
from duly.credit.models import CreditRequest, CreditReview, HoldCase, Reference
from duly.disputes.models import Dispute, DisputeFile
from duly.intake.models import Import
from duly.interfaces.exchange.ordering import OrderTold, check
from duly.interfaces.exchange.requesting import Asked, take_in
from duly.interfaces.jobs.scheduled import carry_out_due
from duly.parties.models import Entity
from duly.receivables.models import Document, Item, Payment, Refund

IS_LONG = bool(os.environ.get("DULY_LONG"))
MOST = 1_000 if IS_LONG else 120
SIZE = 5_000_000
SEED = int(os.environ.get("DULY_SEED", "7"))
TOKEN = "csrfmiddlewaretoken"
FORM = "application/x-www-form-urlencoded"

# As they stand in an address or in the body of a form.
ODD = (
    *map(
        quote,
        (
            "\x00",
            "a\x00b",
            "\x1b[2J",
            "\u202e",
            "²",
            "٣",
            "-1",
            "0",
            "1" + "0" * 30,
            "9" * 18,
            "9" * 5_000,
            "-0",
            "1e999",
            "NaN",
            "Infinity",
            "0x10",
            "1_000",
            "0001-01-01",
            "9999-12-31",
            "2199-12-31",
            "2026-02-30",
            "2026-03-02T25:61",
            "[" * 5_000,
            '{"a":' * 3_000,
            "[1]",
            '{"a": {}}',
            "'",
            "%",
            "\\",
            "<b>",
            "{{ 7 }}",
            "../../etc/passwd",
            "//example.org",
            " ",
            "\r\n",
            "ﬀ 株 😀",
            "x" * 3_000,
        ),
    ),
    "%FF%FE",
    "%C0%80",
    "%ED%A0%80",
    "%",
    "%u0000",
    "%00",
)
# What the code asks a form or an address for.
_READ = re.compile(r"""(?:\.get|\.getlist|_text|text|_number)\((?:request, )?["']([a-z_]+)["']""")
SOURCES = Path(duly.interfaces.web.__file__).parent


def names_read() -> list[str]:
    """Every field that a page asks for by name."""
    found = {"file", "scope", "page", "item", "segment", "after"}
    for path in SOURCES.rglob("*.py"):
        found |= set(_READ.findall(path.read_text()))
    return sorted(found)


@dataclass(frozen=True)
class Form:
    """A form of a page: where it is sent, and what stands in it."""

    method: str
    address: str
    fields: tuple[tuple[str, str], ...]


class Forms(HTMLParser):
    """Collects forms, and the buttons of htmx that send one."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.found = page, []
        self.here: list[tuple[str, str]] | None = None
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        for name in ("hx-get", "hx-post"):
            if told.get(name):
                self.found.append(Form(name[3:], told[name], ()))
        if tag == "form":
            self.method = told.get("method", "get").lower()
            self.action = told.get("action") or self.page
            self.here = []
        if self.here is None:
            return
        if tag == "select":
            self.select = told.get("name", "")
        elif tag == "option" and self.select:
            self.here = [one for one in self.here if one[0] != self.select or "selected" in told]
            self.here.append((self.select, told.get("value", "")))
        elif tag in ("input", "button", "textarea") and told.get("name", TOKEN) != TOKEN:
            self.here.append((told["name"], told.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""
        if tag == "form" and self.here is not None:
            self.found.append(Form(self.method, self.action, tuple(self.here)))
            self.here = None


def all_patterns(patterns: list, before: str = "") -> Iterator[str]:
    for one in patterns:
        if hasattr(one, "url_patterns"):
            yield from all_patterns(one.url_patterns, before + str(one.pattern))
        else:
            yield before + str(one.pattern)


@dataclass
class Desk:
    """A signed-in person, and an address of every page with records that are there."""

    client: Client
    addresses: list[str]

    def status(
        self, method: str, address: str, body: str | bytes = "", kind: str = FORM, **more: object
    ) -> int:
        """What is answered; what was written is forgotten."""
        with transaction.atomic():
            if method == "get":
                response = self.client.get(address, **more)
            else:
                response = self.client.post(address, data=body, content_type=kind, **more)
            transaction.set_rollback(True)
        return response.status_code


@pytest.fixture
def desk(
    entity: Entity,
    today: date,
    open_as: Callable[[str], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> Desk:
    """Books in which every kind of page has something to show."""
    late_books(entity, today, 3)
    client = open_as("admin")
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)  # a line an answer
    client.raise_request_exception = False
    client.post("/today/plan/")
    client.post("/today/release/", {"looked_at": DayPlan.objects.get().leaving})
    one = number_of("C3")
    told = {"outcome": "reached", "next_on": (today + timedelta(days=2)).isoformat()}
    client.post(f"/customers/{one}/acts/call/", told)
    item = Item.objects.get(customer_id=one).pk
    client.post(f"/customers/{one}/acts/dispute/", {"item": item, "amount": "9", "reason": "tax"})
    dispute = Dispute.objects.get().pk
    proof = {"files": SimpleUploadedFile("proof.txt", b"signed")}
    client.post(f"/disputes/{dispute}/files/", proof)
    client.post("/today/views/", {"name": "Calls", "query": "do=call"})
    bank = {"currency": "GBP", "iban": "GB82WEST12345698765432", "bic": "", "reason": "new"}
    client.post("/statements/ourselves/", {"act": "bank", **bank})
    form = {"name": "Sundays", "due": "sunday", "kind": "open-item", "by": "mail"}
    client.post("/statements/schedules/", form)
    StatementSchedule.objects.update(since_on=today - timedelta(days=7))
    carry_out_due(Clock(datetime.now(UTC), today))
    block = place_block(
        entity_id=entity.pk,
        customer_id=number_of("C2"),
        kind="snooze",
        reason="x",
        from_on=today,
        until_on=today + timedelta(days=3),
        actor="test",
        at=AT,
    )
    learn_aliases(
        entity_id=entity.pk,
        aliases=[AliasDraft(one, "account", "GB33BUKB20201555555555", None)],
        actor="test",
        at=AT,
        is_said=True,
    )
    client.post("/refunds/", {"payment": "PAY-1", "amount": "1.00", "reason": "twice"})
    author = Author("test", AT)
    take_in(application(currency="GBP"), Path(), Asked(entity, today, author), is_draft=False)
    stop = StopDraft(number_of("C3"), "blocked", "x")
    stop_orders(entity_id=entity.pk, drafts=[stop], on=today, author=author)
    check(entity, OrderTold("C3", "5.00", "GBP", "O-1"), today, author)
    record_signal(
        entity_id=entity.pk, customer_id=one, kind="adverse_news", on=today, author=author
    )
    items = Item.objects.filter(customer_id=one).values_list("pk", flat=True)
    plan = {"item": list(items), "count": "3", "with_disputed": "on"}
    client.post(f"/customers/{one}/plans/new/", plan)
    csv = b"customer_id,name\nC1,Firm\n"
    arrived = client.post("/import/files/", {"files": SimpleUploadedFile("c.csv", csv)})
    token = re.search(r"files/([^/]+)/", arrived.headers["Location"]).group(1)
    first = {
        "customer_id": one,
        "view_id": 1,
        "task_id": Task.objects.first().pk,
        "block_id": block.pk,
        "document_id": Document.objects.first().pk,
        "payment_id": Payment.objects.first().pk,
        "batch_id": Import.objects.first().batch_id,
        "message_id": Message.objects.first().pk,
        "approval_id": getattr(Approval.objects.first(), "pk", 1),
        "copy_id": 1,
        "alias_id": Alias.objects.get().pk,
        "refund_id": Refund.objects.get().pk,
        "plan_id": InstalmentPlan.objects.get().pk,
        "rule_id": "ALL-STAY",
        "dispute_id": dispute,
        "file_id": DisputeFile.objects.get().pk,
        "run_id": ScheduledRun.objects.get().pk,
        "request_id": CreditRequest.objects.get().pk,
        "reference_id": Reference.objects.first().pk,
        "proposal_id": 1,
        "review_id": CreditReview.objects.get().pk,
        "hold_id": HoldCase.objects.get().pk,
        "entity_id": entity.pk,
        "version": "standard-1",
        "segment": "x",
        "secret": "x" * 43,
        "step": "identity",
        "number": 1,
        "currency": "GBP",
        "token": token,
        "act": "hold",
        "name": "call",
    }
    holes = re.compile(r"<(?:\w+:)?(\w+)>")
    addresses = [
        "/" + holes.sub(lambda hole: str(first[hole[1]]), pattern)
        for pattern in all_patterns(get_resolver().url_patterns)
        if "sign-out" not in pattern
    ]
    addresses += [f"/customers/{one}/acts/{name}/" for name in ("promise", "dispute", "snooze")]
    addresses += [f"/customers/{one}/acts/{name}/" for name in ("note", "send")]
    return Desk(client, addresses)


def forms_of(desk: Desk) -> Iterator[Form]:
    """The forms of all pages, and every address as one without fields."""
    found: dict[tuple[str, str, tuple[str, ...]], Form] = {}
    for address in desk.addresses:
        response = desk.client.get(address)
        assert response.status_code < 500, address
        if "html" in response.headers.get("Content-Type", ""):
            page = Forms(address)
            page.feed(response.content.decode())
            for form in page.found:
                if "sign-out" not in form.address:
                    names = tuple(name for name, _ in form.fields)
                    found.setdefault((form.method, form.address.partition("?")[0], names), form)
    yield from found.values()
    yield from (Form("post", address, ()) for address in desk.addresses)


def odd_addresses(chance: random.Random, desk: Desk, names: list[str]) -> Iterator[str]:
    """Addresses that ask for one thing that is odd, in no order."""
    pairs = [(address, name) for address in desk.addresses for name in names]
    chance.shuffle(pairs)
    for address, name in pairs:
        for value in chance.sample(ODD, 1):
            yield f"{address}?{name}={value}"


def odd_paths() -> Iterator[str]:
    """Addresses that are odd themselves."""
    for pattern in all_patterns(get_resolver().url_patterns):
        if "<" in pattern:
            for value in ("1" + "0" * 30, "9" * 18, "a%00b", "%C2%B2", "%FF"):
                yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", value, pattern)


def odd_forms(
    chance: random.Random, forms: list[Form], names: list[str]
) -> Iterator[tuple[str, str, str]]:
    """(method, address, body) of forms with one field that is odd, in no order."""
    pairs = [(form, name) for form in forms for name in dict(form.fields) or names]
    chance.shuffle(pairs)
    for form, name in pairs:
        rest = urlencode([one for one in form.fields if one[0] != name])
        for value in chance.sample(ODD, 3 if IS_LONG else 1):
            body = f"{rest}&{name}={value}"
            if form.method == "get":
                yield "get", f"{form.address.partition('?')[0]}?{body}", ""
            else:
                yield "post", form.address, body


# Bodies that are not the form they say they are.
BODIES = (
    (b"[" * 5_000, "application/json"),
    (b"\xff\xfe\x00a=b", FORM),
    (b"name=%00", f"{FORM}; charset=utf-16"),
    (b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
    (b"", "multipart/form-data"),
)


def test_nothing_that_is_odd_ends_in_a_server_error(desk: Desk) -> None:
    chance, names = random.Random(SEED), names_read()
    forms = list(forms_of(desk))
    # The walk reaches what it is for.
    assert {"customer", "after", "page", "valid_from", "hours_from"} <= set(names)
    sent = {form.address.partition("?")[0] for form in forms if form.fields}
    assert {"/policies/edit/", "/templates/edit/", "/customers/"} <= sent
    failed = []
    for address in (*odd_paths(), *islice(odd_addresses(chance, desk, names), MOST)):
        if desk.status("get", address) >= 500:
            failed.append(("get", address[:200], ""))
    for method, address, body in islice(odd_forms(chance, forms, names), MOST):
        headers = {"HX-Request": "true"} if chance.random() < 0.3 else {}
        if desk.status(method, address, body, headers=headers) >= 500:
            failed.append((method, address[:200], body[-200:]))
    for address in desk.addresses:
        for given, kind in BODIES if IS_LONG else chance.sample(BODIES, 1):
            if desk.status("post", address, given, kind) >= 500:
                failed.append(("post", address, f"{kind}: {given[:20]!r}"))
    assert failed == []


def test_a_field_is_one_text_and_not_too_long(books: Entity, open_as) -> None:  # noqa: ANN001
    desk = Desk(open_as("manager"), [])
    assert desk.status("post", "/today/views/", f"name={'x' * SIZE}") == 400
    assert desk.status("get", f"/customers/?q={'x' * 100_000}") == 200
    assert desk.status("get", "/customers/?q=a&q=b&q[]=c&q[x]=d") == 200
    assert desk.status("get", "/customers/?" + "a=1&" * 2_000) == 400


@pytest.mark.parametrize(
    ("address", "field", "character"),
    [
        ("/customers/?q=a%00b", "q", r"\x00"),
        ("/customers/?q=%1B", "q", r"\x1b"),
        ("/customers/?q=%E2%80%AE", "q", r"\u202e"),
        ("/aging/?%00=1", r"\x00", r"\x00"),
        ("/overview/late/a%00b/", "currency", r"\x00"),
    ],
)
def test_what_cannot_be_seen_is_refused_by_the_name_of_its_field(
    books: Entity,
    open_as,  # noqa: ANN001
    address: str,
    field: str,
    character: str,
) -> None:
    response = open_as("viewer").get(address)
    assert response.status_code == 422
    told = response.content.decode()
    assert f"The field “{field}” holds a character that can&#x27;t be seen: {character}." in told
    assert "FIELD_NOT_TEXT" in told


def test_a_form_says_which_of_its_fields_cannot_be_kept(books: Entity, open_as) -> None:  # noqa: ANN001
    given = {"name": "friendly", "language": "en", "customer": "C1\x00", "body": "Hello"}
    response = open_as("manager").post("/templates/preview/", given, headers={"HX-Request": "true"})
    assert response.status_code == 422
    assert "customer" in response.headers["HX-Trigger"]


@pytest.mark.parametrize("cookie", [r'"\000aaaaaaaaaaaa"', r'"\033[2Jaaaaaaaaaa"', "a" * 99])
def test_a_cookie_that_cannot_be_looked_up_is_nobodys(db: None, cookie: str) -> None:
    response = Client(headers={"Cookie": f"sessionid={cookie}"}).get("/")
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/account/sign-in/")

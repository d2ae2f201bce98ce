"""One way into each refusal of credit requests and references."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.test import RequestFactory
from tests.applying import application
from tests.errors.desk import AT, Desk

from duly.access.actions import Author
from duly.credit.actions import (
    answer_reference,
    erase_person,
    issue_link,
    save_answers,
    sign_guarantee,
    spend_link,
)
from duly.credit.actions.submitting import Evidence
from duly.credit.models import CreditRequest, Reference
from duly.credit.queries.links import link_behind
from duly.credit.rules.links import secret_of
from duly.interfaces.exchange.backing import Offered
from duly.interfaces.exchange.requesting import attach_document
from duly.interfaces.portal.guarding import counted, refuse_beyond
from duly.parties.queries import entity

_WHO = Author("test", AT)


def _given(desk: Desk, name: str, content: Any) -> str:
    text = content if isinstance(content, str) else json.dumps(content)
    (desk.folder / name).write_text(text)
    return str(desk.folder / name)


def _asked(desk: Desk, *more: str, **changes: Any) -> CreditRequest:
    desk.open_books()
    told = application(currency="EUR", **changes)
    desk.run("credit", "request", _given(desk, "request.json", told), "--on", "2026-03-10", *more)
    return CreditRequest.objects.get()


def _submitted_anew(desk: Desk) -> None:
    row = _asked(desk)
    save_answers(request_id=row.pk, given={"amount": "1"}, on=AT.date(), author=_WHO)


def _empty_file(desk: Desk) -> None:
    row = _asked(desk, "--draft")
    path = Path(_given(desk, "empty.pdf", ""))
    attach_document(row.pk, "other", Offered(path.name, path), _WHO)


def _link_twice(desk: Desk) -> None:
    desk.open_books()
    told = {"entity_id": entity().pk, "purpose": "draft", "record_id": 1, "key": b"k", "at": AT}
    secret = secret_of(issue_link(**told, expires_at=AT + timedelta(days=1)).nonce, b"k")
    for _ in range(2):
        spend_link(purpose="draft", secret=secret, at=AT)


def _nothing_told(desk: Desk) -> None:
    _asked(desk)
    desk.run("credit", "answer", str(Reference.objects.earliest("pk").pk), "comment=Fine")


def _report(desk: Desk, *more: str, **changes: Any) -> None:
    _asked(desk)
    told = {"agency": "Northern", "reported_on": "2026-03-01", **changes}
    path = _given(desk, "report.json", told)
    desk.run("credit", "agency-report", path, "--request", "CR-0001", *more)


def _tried_too_often(desk: Desk) -> None:
    request = RequestFactory().get("/reference/guess/", REMOTE_ADDR="203.0.113.99")
    counted(request, "miss", 600)
    refuse_beyond(request, "miss", 1)


SAMPLES: dict[str, Callable[[Desk], object]] = {
    "CREDIT_REQUEST_UNKNOWN": lambda d: d.open_books().run("credit", "references", "CR-0099"),
    "CREDIT_REQUEST_UNFIT": lambda d: _asked(d, amount="-1"),
    "CREDIT_REQUEST_SUBMITTED": _submitted_anew,
    "CREDIT_REQUEST_UNREADABLE": lambda d: d.open_books().run(
        "credit", "request", _given(d, "request.json", "[]")
    ),
    "CREDIT_FILE_UNFIT": _empty_file,
    "REQUEST_FORM_UNFIT": lambda d: d.open_books().run(
        "credit", "form", _given(d, "form.json", {"without": ["amount"]})
    ),
    "CONDITIONS_EMPTY": lambda d: d.open_books().run(
        "credit", "conditions", _given(d, "terms.txt", " ")
    ),
    "LINK_UNUSABLE": lambda d: link_behind(purpose="draft", secret="guess", at=AT),
    "LINK_USED": _link_twice,
    "TOO_MANY_TRIES": _tried_too_often,
    "SIGNATURE_MISSING": lambda d: sign_guarantee(
        secret="guess", signed="", is_agreed=True, evidence=Evidence(), at=AT
    ),
    "REFERENCE_UNKNOWN": lambda d: answer_reference(
        entity_id=1, reference_id=99, given={}, way="phone", person={}, on=AT.date(), author=_WHO
    ),
    "REFERENCE_ANSWER_UNFIT": _nothing_told,
    "REQUEST_PERSON_UNKNOWN": lambda d: erase_person(entity_id=1, person_id=99, author=_WHO),
    "AGENCY_REPORT_UNFIT": lambda d: _report(d, reported_on="soon"),
    "AGENCY_BUDGET_SPENT": lambda d: _report(d, "--cost", "1"),
    "AGENCY_BUDGET_UNFIT": lambda d: d.open_books().run("credit", "agency-budget", "--", "-5"),
}

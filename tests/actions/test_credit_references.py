"""References: asked by mail, reminded with a count, answered once; reports within a budget."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.applying import application

from duly.access.actions import Author
from duly.collections.actions import Handover
from duly.collections.models import Message
from duly.credit.actions import (
    ReportDraft,
    add_agency_report,
    answer_by_link,
    answer_reference,
    close_reference,
    refuse_reference,
    set_agency_budget,
)
from duly.credit.errors.requests import AgencyBudgetSpent, LinkUsed, ReferenceAnswerUnfit
from duly.credit.models import CreditRequest
from duly.credit.queries.links import link_of
from duly.credit.queries.references import references_of
from duly.credit.queries.requests import request_numbered
from duly.credit.queries.scores import latest_score_of_request
from duly.credit.rules.links import secret_of
from duly.interfaces.exchange.readers.agency import AgencyReportUnfit, read_report
from duly.interfaces.exchange.requesting import Asked, read_request, take_in
from duly.interfaces.exchange.secret_links import link_key, with_links
from duly.interfaces.jobs.enquiries import ask_referees
from duly.kernel.money import Money
from duly.parties.actions import add_entity
from duly.parties.models import Entity

ON = date(2026, 3, 10)
AT = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
WHO = Author("test", AT)
TOLD = {"currency": "GBP", "high_credit": "40000", "days_slow": "4", "opened_on": "2015-01-02"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_sent(settings: object) -> CreditRequest:
    settings.PUBLIC_URL = "https://books.example"  # type: ignore[attr-defined]
    entity = add_entity(name="Northwind", currency="GBP", country="GB", at=AT)
    asked = Asked(entity, ON, WHO)
    told = take_in(application(), Path("."), asked, is_draft=False)
    return request_numbered(entity.pk, told["request"]["number"])


def secret_to(reference_id: int) -> str:
    link = link_of(purpose="reference", record_id=reference_id, at=AT)
    assert link is not None
    return secret_of(link.nonce, link_key())


def states(request: CreditRequest) -> list[str]:
    return [row.state for row in references_of(request.pk).rows]


def remind(request: CreditRequest, days: int) -> int:
    entity = Entity.objects.get(pk=request.entity_id)
    later = AT + timedelta(days=days)
    return ask_referees(entity, on=later.date(), actor="worker", at=later)


def test_mails_leave_on_submission_each_with_a_link_of_its_own(request_sent: CreditRequest) -> None:
    assert states(request_sent) == ["awaiting"] * 4
    mails = list(Message.objects.filter(channel="enquiry").order_by("pk"))
    assert [mail.recipients for mail in mails] == [
        ["credit@kestrel.example"],
        ["credit@oaks.example"],
        ["credit@harbour.example"],
        ["fay@bank.example"],
        ["ann@meadow.example"],
    ]
    rows = references_of(request_sent.pk).rows
    secret = secret_to(rows[0].reference.pk)
    assert secret not in mails[0].body  # a copy of the database opens nothing
    message = Handover(1, 0, "", "", "", "", (), "", mails[0].body, "en")
    assert f"https://books.example/reference/{secret}/" in with_links(message).body


def test_reminders_are_counted_and_end(request_sent: CreditRequest) -> None:
    asked = [remind(request_sent, days) for days in (0, 4, 5, 6, 10, 15, 60)]
    assert asked == [0, 0, 4, 0, 4, 0, 0]
    assert [row.reminders for row in references_of(request_sent.pk).rows] == [2] * 4
    assert Message.objects.filter(subject__endswith="(reminder 2)").count() == 4


def test_who_answered_or_refused_is_not_reminded(request_sent: CreditRequest) -> None:
    one, two, three, _ = [row.reference.pk for row in references_of(request_sent.pk).rows]
    given = {"person": {"name": "Eve"}, "on": ON, "at": AT}
    answer_by_link(secret=secret_to(one), given=TOLD, **given)
    refuse_reference(secret=secret_to(two), on=ON, at=AT)
    close_reference(
        entity_id=request_sent.entity_id,
        reference_id=three,
        state="unverifiable",
        why="No such firm.",
        on=ON,
        author=WHO,
    )
    assert states(request_sent) == ["received", "refused", "unverifiable", "awaiting"]
    assert remind(request_sent, 5) == 1


def test_an_answer_by_link_is_given_once(request_sent: CreditRequest) -> None:
    reference_id = references_of(request_sent.pk).rows[0].reference.pk
    secret = secret_to(reference_id)
    given = {"person": {}, "on": ON, "at": AT}
    with pytest.raises(ReferenceAnswerUnfit):
        answer_by_link(secret=secret, given={"comment": "Fine."}, **given)
    answer_by_link(secret=secret, given=TOLD, **given)
    with pytest.raises(LinkUsed, match="answered on 2026-03-10"):
        answer_by_link(secret=secret, given=TOLD, **given)


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({}, "form"),
        ({"high_credit": "5"}, "currency"),
        ({**TOLD, "owing": "3", "past_due": "9"}, "past_due"),
        ({**TOLD, "opened_on": "2026-04-01"}, "opened_on"),
        ({**TOLD, "last_sale_on": "2014-01-01"}, "last_sale_on"),
        ({**TOLD, "future_terms": "net 60"}, "future_terms"),
        ({**TOLD, "days_slow": "-3"}, "days_slow"),
    ],
)
def test_an_answer_that_can_t_be_is_refused(
    request_sent: CreditRequest, given: dict[str, str], where: str
) -> None:
    reference_id = references_of(request_sent.pk).rows[0].reference.pk
    with pytest.raises(ReferenceAnswerUnfit) as told:
        answer_reference(
            entity_id=request_sent.entity_id,
            reference_id=reference_id,
            given=given,
            way="phone",
            person={},
            on=ON,
            author=WHO,
        )
    assert where in {problem["where"] for problem in told.value.facts["problems"]}


def test_answers_come_to_a_median_and_a_ceiling(request_sent: CreditRequest) -> None:
    """Case A of section 6: 40, 60 and 75 thousand give 60 thousand, at most 75."""
    rows = references_of(request_sent.pk).rows
    for row, high in zip(rows, ("40000", "60000", "75000"), strict=False):
        answer_reference(
            entity_id=request_sent.entity_id,
            reference_id=row.reference.pk,
            given={**TOLD, "high_credit": high},
            way="phone",
            person={"name": "Eve", "called": "0113 496 0000"},
            on=ON,
            author=WHO,
        )
    trade = references_of(request_sent.pk).trade
    assert (trade.median_minor, trade.ceiling_minor, trade.days_slow) == (6_000_000, 7_500_000, 4)
    scored = latest_score_of_request(request_sent.pk)
    assert scored is not None  # by what suppliers told, for want of an agency
    assert {one.id: one.value for one in scored.factors}["agency_days_beyond_terms"] == "4"


def test_one_supplier_that_the_applicant_chose_gives_no_points(request_sent: CreditRequest) -> None:
    one = references_of(request_sent.pk).rows[0].reference.pk
    answer_reference(
        entity_id=request_sent.entity_id,
        reference_id=one,
        given=TOLD,
        way="phone",
        person={},
        on=ON,
        author=WHO,
    )
    scored = latest_score_of_request(request_sent.pk)
    assert scored is not None
    assert "agency_days_beyond_terms" not in {each.id for each in scored.factors}


def test_a_filing_for_insolvency_in_a_report_declines(
    request_sent: CreditRequest, tmp_path: Path
) -> None:
    """Section 5: a filing is an automatic decline, whoever enters the report."""
    told = {"agency": "N", "reported_on": "2026-03-01", "public_record": "insolvency_filing"}
    draft = _report(tmp_path, "filing.json", json.dumps(told))
    add_agency_report(
        entity_id=request_sent.entity_id,
        request_id=request_sent.pk,
        draft=draft,
        cost=Money(0, "GBP"),
        on=ON,
        author=WHO,
    )
    scored = latest_score_of_request(request_sent.pk)
    assert scored is not None
    assert (scored.is_declined, scored.band) == (True, "E")


def test_a_bank_answers_only_when_it_is_released(settings: object) -> None:
    settings.PUBLIC_URL = "https://books.example"  # type: ignore[attr-defined]
    entity = add_entity(name="Northwind", currency="GBP", country="GB", at=AT)
    given = application(may_ask_bank=False)
    told = take_in(given, Path("."), Asked(entity, ON, WHO), is_draft=False)
    assert [row["state"] for row in told["request"]["references"]] == ["awaiting"] * 3 + [
        "not_sent"
    ]


def test_without_an_address_that_people_reach_nobody_is_asked(settings: object) -> None:
    settings.PUBLIC_URL = ""  # type: ignore[attr-defined]
    entity = add_entity(name="Northwind", currency="GBP", country="GB", at=AT)
    told = take_in(application(), Path("."), Asked(entity, ON, WHO), is_draft=False)
    assert {row["state"] for row in told["request"]["references"]} == {"not_sent"}
    assert not Message.objects.exists()


def _report(folder: Path, name: str, content: str) -> ReportDraft:
    (folder / name).write_text(content)
    return read_report(folder / name)


def test_reports_come_as_json_and_as_xml_and_cost_of_a_budget(
    request_sent: CreditRequest, tmp_path: Path
) -> None:
    given = {
        "agency": "Northern",
        "reported_on": "2026-03-01",
        "currency": "GBP",
        "days_beyond_terms": 7,
        "recommended": "65000",
    }
    as_json = _report(tmp_path, "a.json", json.dumps(given))
    lines = "".join(f"<{name}>{value}</{name}>" for name, value in given.items())
    as_xml = _report(tmp_path, "b.xml", f"<report>{lines}</report>")
    assert as_json.document == as_xml.document
    told = {"entity_id": request_sent.entity_id, "request_id": request_sent.pk, "author": WHO}
    cost = Money(1200, "GBP")
    with pytest.raises(AgencyBudgetSpent):
        add_agency_report(draft=as_json, cost=cost, on=ON, **told)
    set_agency_budget(
        entity_id=request_sent.entity_id, currency="GBP", month_minor=2000, from_on=ON, author=WHO
    )
    for _ in range(2):  # the same file costs once
        add_agency_report(draft=as_json, cost=cost, on=ON, **told)
    with pytest.raises(AgencyBudgetSpent, match=r"GBP 8\.00 is left"):
        add_agency_report(draft=as_xml, cost=cost, on=ON, **told)
    add_agency_report(draft=as_xml, cost=cost, on=ON + timedelta(days=31), **told)
    found = references_of(request_sent.pk)
    assert (found.agency_days_beyond_terms, found.agency_recommendation_minor) == (7, 6_500_000)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{",
        "{}",
        '{"agency": "N", "reported_on": "soon"}',
        '{"agency": "N", "reported_on": "2026-01-01", "days_beyond_terms": "NaN"}',
        '{"agency": "N", "reported_on": "2026-01-01", "recommended": "5"}',
        '{"agency": "N", "reported_on": "2026-01-01", "public_record": "fine"}',
        "<a>",
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a><agency>&x;</agency></a>',
        "[" * 100_000,
    ],
)
def test_what_is_no_report_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(AgencyReportUnfit):
        _report(tmp_path, "a", content)


def test_a_file_that_is_no_request_is_refused(tmp_path: Path) -> None:
    from duly.interfaces.exchange.requesting import CreditRequestUnreadable

    for content in ("", "[]", "{", '{"a": NaN}', '{"a": 1, "a": 2}', "[" * 100_000, "x" * 2**21):
        (tmp_path / "a.json").write_text(content)
        with pytest.raises(CreditRequestUnreadable):
            read_request(tmp_path / "a.json")
    with pytest.raises(CreditRequestUnreadable):
        read_request(tmp_path / "none.json")

"""Credit on pages: the queue, one request and its decision, proposed limits, the memo."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta

import pypdf
import pytest
from django.test import Client
from tests.interfaces.web.conftest import AT
from tests.interfaces.web.shown import text

from duly.access.actions import Author
from duly.collections.models import Message
from duly.credit.actions.limits import LimitDraft, propose_limit
from duly.credit.models import CreditDecision, CreditLimit, CreditRequest
from duly.credit.rules.deciding import Terms
from duly.parties.models import Entity
from duly.parties.queries import ids_by_code


def asks(
    books: Entity, today: date, number: int, minor: int, customer: str = "C1", **more: object
) -> CreditRequest:
    """A request that sales submitted some days ago."""
    values = {
        "entity_id": books.pk,
        "number": f"CR-{number:04}",
        "customer_id": ids_by_code(books.pk, [customer])[customer] if customer else None,
        "name": "Ostler <script>Brewing",
        "country": "GB",
        "currency": "GBP",
        "amount_minor": minor,
        "source": "clerk",
        "actor": "sales@example.org",
        "recorded_at": AT,
        "submitted_on": today - timedelta(days=number),
        **more,
    }
    return CreditRequest.objects.create(**values)


@pytest.fixture
def manager(open_as: Callable[[str], Client]) -> Client:
    return open_as("manager")


def post(client: Client, request: CreditRequest, verdict: str, code: int = 302, **more: str) -> str:
    told = {"verdict": verdict, "reason": "Steady", **more}
    answer = client.post(f"/credit/requests/{request.pk}/decide/", told)
    assert answer.status_code == code, answer.content.decode()[:3000]
    return answer.content.decode()


def test_the_queue_tells_whose_turn_it_is_and_by_when(
    manager: Client, books: Entity, today: date
) -> None:
    asks(books, today, 1, 9_000_00)
    asks(books, today, 40, 60_000_00, customer="")
    page = text(manager.get("/credit/").content.decode())
    assert page.index("CR-0040") < page.index("CR-0001")  # the older one first
    assert "overdue" in page
    assert "not a customer yet" in page
    rows = list(
        csv.DictReader(io.StringIO(manager.get("/credit/requests.csv").content.decode("utf-8-sig")))
    )
    assert [row["waits_for"] for row in rows] == ["director", "analyst"]
    assert rows[1]["asked"] == "9000.00"
    assert manager.get("/credit/requests.xlsx").status_code == 200
    narrowed = manager.get("/credit/?turn=director").content.decode()
    assert "CR-0040" in narrowed
    assert "CR-0001" not in narrowed


@pytest.mark.parametrize("state", ["open", "to_tell", "conditions", "done", "all", "nothing"])
def test_an_empty_queue_says_what_fills_it(manager: Client, books: Entity, state: str) -> None:
    assert "Nobody asked for credit yet" in manager.get(f"/credit/?state={state}").content.decode()


def test_whoever_assesses_scores_a_request_from_its_page(
    open_as: Callable[[str], Client], books: Entity, today: date
) -> None:
    request = asks(books, today, 1, 9_000_00)
    address = f"/credit/requests/{request.pk}/"
    assert open_as("sales").post(f"{address}score/").status_code == 403
    analyst = open_as("analyst")
    assert "Score now" in analyst.get(address).content.decode()
    assert "Band" in text(analyst.post(f"{address}score/", follow=True).content.decode())
    page = text(analyst.post(f"{address}score/", follow=True).content.decode())
    assert "Nothing new is known: the score stands." in page
    assert "Score again" in page


def test_one_request_is_decided_and_told(manager: Client, books: Entity, today: date) -> None:
    request = asks(books, today, 1, 9_000_00)
    html = manager.get(f"/credit/requests/{request.pk}/").content.decode()
    assert "Limit by method" in html
    assert "You may approve up to GBP" in html
    assert "<script>Brewing" not in html
    days = {"terms_band": "deposit", "terms_days": "14"}
    post(manager, request, "approve", amount="9,000", conditions="Bank reference\n", **days)
    page = manager.get(f"/credit/requests/{request.pk}/").content.decode()
    assert "Bank reference" in page
    assert "Deposit, 14 days" in text(page)
    follow = f"/credit/requests/{request.pk}/then/"
    assert not CreditLimit.objects.exists()
    assert manager.post(follow, {"what": "met", "place": "0"}).status_code == 302
    assert CreditLimit.objects.get().amount_minor == 9_000_00
    assert manager.post(follow, {"what": "told", "note": "by phone"}).status_code == 302
    assert manager.post(follow, {"what": "told"}).status_code == 409
    assert manager.post(follow, {"what": "nothing"}).status_code == 404
    assert manager.post(follow, {"what": "met", "place": "x"}).status_code == 409
    assert "Done" in manager.get("/credit/?state=done").content.decode()
    memo = manager.get(f"/credit/requests/{request.pk}/memo/").content.decode()
    assert "Held against authority" in memo
    kept = manager.get(f"/credit/requests/{request.pk}/memo.json").json()
    assert kept == CreditDecision.objects.get().memo


def test_above_authority_is_told_at_the_amount_and_sent_on(
    manager: Client, books: Entity, today: date, open_as: Callable[[str], Client]
) -> None:
    request = asks(books, today, 1, 60_000_00)
    told = post(manager, request, "approve", 422, amount="60000")
    assert "GBP 60000.00 is above your authority of GBP 50000.00" in text(told)
    assert 'value="director"' in told
    post(manager, request, "approve", amount="60000", send_to="director")
    assert "director" in text(manager.get("/credit/").content.decode())
    own = post(manager, request, "approve_less", 422, amount="20000")
    assert "submitted this or sent it on" in text(own)
    director = open_as("director")
    assert "Sent to a director" in text(
        director.get(f"/credit/requests/{request.pk}/").content.decode()
    )
    post(director, request, "approve_less", amount="20000", reason_codes="insurer")
    page = text(director.get(f"/credit/requests/{request.pk}/").content.decode())
    assert "Our credit insurer covers less" in page


@pytest.mark.parametrize(
    ("verdict", "more", "told"),
    [
        ("approve", {"amount": "lots"}, "is no amount"),
        ("approve", {"amount": "5", "reason": ""}, "A decision needs a reason"),
        ("approve", {"amount": "5", "review_on": "soon"}, "This is no day"),
        ("approve_less", {"amount": "9000"}, "Less is less than they asked for"),
        ("approve_secured", {"amount": "9000", "securities": ""}, "This field is required"),
    ],
)
def test_what_is_mistyped_is_told_and_kept(
    manager: Client, books: Entity, today: date, verdict: str, more: dict[str, str], told: str
) -> None:
    request = asks(books, today, 1, 9_000_00)
    page = post(manager, request, verdict, 422, **more)
    assert told in text(page)
    assert not CreditDecision.objects.exists()


def test_a_request_submitted_twice_by_one_click_is_decided_once(
    manager: Client, books: Entity, today: date
) -> None:
    request = asks(books, today, 1, 9_000_00)
    for _ in range(2):
        post(manager, request, "decline", key="K", reason_codes="young_firm")
    assert CreditDecision.objects.count() == 1


@pytest.mark.parametrize("role", ["viewer", "sales", "clerk", "collector"])
def test_who_does_not_decide_looks_and_no_more(
    open_as: Callable[[str], Client], books: Entity, today: date, role: str
) -> None:
    request = asks(books, today, 1, 9_000_00)
    client = open_as(role)
    page = client.get(f"/credit/requests/{request.pk}/").content.decode()
    assert 'name="verdict"' not in page
    post(client, request, "approve", 403, amount="9000")
    assert client.get("/credit/requests/999/").status_code == 404


def test_an_applicant_becomes_a_customer(manager: Client, books: Entity, today: date) -> None:
    request = asks(books, today, 1, 9_000_00, customer="")
    post(manager, request, "approve", amount="9000")
    follow = f"/credit/requests/{request.pk}/then/"
    assert (
        "Which customer they became"
        in manager.get(f"/credit/requests/{request.pk}/").content.decode()
    )
    assert manager.post(follow, {"what": "customer", "customer": "C9"}).status_code == 404
    assert manager.post(follow, {"what": "customer", "customer": "C2"}).status_code == 302
    assert CreditLimit.objects.get().customer_id == ids_by_code(books.pk, ["C2"])["C2"]


def test_proposed_limits_are_decided_by_another(
    manager: Client, books: Entity, today: date
) -> None:
    def proposal(actor: str) -> int:
        draft = LimitDraft(
            ids_by_code(books.pk, ["C1"])["C1"], "GBP", 5_000_00, Terms(today), "They buy more"
        )
        author = Author(actor, AT)
        return propose_limit(entity_id=books.pk, draft=draft, author=author).pk

    own, other = proposal("manager@example.org"), proposal("analyst@example.org")
    page = manager.get("/credit/proposed/").content.decode()
    assert "You proposed this" in page
    told = {"verdict": "approve", "reason": "Fine"}
    assert manager.post(f"/credit/proposed/{own}/", told).status_code == 422
    assert manager.post(f"/credit/proposed/{other}/", told).status_code == 302
    assert CreditLimit.objects.get().approver == "manager@example.org"
    assert manager.post(f"/credit/proposed/{own}/", {"verdict": "decline", "reason": "No"})
    assert "No limit is proposed" in manager.get("/credit/proposed/").content.decode()


def test_a_notice_leaves_by_mail_once_and_its_state_is_seen(
    manager: Client, books: Entity, today: date, open_as: Callable[[str], Client]
) -> None:
    request = asks(books, today, 1, 9_000_00)
    post(manager, request, "decline")
    address, follow = f"/credit/requests/{request.pk}/", f"/credit/requests/{request.pk}/then/"
    mail = {"what": "mail", "to": "post@ostler.example"}
    assert open_as("sales").post(follow, mail).status_code == 403
    assert manager.post(follow, {"what": "mail", "to": "nowhere"}).status_code == 422
    assert manager.post(follow, mail).status_code == 302
    assert manager.post(follow, mail).status_code == 409  # it is on its way
    assert manager.post(follow, {"what": "told"}).status_code == 409
    page = text(manager.get(address).content.decode())
    assert "By mail to post@ostler.example" in page
    assert "Waiting Mail to post@ostler.example" in page
    message = Message.objects.get(channel="enquiry")
    assert "We can't grant it now." in message.body
    listed = text(manager.get("/outbox/").content.decode())
    assert "About an applicant" in listed
    shown = manager.get(f"/outbox/{message.pk}/")
    assert "Of a credit request" in text(shown.content.decode())
    for act, state in (("hold", "held"), ("release", "queued"), ("cancel", "cancelled")):
        manager.post(f"/outbox/{message.pk}/{act}/")
        message.refresh_from_db()
        assert message.state == state
    assert "Send the notice" in text(manager.get(address).content.decode())
    assert manager.post(follow, mail).status_code == 302
    assert Message.objects.filter(channel="enquiry", state="queued").count() == 1


def test_a_memo_is_drawn_as_it_was_kept(manager: Client, books: Entity, today: date) -> None:
    request = asks(books, today, 1, 9_000_00, name="Ostler Brewing")
    post(manager, request, "approve", amount="9000", conditions="Bank reference")
    told = manager.get(f"/credit/requests/{request.pk}/memo.pdf")
    assert told.headers["Content-Type"] == "application/pdf"
    pages = pypdf.PdfReader(io.BytesIO(told.content)).pages
    printed = " ".join(" ".join(one.extract_text() for one in pages).split())
    memo = CreditDecision.objects.get().memo
    kept = {
        "Ostler Brewing",
        "CR-0001",
        "Bank reference",
        "9000.00",
        "Steady",
        "manager@example.org",
    }
    kept |= {name.replace("_", " ").capitalize() for name in memo["policy"]}
    kept |= {one["id"].replace("_", " ") for one in memo["known"]["methods"]}
    assert {one for one in kept if one not in printed} == set()

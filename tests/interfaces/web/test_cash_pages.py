"""Bank lines worked on one at a time: each act, each role, and what is typed wrong."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.building import broken
from tests.interfaces.web.cash_books import (
    HTMX,
    Opened,
    accept,
    cash_books,
    form_of,
    item_id,
    left_of,
    open_of,
    payment_id,
    toast,
)

from duly.access.models import Approval
from duly.cash_application.actions.matching import match_payments
from duly.cash_application.models import Alias, Match, SetAside
from duly.collections.queries.measures import measures
from duly.disputes.models import Dispute
from duly.parties.models import Entity
from duly.receivables.models import Application


@pytest.fixture
def clerk(entity: Entity, today: date, open_as: Opened) -> Client:
    cash_books(entity, today)
    return open_as("clerk")


def test_the_page_shows_what_waits_and_the_first_line_with_its_evidence(clerk: Client) -> None:
    page = clerk.get("/cash/").content.decode()
    assert "6 lines ask" in page
    assert 'aria-current="true"' in page
    assert '<mark class="name">MERIDIAN</mark>' in page
    assert "INV-1001</mark>" in page
    assert "Nothing else that is open explains the payment as well." in page
    line = clerk.get(f"/cash/{payment_id('P-3')}/").content.decode()
    assert '<mark class="unknown" title="no open item">778899</mark>' in line
    assert "Who paid is not known" in line
    assert 'value="INV' not in line


def test_the_queue_is_ordered_and_filtered(clerk: Client) -> None:
    def names(query: str) -> list[str]:
        return [row.number for row, _ in clerk.get(f"/cash/{query}").context["rows"]]

    assert names("") == ["P-1", "P-2", "P-3", "P-4", "P-5", "P-6"]
    assert names("?order=value") == ["P-5", "P-4", "P-2", "P-6", "P-1", "P-3"]
    assert names("?currency=EUR") == []
    assert names("?outcome=new") == names("")
    clerk.post("/cash/match/")
    assert set(names("?outcome=unidentified")) == {"P-3"}
    assert names("?account=1") == []


def test_what_is_certain_and_not_applied_is_not_called_applied(
    clerk: Client, entity: Entity, today: date
) -> None:
    noon = datetime.combine(today, time(12), UTC)
    match_payments(entity=entity, on=today, auto=False, actor="shell:ada", at=noon)
    rows = clerk.get("/cash/?outcome=applied").context["rows"]
    assert "P-1" in [row.number for row, _ in rows]
    assert "Certain, not applied yet" in clerk.get("/cash/").content.decode()
    shown = clerk.get("/cash/unapplied/").context["rows"]
    assert "applied" not in [one.says for one in shown]
    assert "Certain, not applied yet" in [one.says for one in shown]


def test_what_is_proposed_is_applied_once_however_often_it_is_sent(clerk: Client) -> None:
    form = form_of(clerk, "P-1")
    first = accept(clerk, "P-1", form)
    assert first.status_code == 204
    assert toast(first) == "GBP 100.00 of Meridian Foods Ltd is applied."
    again = accept(clerk, "P-1", form)
    assert toast(again) == toast(first)
    assert Match.objects.count() == 1
    match = Match.objects.get()
    assert (match.decided, match.applied_minor) == ("accepted", 10_000)
    assert "The text names INV-1001" in match.because
    assert (left_of("P-1"), open_of("INV-1001")) == (0, 0)
    assert Alias.objects.filter(shown="MERIDIAN FOODS LTD").exists()
    assert broken() == {}


def test_credit_notes_discounts_and_small_differences_as_proposed(clerk: Client) -> None:
    for number in ("P-4", "P-5", "P-6"):
        assert accept(clerk, number, form_of(clerk, number)).status_code == 204
        assert left_of(number) == 0
    for number in ("INV-2001", "INV-2002", "CN-2003", "INV-3001", "INV-3002"):
        assert open_of(number) == 0
    reasons = set(Application.objects.values_list("reason", flat=True))
    assert {"credit", "cash", "discount", "tolerance"} <= reasons
    assert broken() == {}


def test_a_short_pay_is_carved_out_as_a_deduction_and_dropped_with_its_match(
    clerk: Client,
) -> None:
    form = form_of(clerk, "P-2")
    item = item_id("INV-1002")
    assert form[f"amount-{item}"] == "240.50"
    done = accept(
        clerk, "P-2", form, reason="damage", note="two boxes", **{f"rest-{item}": "deduction"}
    )
    assert "10.00 is carved out as a deduction." in toast(done)
    dispute = Dispute.objects.get()
    assert (dispute.amount_minor, dispute.reason, dispute.origin, dispute.payment_id) == (
        1_000, "damage", "short_pay", payment_id("P-2"),
    )  # fmt: skip
    assert open_of("INV-1002") == 1_000
    undone = clerk.post(f"/cash/{payment_id('P-2')}/undo/", {"key": "u1"}, headers=HTMX)
    assert undone.status_code == 204
    assert open_of("INV-1002") == 25_050
    dispute.refresh_from_db()
    assert dispute.verdict == "dropped"
    assert broken() == {}


def test_bank_charges_and_a_difference_beyond_the_policy(clerk: Client) -> None:
    form, item = form_of(clerk, "P-2"), item_id("INV-1002")
    refused = accept(clerk, "P-2", form, **{f"rest-{item}": "tolerance"})
    assert refused.status_code == 422
    assert "more than may be let pass" in toast(refused)
    not_earned = accept(clerk, "P-2", {**form, "key": "k2"}, **{f"rest-{item}": "discount"})
    assert not_earned.status_code == 422
    assert "grant 0.00 GBP of discount" in toast(not_earned)
    done = accept(clerk, "P-2", {**form, "key": "k3"}, **{f"rest-{item}": "bank_fee"})
    assert done.status_code == 204
    assert open_of("INV-1002") == 0
    assert Match.objects.get().decided == "by_hand"


def test_no_one_alone_writes_an_item_off_as_bank_charges(clerk: Client) -> None:
    form, item = form_of(clerk, "P-2"), item_id("INV-1002")
    told = {f"amount-{item}": "0.50", f"rest-{item}": "bank_fee"}
    refused = accept(clerk, "P-2", form, **told)
    assert refused.status_code == 422
    assert "more than banks on the way may have kept" in toast(refused)
    assert open_of("INV-1002") == 25_050
    asked = accept(clerk, "P-2", {**form, "key": "k2"}, act="ask", note="really", **told)
    assert "A second person is asked to let GBP 250.00 pass." in toast(asked)


def test_on_account_leaves_the_queue_and_stays_in_sight(clerk: Client) -> None:
    form = form_of(clerk, "P-3", "?customer=" + str(_customer("C3")))
    done = accept(clerk, "P-3", form, act="on_account")
    assert toast(done) == "GBP 12.34 is on account of Copperfield Instruments."
    numbers = [row.number for row, _ in clerk.get("/cash/").context["rows"]]
    assert "P-3" not in numbers
    kept = clerk.get("/cash/?state=kept").context["rows"]
    assert [row.number for row, _ in kept] == ["P-3"]
    assert "On account" in clerk.get("/cash/unapplied/").content.decode()


def test_another_customer_and_another_item_are_found(clerk: Client) -> None:
    by_name = clerk.get(f"/cash/{payment_id('P-3')}/?q=copperfield").content.decode()
    assert "Copperfield Instruments" in by_name
    by_number = clerk.get(f"/cash/{payment_id('P-3')}/?q=inv-3002").content.decode()
    form = form_of(clerk, "P-3", "?q=inv-3002")
    assert form["item"] == [str(item_id("INV-3002"))]
    assert form[f"amount-{item_id('INV-3002')}"] == "12.34"
    assert "INV-3002" in by_number
    nothing = clerk.get(f"/cash/{payment_id('P-3')}/?q=zzz").content.decode()
    assert "Nobody and no open item is found" in nothing
    assert accept(clerk, "P-3", form).status_code == 204
    assert open_of("INV-3002") == 20_000 - 1_234


def test_what_changed_meanwhile_is_shown_anew_and_nothing_is_applied(clerk: Client) -> None:
    stale = form_of(clerk, "P-2")
    other = form_of(clerk, "P-1")
    assert accept(clerk, "P-1", other).status_code == 204  # an item of the same payer changed
    answer = accept(clerk, "P-2", stale)
    assert answer.status_code == 200
    assert answer["HX-Retarget"] == "#item"
    assert "It changed while you looked." in answer.content.decode()
    assert left_of("P-2") == 24_050
    plain = clerk.post(f"/cash/{payment_id('P-2')}/accept/", {**stale, "key": "other"}, follow=True)
    assert "changed while you looked" in plain.content.decode()
    forged = accept(clerk, "P-2", {**form_of(clerk, "P-2"), "seen": "forged"})
    assert "It changed while you looked." in forged.content.decode()
    done = accept(clerk, "P-1", {**other, "key": "new"})
    assert done.status_code == 409  # nothing of it waits
    assert left_of("P-2") == 24_050


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"amount": "abc"}, "is no amount"),
        ({"amount": ""}, "is no amount"),
        ({"amount": "-5"}, "doesn't fit"),
        ({"amount": "0"}, "doesn't fit"),
        ({"amount": "250.50"}, "more than the payment"),
        ({"amount": "999999999999"}, "doesn't fit"),
        ({"rest": "gift"}, "is nothing that the rest"),
        ({"rest": "gift=5"}, "is of no kind"),
        ({"rest": "discount=99999999999"}, "doesn't fit"),
        ({"item": []}, "No item is chosen"),
        ({"item": ["999999"]}, "is not open any more"),
        ({"item": ["²"]}, "No item is chosen"),
        ({"rest": "deduction", "reason": "weather"}, "no reason of a dispute"),
    ],
)
def test_what_is_typed_wrong_is_refused_whole(
    clerk: Client, typed: dict[str, str], says: str
) -> None:
    item = item_id("INV-1002")
    named = {"amount": f"amount-{item}", "rest": f"rest-{item}"}
    more = {named.get(name, name): value for name, value in typed.items()}
    answer = accept(clerk, "P-2", form_of(clerk, "P-2"), **more)
    assert answer.status_code in (404, 422)
    assert says in toast(answer)
    assert (Match.objects.count(), Dispute.objects.count()) == (0, 0)
    assert left_of("P-2") == 24_050


def test_money_of_nobody_is_set_aside_with_its_why_and_taken_up_again(clerk: Client) -> None:
    pk = payment_id("P-3")
    refused = clerk.post(f"/cash/{pk}/aside/", {"why": " "}, headers=HTMX)
    assert refused.status_code == 422
    clerk.post(f"/cash/{pk}/aside/", {"why": "Interest", "key": "a"}, headers=HTMX)
    clerk.post(f"/cash/{pk}/aside/", {"why": "Interest", "key": "a"}, headers=HTMX)
    assert SetAside.objects.get().reason == "Interest"
    page = clerk.get("/cash/unapplied/").content.decode()
    assert "Set aside as no receivable" in page
    assert "Interest" in page
    assert "Set aside as no receivable." in clerk.get(f"/cash/{pk}/").content.decode()
    clerk.post(f"/cash/{pk}/take-up/", {"back": "/cash/unapplied/"})
    assert not SetAside.objects.filter(ended_at=None).exists()
    assert "P-3" in [row.number for row, _ in clerk.get("/cash/").context["rows"]]


def test_money_that_waits_is_told_on_the_customer(clerk: Client) -> None:
    accept(clerk, "P-3", form_of(clerk, "P-3", f"?customer={_customer('C3')}"), act="on_account")
    page = clerk.get(f"/customers/{_customer('C3')}/").content.decode()
    assert "of their money is not applied, the oldest of it for 4 days" in page
    assert f"/cash/?customer={_customer('C3')}&amp;at={payment_id('P-3')}#item" in page
    rows = clerk.get(f"/cash/unapplied/?customer={_customer('C3')}").context["rows"]
    assert [(one.row.number, one.days) for one in rows] == [("P-3", 4)]


def test_a_second_person_is_asked_for_a_difference_beyond_the_policy(clerk: Client) -> None:
    item = item_id("INV-1002")
    form = form_of(clerk, "P-2")
    done = accept(clerk, "P-2", form, act="ask", note="agreed", **{f"rest-{item}": "tolerance"})
    assert "A second person is asked to let GBP 10.00 pass." in toast(done)
    approval = Approval.objects.get()
    assert (approval.facts["payment"], approval.facts["minor"]) == (payment_id("P-2"), 1_000)
    assert left_of("P-2") == 24_050
    nothing = accept(clerk, "P-1", form_of(clerk, "P-1"), act="ask")
    assert nothing.status_code == 422


def test_a_manager_decides_in_the_browser(clerk: Client, open_as: Opened) -> None:
    item = item_id("INV-1002")
    form = form_of(clerk, "P-2")
    accept(clerk, "P-2", form, act="ask", note="agreed", **{f"rest-{item}": "tolerance"})
    number = Approval.objects.get().pk
    assert clerk.post(f"/cash/differences/{number}/approve/").status_code == 403
    manager = open_as("manager")
    assert "Waits for a second person" in manager.get("/cash/differences/").content.decode()
    assert b"10.00" in manager.get("/cash/differences.csv").content
    manager.post(f"/cash/differences/{number}/approve/")
    assert left_of("P-2") == 0
    assert "Let pass" in manager.get("/cash/differences/").content.decode()
    assert manager.post(f"/cash/differences/{number}/maybe/").status_code == 404


def test_match_now_applies_what_is_certain_and_each_can_be_taken_back(clerk: Client) -> None:
    answer = clerk.post("/cash/match/", {"key": "m1"}, follow=True)
    page = answer.content.decode()
    assert "payments looked at" in page
    assert "By itself" in page
    applied = Match.objects.filter(decided="auto").count()
    assert applied >= 3
    again = clerk.post("/cash/match/", {"key": "m1"}, follow=True).content.decode()
    assert "payments looked at" in again
    assert Match.objects.count() == applied
    line = item_id("INV-2001")
    clerk.post(f"/cash/{payment_id('P-4')}/undo/", {"item": line, "key": "u"})
    assert open_of("INV-2001") > 0
    assert open_of("INV-2002") == 0
    page = clerk.get("/cash/matched/").content.decode()
    assert "Take back" in page
    assert broken() == {}


def test_undo_last_takes_back_what_oneself_applied_last(clerk: Client, open_as: Opened) -> None:
    accept(clerk, "P-1", form_of(clerk, "P-1"))
    accept(clerk, "P-4", form_of(clerk, "P-4"))
    other = open_as("collector").post("/cash/undo/", headers=HTMX)
    assert other.status_code == 409
    done = clerk.post("/cash/undo/", headers=HTMX)
    assert done["HX-Redirect"] == f"/cash/?at={payment_id('P-4')}#item"
    assert (left_of("P-4"), left_of("P-1")) == (65_000, 0)
    clerk.post("/cash/undo/", headers=HTMX)
    assert left_of("P-1") == 10_000
    assert clerk.post("/cash/undo/", headers=HTMX).status_code == 409


def test_rates_count_what_was_untouched_and_what_was_taken_back(
    clerk: Client, entity: Entity, today: date
) -> None:
    clerk.post("/cash/match/")
    auto = Match.objects.filter(decided="auto").count()
    accept(clerk, "P-2", form_of(clerk, "P-2"))
    clerk.post(f"/cash/{payment_id('P-1')}/undo/", {"key": "u"})
    rates = {one.label: one for one in clerk.get("/cash/rates/?window=90").context["rates"]}
    assert rates["By payment"].share == (auto, 6)
    assert rates["Reversed later"].share == (1, auto)
    for rate in rates.values():
        for address in (rate.part_address, rate.whole_address):
            page = clerk.get(address)
            assert page.status_code == 200
            if not rate.currency and rate.label != "By line":
                part = rate.share.part if address == rate.part_address else rate.share.whole
                assert page.context["count"] == part
    told = {
        one.id: (one.numerator, one.denominator)
        for one in measures(entity_id=entity.pk, first=today - timedelta(days=89), last=today)
    }
    assert told["cash_untouched_payments"] == (str(auto), "6")
    assert told["cash_untouched_lines"] == tuple(map(str, rates["By line"].share))
    assert told["cash_untouched_value_gbp"] == tuple(map(str, rates["By value, GBP"].share))
    assert told["cash_reversed"] == ("1", str(auto))
    assert b"Untouched" in clerk.get("/cash/rates/strip/").content


def test_known_payers_are_listed_and_forgotten_after_a_second_look(clerk: Client) -> None:
    accept(clerk, "P-1", form_of(clerk, "P-1"))
    alias = Alias.objects.get()
    page = clerk.get("/cash/payers/").content.decode()
    assert "MERIDIAN FOODS LTD" in page
    assert "clerk@example.org" in page
    assert "Forget it" not in page
    assert "Forget it" in clerk.get(f"/cash/payers/?forget={alias.pk}").content.decode()
    clerk.post(f"/cash/payers/{alias.pk}/forget/")
    alias.refresh_from_db()
    assert alias.revoked_by == "clerk@example.org"
    assert clerk.post(f"/cash/payers/{alias.pk}/forget/").status_code == 404
    assert clerk.get("/cash/payers/?q=zzz").status_code == 200


@pytest.mark.parametrize(
    "address",
    ["/cash/unapplied", "/cash/matched", "/cash/payers", "/cash/rates/rows"],
)
def test_lists_have_their_files(clerk: Client, address: str) -> None:
    accept(clerk, "P-1", form_of(clerk, "P-1"))
    file = clerk.get(f"{address}.csv")
    assert file.status_code == 200
    assert file.content.count(b"\n") >= 2
    assert clerk.get(f"{address}.xlsx").content[:2] == b"PK"


def test_a_viewer_sees_and_changes_nothing(clerk: Client, open_as: Opened) -> None:
    viewer = open_as("viewer")
    for address in (
        "/cash/",
        "/cash/matched/",
        "/cash/unapplied/",
        "/cash/payers/",
        "/cash/rates/",
        "/cash/differences/",
    ):
        assert viewer.get(address).status_code == 200
    pk = payment_id("P-1")
    line = viewer.get(f"/cash/{pk}/").content.decode()
    assert "INV-1001" in line
    assert "Apply<" not in line
    for act in (f"{pk}/accept", f"{pk}/aside", f"{pk}/take-up", f"{pk}/undo", "undo", "match",
                "payers/1/forget", "differences/1/approve"):  # fmt: skip
        assert viewer.post(f"/cash/{act}/", headers=HTMX).status_code == 403, act
    assert Match.objects.count() == 0


def test_what_is_no_payment_of_these_books_is_told(clerk: Client) -> None:
    assert b"Nothing of this payment waits" in clerk.get("/cash/999999/").content
    assert clerk.get("/cash/99999999999999999999/").status_code == 404
    for query in ("?at=x", "?customer=²", "?statement=9", "?state=none", "?order=up", "?at=999999"):
        assert clerk.get(f"/cash/{query}").status_code == 200, query
    assert clerk.get("/cash/?page=0").status_code == 422
    assert clerk.post("/cash/999999/undo/", headers=HTMX).status_code == 409
    assert clerk.post("/cash/999999/aside/", {"why": "x"}, headers=HTMX).status_code == 404


def test_the_page_reads_a_fixed_number_of_times(clerk: Client) -> None:
    with CaptureQueriesContext(
        connection,
    ) as six:
        clerk.get("/cash/")
    for number in ("P-3", "P-5", "P-6"):
        clerk.post(f"/cash/{payment_id(number)}/aside/", {"why": "x"})
    with CaptureQueriesContext(connection) as three:
        clerk.get("/cash/")
    assert len(six) == len(three)


def _customer(code: str) -> int:
    from duly.parties.models import Customer

    return Customer.objects.get(code=code).pk

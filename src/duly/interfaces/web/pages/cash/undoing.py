"""Match what is certain now, and take back what was applied: whole, one line, or the last."""

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from duly.cash_application.actions import take_off_account, undo_items, undo_matches
from duly.cash_application.errors import NothingToMatch
from duly.cash_application.queries.matched import last_matched_by
from duly.cash_application.queries.waiting import kept_by
from duly.interfaces.exchange.match_runs import PART, begin_match_run
from duly.interfaces.exchange.matching import match
from duly.interfaces.exchange.settling import Asked
from duly.interfaces.jobs.matching import match_money
from duly.interfaces.web.current import actor, entity_of, now, today
from duly.interfaces.web.guard import page
from duly.interfaces.web.numbers import number_in
from duly.interfaces.web.pages.cash.acts import Done, answer, carry_out_once, given_by
from duly.interfaces.web.pages.cash.asked import LONGEST_ID
from duly.interfaces.web.pages.cash.working import line_address
from duly.interfaces.web.templatetags.show import count
from duly.ledger.actions import recording
from duly.parties.models import Entity
from duly.receivables.queries import count_that_wait, payment_view, payments_to_match
from duly.receivables.queries import standing_of_payments as standing_of


@page(act="apply", methods=("POST",))
def undo(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Take back what is applied of a payment, all of it or on one item, or take it off account.

    Refuses: NothingApplied, TakenBackTooEarly, PeriodLocked.
    """
    entity = entity_of(request)
    item_id = number_in(request.POST.get("item", ""), LONGEST_ID)
    done = carry_out_once(
        request,
        "undo match",
        given_by(request, payment_id),
        lambda: _undo(request, entity, payment_id, item_id),
    )
    return answer(request, done["text"], payment_id, next_at=reverse("cash_matched"))


@page(act="apply", methods=("POST",))
def undo_last(request: HttpRequest) -> HttpResponse:
    """Take back what this person applied last. Refuses: NothingToMatch."""
    entity = entity_of(request)

    def act() -> Done:
        payment_id = last_matched_by(entity.pk, actor(request), today(entity))
        if payment_id is None:
            raise NothingToMatch(
                "You applied nothing today, and put nothing on account, that still stands.",
                remedy="Earlier ones are among what was matched lately.",
            )
        return _undo(request, entity, payment_id, None)

    done = carry_out_once(request, "undo last", [actor(request)], act)
    if request.htmx:
        notices.success(request, done["text"])
        response = HttpResponse(status=204)
        response.headers["HX-Redirect"] = line_address(done["payment"])
        return response
    notices.success(request, done["text"])
    return redirect(line_address(done["payment"]))


def _undo(request: HttpRequest, entity: Entity, payment_id: int, item_id: int | None) -> Done:
    found = payment_view(payment_id)
    if found is None or found.payment.entity_id != entity.pk:
        raise NothingToMatch("There is no such payment.", remedy="Open the list again.")
    number = found.payment.number
    with recording(
        kind="unapply", entity_id=entity.pk, actor=actor(request), at=now(), note=number
    ) as recorder:
        if item_id is None and kept_by(entity.pk, payment_id) and not standing_of([payment_id]):
            take_off_account(
                recorder=recorder, entity_id=entity.pk, payment_id=payment_id, on=today(entity)
            )
            return {"text": f"{number} is off account, and asks again.", "payment": payment_id}
        if item_id is None:
            rows = undo_matches(
                recorder=recorder,
                entity_id=entity.pk,
                payment_ids=[payment_id],
                on=today(entity),
            )
        else:
            rows = undo_items(
                recorder=recorder,
                entity_id=entity.pk,
                payment_id=payment_id,
                item_ids={item_id},
                on=today(entity),
            )
    text = f"{number} is taken back by {count(rows, 'reversing row,reversing rows')}."
    return {"text": text, "payment": payment_id}


@page(act="apply", methods=("POST",))
def match_now(request: HttpRequest) -> HttpResponse:
    """Apply what is certain of all that waits, or of one import; then tell what was applied.

    Of many it is done behind the page, which shows how far it is.
    """
    entity = entity_of(request)
    batch_id = number_in(request.POST.get("import", ""), LONGEST_ID)
    payment_ids = None if batch_id is None else payments_of_import(entity, batch_id)
    waiting = count_that_wait(entity.pk, on=today(entity)) if batch_id is None else 0
    if waiting > PART:
        run = begin_match_run(
            entity=entity, total=waiting, on=today(entity), actor=actor(request), at=now()
        )
        match_money.enqueue(entity.pk, run.token)
        return redirect("cash_run", run.token)
    told = match(
        Asked(
            actor=actor(request),
            at=now(),
            entity_name=entity.name,
            key=request.POST.get("key", "")[:64] or None,
        ),
        auto=True,
        payment_ids=payment_ids,
    )
    payments = told["payments"]
    applied = sum(one["outcome"] == "applied" for one in payments)
    notices.success(
        request,
        f"{count(len(payments), 'payment,payments')} looked at: {applied} applied, "
        f"{len(payments) - applied} wait for you.",
    )
    query = "?decided=auto" + (f"&import={batch_id}" if batch_id is not None else "")
    return redirect(reverse("cash_matched") + query if applied else reverse("cash"))


def payments_of_import(entity: Entity, batch_id: int) -> list[int]:
    """The payments of an import that wait. Refuses nothing: those of other books are left out."""
    rows = payments_to_match(entity.pk, on=today(entity))
    return [row.id for row in rows if row.batch_id == batch_id]


urlpatterns = [
    path("cash/<int:payment_id>/undo/", undo, name="cash_undo"),
    path("cash/undo/", undo_last, name="cash_undo_last"),
    path("cash/match/", match_now, name="cash_match"),
]

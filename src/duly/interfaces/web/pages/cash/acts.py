"""What is done with a line of the bank: applied, put on account, set aside. Each once."""

import re
from collections.abc import Callable
from typing import Any

from django.contrib import messages as notices
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse

from duly.access.actions import Author, once
from duly.cash_application.actions import (
    accept_match,
    ask_difference,
    set_aside_payments,
    take_up_payments,
)
from duly.cash_application.actions.matching import ACCEPTED, BY_HAND
from duly.cash_application.errors import ChangedMeanwhile, NothingToMatch
from duly.cash_application.queries import policy_on
from duly.cash_application.rules.by_hand import (
    KINDS,
    Choice,
    Chosen,
    read_choices,
    refuse_changed,
)
from duly.cash_application.rules.facts import OpenItem
from duly.cash_application.rules.limits import charges, let_pass
from duly.cash_application.rules.residuals import Terms
from duly.disputes.actions import DeductionDraft, open_deductions
from duly.disputes.queries.reasons import policy_on as disputes_on
from duly.disputes.rules.disputing import refuse_unknown
from duly.interfaces.exchange.holding import retest_of
from duly.interfaces.web.current import actor, customer_of, entity_of, now, today
from duly.interfaces.web.guard import page
from duly.interfaces.web.middleware import add_toast
from duly.interfaces.web.numbers import number_in
from duly.interfaces.web.pages.cash.asked import LONGEST_ID
from duly.interfaces.web.pages.cash.line import SALT, state_of
from duly.interfaces.web.pages.cash.working import line_address, panel_of
from duly.interfaces.web.pages.desk.acts import way_back
from duly.interfaces.web.templatetags.show import plain_money
from duly.interfaces.web.typed import decimal_mark, read_amount
from duly.kernel.errors import Malformed
from duly.ledger.actions import hold_books, recording
from duly.parties.models import Entity
from duly.receivables.queries import (
    PaymentToMatch,
    items_now,
    items_to_match,
    payments_to_match,
)

MOST_CHOSEN = 500
_PARTS = re.compile(r"(?:[a-z_]+=\d{1,18};?)+")
Done = dict[str, Any]


def carry_out_once(request: HttpRequest, name: str, given: object, act: Callable[[], Done]) -> Done:
    """Carry an act out once for the key of its form."""
    return once(
        key=request.POST.get("key", "")[:64] or None,
        command=f"web {name}",
        given=given,
        at=now(),
        act=act,
    )


def given_by(request: HttpRequest, payment_id: int) -> list[object]:
    """What a form told of a payment, all of it."""
    return [payment_id, {key: request.POST.getlist(key) for key in sorted(request.POST)}]


@page(act="apply", methods=("POST",))
def accept(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Apply a payment as the form says, or put it on account; shown anew where it changed.

    Refuses: MatchUnclear, NothingToMatch, DifferenceTooLarge, and as `apply_payments`.
    """
    entity = entity_of(request)
    try:
        done = carry_out_once(
            request,
            "match",
            given_by(request, payment_id),
            lambda: _accept(request, entity, payment_id),
        )
    except ChangedMeanwhile as error:
        return _anew(request, entity, payment_id, error)
    return answer(request, done["text"], payment_id)


def _accept(request: HttpRequest, entity: Entity, payment_id: int) -> Done:
    hold_books(entity_id=entity.pk)  # what is compared stays as it is
    on, form = today(entity), request.POST
    seen = _seen(form)
    row = _unchanged(entity, payment_id, seen)
    customer = customer_of(request, number_in(form.get("customer", ""), LONGEST_ID) or 0)
    is_kept = form.get("act") == "on_account"
    mark = decimal_mark(request)
    chosen = Chosen((), ()) if is_kept else _chosen(entity, row, form, mark)
    if not chosen.lines and not is_kept:
        raise Malformed(
            "No item is chosen.", remedy="Choose what the money pays, or put it on account (O)."
        )
    if form.get("act") == "ask":
        return _ask(request, entity, row, customer.pk, chosen)
    is_as_proposed = [list(one) for one in chosen.lines] == seen["lines"]
    accept_match(
        entity=entity,
        payment_id=payment_id,
        customer_id=customer.pk,
        lines=chosen.lines,
        on=on,
        actor=actor(request),
        at=now(),
        decided=ACCEPTED if is_as_proposed and not is_kept else BY_HAND,
        because=seen["because"] if is_as_proposed else (),
    )
    if chosen.deductions:
        _carve_out(request, entity, payment_id, chosen)
    retest_of(entity, on, Author(actor(request), now()), [customer.pk])
    return {"text": _told(row, customer.name, chosen), "payment": payment_id}


def _ask(
    request: HttpRequest, entity: Entity, row: PaymentToMatch, customer_id: int, chosen: Chosen
) -> Done:
    """Ask a second person to let a difference pass that policy doesn't. Refuses: Malformed."""
    minor = let_pass(chosen.lines) + charges(chosen.lines)
    if not minor or chosen.deductions:
        raise Malformed(
            "There is no difference to ask for.",
            remedy="Choose Small difference (S) or Bank charges (B) for what is short.",
        )
    ask_difference(
        entity=entity,
        payment_id=row.id,
        customer_id=customer_id,
        lines=chosen.lines,
        note=request.POST.get("note", "").strip(),
        on=today(entity),
        author=Author(actor(request), now()),
    )
    money = f"{row.currency} {plain_money(minor, row.currency)}"
    text = f"A second person is asked to let {money} pass. Nothing is applied until then."
    return {"text": text, "payment": row.id}


def _told(row: PaymentToMatch, name: str, chosen: Chosen) -> str:
    """What was done, in a sentence or two."""
    money = f"{row.currency} {plain_money(chosen.cash_minor, row.currency)}"
    left = row.unapplied_minor - chosen.cash_minor
    kept = f"{row.currency} {plain_money(left, row.currency)}"
    if not chosen.lines:
        return f"{kept} is on account of {name}."
    told = f"{money} of {name} is applied."
    told += f" {kept} stays on account." if left else ""
    disputed = sum(minor for _, minor in chosen.deductions)
    if disputed:
        told += f" {plain_money(disputed, row.currency)} is carved out as a deduction."
    return told


def _seen(form: QueryDict) -> dict[str, Any]:
    """What the form was made from. Refuses: ChangedMeanwhile where that can't be told."""
    try:
        return dict(signing.loads(form.get("seen", ""), salt=SALT))
    except signing.BadSignature:
        raise ChangedMeanwhile(
            "It can't be told what this form was made from.",
            remedy="Look at the line as it is now, and decide again.",
        ) from None


def _unchanged(entity: Entity, payment_id: int, seen: dict[str, Any]) -> PaymentToMatch:
    """The payment, where it and the items shown are as they were. Refuses: ChangedMeanwhile."""
    rows = payments_to_match(entity.pk, on=today(entity), payment_ids=[payment_id])
    if not rows:
        raise NothingToMatch(
            "Nothing of this payment waits any more.",
            facts={"payment": payment_id},
            remedy="Somebody may have applied it: go on with the next one.",
        )
    items = {one.id: one.open_minor for one in items_now(entity.pk, [i for i, _ in seen["items"]])}
    is_same = state_of(rows[0]) == seen["payment"]
    refuse_changed(seen["items"], items, is_same_payment=is_same)
    return rows[0]


def _chosen(entity: Entity, row: PaymentToMatch, form: QueryDict, mark: str) -> Chosen:
    """The lines of the form. Refuses: Malformed, MatchUnclear."""
    ids = [number_in(text, LONGEST_ID) for text in form.getlist("item")[:MOST_CHOSEN]]
    wanted = list(dict.fromkeys(pk for pk in ids if pk is not None))
    owners = {one.customer_id for one in items_now(entity.pk, wanted)}
    items = {
        one.id: OpenItem(*one)
        for one in items_to_match(entity.pk, on=today(entity), customer_ids=owners)
        if one.id in set(wanted)
    }
    if len(items) != len(wanted) or any(one.currency != row.currency for one in items.values()):
        raise Malformed(
            "An item chosen is not open any more, or in another currency.",
            remedy="Look at the line again.",
        )
    choices = [_choice(form, items[pk], row.currency, mark) for pk in wanted]
    return read_choices(
        choices,
        items,
        row.unapplied_minor,
        Terms(row.received_on, policy_on(entity, today(entity))),
    )


def _choice(form: QueryDict, item: OpenItem, currency: str, mark: str) -> Choice:
    """What the form says of an item. Refuses: Malformed."""
    text = form.get(f"amount-{item.id}", "").strip().replace("\N{MINUS SIGN}", "-")
    sign = -1 if text.startswith("-") else 1
    try:
        paid = sign * read_amount(text.lstrip("-"), currency, mark)
    except ValidationError as error:
        raise Malformed(f"{item.number}: {error.messages[0]}") from None
    rest, told = item.open_minor - paid, form.get(f"rest-{item.id}", "")
    if not told:
        return Choice(item.id, paid)
    if told in KINDS:
        return Choice(item.id, paid, {told: rest} if rest else {})
    if not _PARTS.fullmatch(told):
        raise Malformed(
            f"{told[:40]} is nothing that the rest of an item can be.",
            remedy="Choose one of the list.",
        )
    parts = dict(part.split("=") for part in told.strip(";").split(";"))
    if not parts.keys() <= set(KINDS):
        raise Malformed("The rest of an item is of no kind.", remedy="Choose one of the list.")
    return Choice(item.id, paid, {kind: int(minor) for kind, minor in parts.items()})


def _carve_out(request: HttpRequest, entity: Entity, payment_id: int, chosen: Chosen) -> None:
    """Open a deduction for each amount kept back.

    Refuses: DisputeReasonUnknown, DisputedTooMuch.
    """
    reason, note = request.POST.get("reason", ""), request.POST.get("note", "").strip()
    on = today(entity)
    refuse_unknown(reason, disputes_on(entity.pk, on))
    with recording(kind="deduct", entity_id=entity.pk, actor=actor(request), at=now()) as recorder:
        open_deductions(
            recorder=recorder,
            drafts=[
                DeductionDraft(item_id, minor, payment_id, reason, note=note[:1000])
                for item_id, minor in chosen.deductions
            ],
            on=on,
        )


def _anew(
    request: HttpRequest, entity: Entity, payment_id: int, error: ChangedMeanwhile
) -> HttpResponse:
    """The line as it is now, with what happened; nothing was applied."""
    said = f"{error.message} {error.remedy}"
    if request.htmx:
        told = panel_of(request, entity, payment_id, said)
        response = render(request, "web/cash_line.html", told)
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#item", "innerHTML"
        return response
    notices.warning(request, said)
    return redirect(line_address(payment_id))


def answer(request: HttpRequest, text: str, payment_id: int, *, next_at: str = "") -> HttpResponse:
    """Say what was done; the page goes on to the next line by itself."""
    if request.htmx:
        return add_toast(
            HttpResponse(status=204), text, event=("duly:line", {"payment": payment_id})
        )
    notices.success(request, text)
    return redirect(way_back(request, next_at or reverse("cash")))


@page(act="apply", methods=("POST",))
def set_aside(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Say that a payment is no customer's, and why. Refuses: Malformed, PaymentUnknown."""
    entity = entity_of(request)
    reason = request.POST.get("why", "").strip()[:300]
    if not reason:
        raise Malformed("It is not said why.", remedy="Say in a few words what the money is.")

    def act() -> Done:
        new = set_aside_payments(
            entity_id=entity.pk,
            payment_ids=[payment_id],
            reason=reason,
            actor=actor(request),
            at=now(),
        )
        text = "Set aside: it is no receivable, and stays on the list of unapplied cash."
        return {"text": text if new else "It was set aside before.", "payment": payment_id}

    done = carry_out_once(request, "set aside", given_by(request, payment_id), act)
    return answer(request, done["text"], payment_id)


@page(act="apply", methods=("POST",))
def take_up(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Take a payment up again that was set aside."""
    entity = entity_of(request)
    take_up_payments(entity_id=entity.pk, payment_ids=[payment_id], actor=actor(request), at=now())
    return answer(request, "Taken up again: it asks you.", payment_id)


urlpatterns = [
    path("cash/<int:payment_id>/accept/", accept, name="cash_accept"),
    path("cash/<int:payment_id>/aside/", set_aside, name="cash_aside"),
    path("cash/<int:payment_id>/take-up/", take_up, name="cash_take_up"),
]

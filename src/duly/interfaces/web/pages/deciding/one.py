"""One credit request on one page: who asks, what is known, limits by method, and the decision."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages as toasts
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import get_random_string

from duly.access.actions import Author, once
from duly.access.rules.roles import may
from duly.credit.actions.decisions import decide_request, send_on
from duly.credit.actions.rescoring import rescore_request
from duly.credit.actions.sequels import (
    meet_condition,
    name_customer,
    tell_applicant,
    turn_down_offer,
)
from duly.credit.errors import DecisionAboveAuthority
from duly.credit.errors.requests import CreditRequestUnknown
from duly.credit.models import CreditDecision, CreditRequest
from duly.credit.models.decisions import VERDICTS
from duly.credit.policy import DecisionPolicy
from duly.credit.queries.decisions import Matter, decision_on, request_named, sequels_of, steps_of
from duly.credit.queries.evidence import Evidence, evidence_of, terms_proposed
from duly.credit.queries.policies import powers_on
from duly.credit.queries.queue import Queued, queue_of
from duly.credit.queries.scores import latest_row_of_request
from duly.credit.rules.authority import Powers
from duly.credit.rules.scorecards import HUNDRED
from duly.credit.rules.terms_bands import DEPOSIT, PREPAY, ProposedTerms, usual_terms
from duly.interfaces.exchange.holding import retest_for
from duly.interfaces.exchange.noticing import address_of, mail_notice, mails_of
from duly.interfaces.web.current import LARGEST_ID, actor, entity_of, now, today
from duly.interfaces.web.guard import page
from duly.interfaces.web.pages.asking.checks import checks_of
from duly.interfaces.web.pages.cards.shown import score_card_of_request
from duly.interfaces.web.pages.deciding.forms import CHOICES, ICONS, NAMES, DecideForm
from duly.interfaces.web.pages.deciding.shown import bars, loss_of, parts_of
from duly.interfaces.web.pages.outbox.words import STATES
from duly.interfaces.web.pages.spreading.shown import statements_context
from duly.interfaces.web.templatetags.show import plain_money
from duly.kernel.dates import add_months
from duly.kernel.errors import Refusal
from duly.kernel.money import Money
from duly.parties import queries as parties

ACT = "approve_credit"
REVIEW_MONTHS = 12


@page()
def one(request: HttpRequest, request_id: int) -> HttpResponse:
    """The page; `?verdict=` says which form is open."""
    row = request_of(request, request_id)
    wanted = request.GET.get("verdict", "")
    return _shown(request, row, wanted=wanted if wanted in NAMES else "")


def request_of(request: HttpRequest, request_id: int) -> CreditRequest:
    """A request of the books at hand. Refuses: CreditRequestUnknown."""
    if request_id > LARGEST_ID:
        raise CreditRequestUnknown(
            "There is no such credit request.", remedy="Open the queue of requests."
        )
    return request_named(entity_of(request).pk, str(request_id))


def _shown(
    request: HttpRequest,
    row: CreditRequest,
    *,
    wanted: str = "",
    form: DecideForm | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    entity = entity_of(request)
    on = today(entity)
    powers = powers_on(entity, on)
    evidence = evidence_of(row, on, powers.policy)
    proposed = terms_proposed(evidence, powers.policy, Money(row.amount_minor, row.currency))
    queued = next((one for one in queue_of(entity, on) if one.request.pk == row.pk), None)
    decision = queued.decision if queued else None
    may_decide = may(request.user.role, ACT) and decision is None and queued is not None
    wanted = wanted or _likely(row, evidence, proposed)
    if may_decide and form is None:
        form = DecideForm(row, wanted, initial=_initial(row, evidence, wanted, on, powers.policy))
    told: dict[str, Any] = {
        "row": row,
        "queued": queued,
        "decision": decision,
        "verdict": dict(VERDICTS).get(decision.verdict, "") if decision else "",
        "after": _after(queued),
        "evidence": evidence,
        "bars": bars(evidence, row),
        "proposed": proposed,
        "band_share": _share_of(evidence, powers),
        "loss": loss_of(evidence, row, powers.policy),
        "limit_parts": parts_of(evidence.now),
        "steps": steps_of(Matter(entity.pk, row, None)),
        "customer": parties.customer_by_id(row.customer_id) if row.customer_id else None,
        "form": form if may_decide else None,
        "wanted": wanted,
        "choices": [(*choice, ICONS[choice[0]]) for choice in CHOICES],
        "authority": _authority(request.user.role, powers, row),
        "higher": _higher(request.user.role, powers, row),
        "may_assess": may(request.user.role, ACT),
        "is_above": isinstance(refusal, DecisionAboveAuthority),
        "notice_to": address_of(row, on) if decision else "",
        "refusal": refusal,
        "key": request.POST.get("key") or get_random_string(22),
        "on": on,
        "here": "credit",
        "keys": [("As asked, less, secured, decline", "A L S D")],
        "may_spread": may(request.user.role, "assess_credit"),
        "may_score": may(request.user.role, "assess_credit") and queued and not decision,
        **statements_context(entity.pk, on, request_id=row.pk),
        "score_card": score_card_of_request(row.pk),
        **checks_of(row),
    }
    status = 422 if refusal or (form is not None and form.is_bound) else 200
    return render(request, "web/credit/request.html", told, status=status)


def _share_of(evidence: Evidence, powers: Powers) -> Decimal | None:
    """How much of the methods' limit a band gets, where it is not all of it."""
    share = powers.policy.band_percents.get(evidence.band)
    return None if share == HUNDRED else share


def _likely(row: CreditRequest, evidence: Evidence, proposed: ProposedTerms | None) -> str:
    """The verdict that the methods and the band of the score lead to."""
    if proposed is not None and proposed.terms_band == PREPAY:
        return "decline"
    recommended = evidence.recommended_minor(row.currency)
    is_less = recommended is not None and recommended < row.amount_minor
    return "approve_less" if is_less else "approve"


def _initial(
    row: CreditRequest, evidence: Evidence, wanted: str, on: date, policy: DecisionPolicy
) -> dict[str, Any]:
    """What the form holds at first: the amount, the terms of the score's band, the next review."""
    minor = row.amount_minor
    if wanted == "approve_less":
        recommended = evidence.recommended_minor(row.currency)
        minor = recommended if recommended is not None and recommended < minor else 0
    proposed = terms_proposed(evidence, policy, Money(minor, row.currency))
    band, days = usual_terms(proposed, evidence.asked_days, wanted == "approve_secured")
    return {
        "amount": plain_money(minor, row.currency) if minor else "",
        "terms_band": DEPOSIT if band == PREPAY else band,
        "terms_days": days,
        "review_on": add_months(on, REVIEW_MONTHS),
    }


def _authority(role: str, powers: Powers, row: CreditRequest) -> dict[str, Any]:
    """Up to how much who looks may approve: {} where it is nothing, None for any amount."""
    currency = powers.currency_for(row.currency)
    reach = powers.up_to(role, currency)
    return {"minor": reach, "currency": currency, "is_any": reach is None, "is_none": reach == 0}


def _higher(role: str, powers: Powers, row: CreditRequest) -> str:
    """The next role of higher authority, to send a request on to."""
    currency = powers.currency_for(row.currency)
    own = powers.up_to(role, currency)
    if own is None:
        return ""
    for other in powers.policy.authority:
        reach = powers.up_to(other, currency)
        if reach is None or reach > own:
            return other
    return ""


def _after(queued: Queued | None) -> dict[str, Any]:
    """What followed a decision: conditions with who met them, and when they were told."""
    if queued is None or queued.decision is None:
        return {}
    rows = sequels_of([queued.decision.pk]).get(queued.decision.pk, [])
    met = {one.place: one for one in rows if one.sequel == "met"}
    return {
        "conditions": [
            (place, text, met.get(place)) for place, text in enumerate(queued.decision.conditions)
        ],
        "told": next((one for one in rows if one.sequel == "told"), None),
        **_mailed(queued.decision),
        "turned_down": next((one for one in rows if one.sequel == "turned_down"), None),
    }


def _mailed(decision: CreditDecision) -> dict[str, Any]:
    """The notice that went to the outbox last, and whether another one may go."""
    mails = mails_of([decision.pk]).get(decision.pk, [])
    last = mails[-1] if mails else None
    return {
        "mail": last,
        "mail_shown": STATES[last.state] if last else None,
        "may_mail_again": last is not None and last.state == "cancelled",
    }


@page(act=ACT, methods=("POST",))
def decide(request: HttpRequest, request_id: int) -> HttpResponse:
    """Decide it, or send it on to a role of higher authority."""
    row, entity = request_of(request, request_id), entity_of(request)
    wanted = request.POST.get("verdict", "")
    if wanted not in NAMES:
        raise Http404
    form = DecideForm(row, wanted, data=request.POST)
    if not form.is_valid():
        return _shown(request, row, wanted=wanted, form=form)
    on, author = today(entity), Author(actor(request), now())
    draft, to_role = form.draft(on), request.POST.get("send_to", "")[:12]

    def act() -> dict[str, Any]:
        told = {"entity_id": entity.pk, "request": row.number, "draft": draft, "on": on}
        if to_role:
            send_on(to_role=to_role, author=author, **told)
            return {"told": f"{row.number} waits for a {to_role} now."}
        outcome = decide_request(author=author, **told)
        retest_for(entity, outcome.limit, on, author)
        if outcome.decision is None:
            return {"told": "Your vote is kept; another one for the same is needed."}
        return {"told": _done(row, outcome.limit is not None, draft.verdict)}

    try:
        done = once(
            key=request.POST.get("key", "")[:64] or None,
            command="web decide credit",
            given=[row.pk, to_role, *map(str, draft)],
            at=now(),
            act=act,
        )
    except Refusal as refusal:
        return _shown(request, row, wanted=wanted, form=form, refusal=refusal)
    toasts.success(request, done["told"])
    return redirect("credit_request", row.pk)


def _done(row: CreditRequest, has_begun: bool, verdict: str) -> str:
    if verdict == "decline":
        return f"{row.number} is declined. Tell them why, and keep that you did."
    if has_begun:
        return f"{row.number} is approved, and the limit stands from today."
    return f"{row.number} is approved. The limit begins once nothing is missing."


@page(act="assess_credit", methods=("POST",))
def rescore(request: HttpRequest, request_id: int) -> HttpResponse:
    """Score who asks by what is known now."""
    row, before = request_of(request, request_id), latest_row_of_request(request_id)
    on = today(entity_of(request))
    told = rescore_request(request_id=row.pk, on=on, author=Author(actor(request), now()))
    if told is None:
        toasts.warning(request, "Nothing is known yet that the card looks at.")
    elif before is not None and told.pk == before.pk:
        toasts.info(request, "Nothing new is known: the score stands.")
    else:
        toasts.success(request, f"Scored: band {told.band}.")
    return redirect("credit_request", row.pk)


@page(act="ask_credit", methods=("POST",))
def follow(request: HttpRequest, request_id: int) -> HttpResponse:
    """What follows a decision: a condition met, an offer turned down, told, a customer named."""
    row, entity = request_of(request, request_id), entity_of(request)
    what, note = request.POST.get("what", ""), request.POST.get("note", "")
    on, author = today(entity), Author(actor(request), now())
    told: dict[str, Any] = {
        "decision": decision_on(row),
        "on": on,
        "author": author,
    }
    if what == "met":
        place = request.POST.get("place", "")
        number = int(place) if place.isascii() and place.isdecimal() and len(place) < 4 else -1
        retest_for(entity, meet_condition(place=number, note=note, **told), on, author)
        toasts.success(request, "Kept: that condition is met.")
    elif what == "turned_down":
        turn_down_offer(note=note, **told)
        toasts.success(request, "Kept: they do not want it. No limit begins.")
    elif what == "mail":
        address = request.POST.get("to", "")[:254]
        sent = mail_notice(
            entity=entity,
            request=row,
            decision=told["decision"],
            to=address,
            on=on,
            author=author,
        )
        toasts.success(request, f"The notice to {sent.recipients[0]} is in the outbox.")
    elif what == "told":
        tell_applicant(note=note, **told)
        toasts.success(request, "Kept: they were told.")
    elif what == "customer":
        customer = parties.customer(entity_id=entity.pk, code=request.POST.get("customer", "")[:64])
        begun = name_customer(customer_id=customer.pk, **told)
        retest_for(entity, begun, on, author)
        toasts.success(request, f"{row.name} is customer {customer.code}.")
    else:
        raise Http404
    return redirect("credit_request", row.pk)

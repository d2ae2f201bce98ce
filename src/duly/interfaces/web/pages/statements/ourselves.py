"""What letters say of us, and where customers pay: asked for by one person, approved by another."""

from typing import Any

from django.contrib import messages as toasts
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from duly.access.actions import Author, require
from duly.access.errors import ApprovalUnknown
from duly.access.queries import approvals_of
from duly.access.rules.roles import may
from duly.interfaces.exchange.logos import MOST_BYTES, keep_logo, logo_of
from duly.interfaces.exchange.uploads import refuse_too_big
from duly.interfaces.web.current import actor, entity_of, now, today
from duly.interfaces.web.guard import page
from duly.kernel.errors import Refusal
from duly.kernel.locales import LANGUAGES
from duly.parties.actions import ask_bank_details, decide_bank_details, save_entity
from duly.parties.actions.own_details import CHANGE_BANK_DETAILS
from duly.parties.models import Entity
from duly.parties.policy import BANK_DETAILS
from duly.parties.queries import pay_to
from duly.parties.rules.bank_details import BankDetailsDraft

FIELDS = ("address", "email", "phone", "tax_id", "language")
LONGEST = 500
SHOWN_APPROVALS = 20


@page(methods=("GET", "HEAD", "POST"))
def ourselves(request: HttpRequest) -> HttpResponse:
    """Our details and bank details, with the forms that change them."""
    entity = entity_of(request)
    refusal = None
    if request.method == "POST":
        require(user=request.user, act="bank_details")
        try:
            _change(request, entity)
            return redirect("statements_ourselves")
        except Refusal as error:
            refusal = error
    asked = [
        one
        for one in approvals_of(CHANGE_BANK_DETAILS, limit=200)
        if one.facts["entity_id"] == entity.pk
    ]
    on = today(entity)
    told: dict[str, Any] = {
        "refusal": refusal,
        "asked_for": request.POST.get("act", ""),
        "given": request.POST,
        "us": {name: request.POST.get(name, getattr(entity, name)) for name in FIELDS},
        "languages": LANGUAGES,
        "in_force": [
            (one, not one.is_first and (on - one.in_force_on).days < BANK_DETAILS.notice_days)
            for one in pay_to(entity.pk).values()
        ],
        "waiting": [one for one in asked if one.decided_at is None],
        "decided": [one for one in asked if one.decided_at is not None][:SHOWN_APPROVALS],
        "me": actor(request),
        "notice_days": BANK_DETAILS.notice_days,
        "may_change": may(request.user.role, "bank_details"),
    }
    return render(request, "web/statements_ourselves.html", told, status=422 if refusal else 200)


def _change(request: HttpRequest, entity: Entity) -> None:
    """Keep our details at once; put bank details before a second person."""

    def text(name: str) -> str:
        given = request.POST.get(name, "").replace("\r\n", "\n")
        return given.strip()[: LONGEST + 1]

    author = Author(actor(request), now())
    if request.POST.get("act") == "us":
        save_entity(
            author=author, entity_id=entity.pk, values={name: text(name) for name in FIELDS}
        )
        toasts.success(request, "Letters say so from now on.")
        return
    draft = BankDetailsDraft(
        currency=text("currency").upper(),
        holder=text("holder") or entity.name,
        iban=text("iban"),
        bic=text("bic"),
        account_number=text("account"),
        bank_code=text("bank_code"),
        bank_name=text("bank"),
    )
    ask_bank_details(author=author, entity_id=entity.pk, draft=draft)
    toasts.success(request, "A second person must approve it. Until then nothing changes.")


@page(methods=("GET", "HEAD", "POST"))
def logo(request: HttpRequest) -> HttpResponse:
    """The logo as letters print it; takes another, or with no file none. Refuses: LogoUnfit."""
    entity = entity_of(request)
    if request.method != "POST":
        drawn = logo_of(entity)
        if not drawn:
            raise Http404
        return HttpResponse(drawn, content_type="image/png")
    require(user=request.user, act="bank_details")
    given = request.FILES.get("logo")
    if hasattr(request, "too_big"):
        raise refuse_too_big(request.too_big)
    data = given.read(MOST_BYTES + 1) if given else b""
    keep_logo(entity=entity, data=data, author=Author(actor(request), now()))
    toasts.success(request, "It stands on letters from now on." if data else "The logo is off.")
    return redirect("statements_ourselves")


@page(act="bank_details", methods=("POST",))
def decide(request: HttpRequest, approval_id: int, act: str) -> HttpResponse:
    """Approve or decline what another person asked for. Refuses: as `decide_bank_details`."""
    entity = entity_of(request)
    if act not in ("approve", "decline"):
        raise Http404
    known = {
        one.pk
        for one in approvals_of(CHANGE_BANK_DETAILS, limit=200)
        if one.facts["entity_id"] == entity.pk
    }
    if approval_id not in known:
        raise ApprovalUnknown(
            f"Nothing that waits for a second person has the number {approval_id}.",
            facts={"approval": approval_id},
            remedy="Look at what waits, and use its number.",
        )
    details = decide_bank_details(
        author=Author(actor(request), now()), approval_id=approval_id, is_approved=act == "approve"
    )
    toasts.success(
        request,
        f"Customers pay {details.currency} there from now on; statements tell them so for "
        f"{BANK_DETAILS.notice_days} days."
        if details
        else "Declined. Nothing changes.",
    )
    return redirect("statements_ourselves")

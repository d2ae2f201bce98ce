"""One dispute: what is objected to, what proves it, what was done, and the verdict."""

from pathlib import Path
from typing import Any, cast

from django import forms
from django.contrib import messages as toasts
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import get_random_string

from duly.access.actions import Author, once, require
from duly.access.models import Change
from duly.access.queries import changes_of_several
from duly.access.rules.roles import may
from duly.disputes.models import Dispute
from duly.disputes.queries import dispute_unknown, disputes_of, file_by_id, files_of
from duly.disputes.queries.economics import cases_of
from duly.interfaces.exchange.backing import MOST_BYTES as MOST_OF_ONE
from duly.interfaces.exchange.backing import Offered, attach
from duly.interfaces.exchange.disputing import Verdict, give_verdict
from duly.interfaces.exchange.evidence import evidence_of
from duly.interfaces.exchange.uploads import MOST_FILES, refuse_too_big
from duly.interfaces.web.current import LARGEST_ID, actor, entity_of, now, today
from duly.interfaces.web.guard import page
from duly.interfaces.web.pages.desk.forms import Form
from duly.interfaces.web.pages.disputes.asked import Asked
from duly.interfaces.web.pages.disputes.listing import STATES, find, rows_of
from duly.interfaces.web.templatetags.show import count, plain_money
from duly.interfaces.web.typed import decimal_mark, read_amount
from duly.kernel.errors import Malformed, Refusal
from duly.parties.queries import codes_and_names
from duly.receivables.queries.standing import documents_of, item_facts, payments_of

MIB = 1024 * 1024
SHOWN_CHANGES = 50
VERDICTS = (
    ("valid", "Valid", "V", "circle-check", "They are right: all of it is credited."),
    ("partly", "Partly valid", "P", "circle-check", "Some of it is credited, the rest is owed."),
    ("invalid", "Invalid", "I", "undo-2", "It is owed: asked for again at its old due date."),
    ("mistake", "By mistake", "M", "circle-slash", "Nobody objected; it counts nowhere."),
)
NAMES = {name for name, *_ in VERDICTS}


class VerdictForm(Form):
    """How much is credited, and whether the credit note is issued here and now."""

    use_required_attribute = False
    verdict = forms.CharField(widget=forms.HiddenInput)
    credit = forms.CharField(
        label="Credit",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "num"}),
    )
    is_issued = forms.BooleanField(label="Issue the credit note now", required=False)
    number = forms.CharField(
        label="Its number",
        max_length=64,
        required=False,
        help_text="Empty: by the dispute.",
    )

    def __init__(
        self, row: Dispute, wanted: str, *, may_credit: bool, data: Any = None, mark: str = "."
    ) -> None:
        super().__init__(data, initial={"verdict": wanted, "is_issued": may_credit})
        self._row, self._mark = row, mark
        if wanted != "partly":
            del self.fields["credit"]
        if wanted not in ("valid", "partly") or not may_credit:
            del self.fields["is_issued"]
            del self.fields["number"]

    def clean_credit(self) -> int:
        """Minor units, more than nothing and at most what is disputed."""
        told = self.cleaned_data["credit"]
        if not told:
            raise forms.ValidationError("Say how much of it is credited.")
        minor = read_amount(told, self._row.currency, self._mark)
        if not 0 < minor <= self._row.amount_minor:
            most = plain_money(self._row.amount_minor, self._row.currency)
            raise forms.ValidationError(f"Credit more than nothing and at most {most}.")
        return minor


@page()
def one(request: HttpRequest, dispute_id: int) -> HttpResponse:
    """The page; `?verdict=` opens the form of one."""
    row = _dispute_of(request, dispute_id)
    wanted = request.GET.get("verdict", "")
    form = None
    if not row.verdict and wanted in NAMES:
        form = VerdictForm(row, wanted, may_credit=may(request.user.role, "credit"))
    return _shown(request, row, form)


def _shown(
    request: HttpRequest,
    row: Dispute,
    form: VerdictForm | None,
    *,
    wanted: str = "",
    refusal: Refusal | None = None,
) -> HttpResponse:
    entity = entity_of(request)
    on = today(entity)
    every = cases_of(entity.pk)
    case = [case for case in every if case.id == row.pk]
    found = find(entity, on, Asked(), every)
    shown = rows_of(entity, on, found, case)[0] if case else None
    item = item_facts(entity.pk, [row.item_id])[row.item_id]
    wanted = wanted or request.GET.get("verdict", "")
    told: dict[str, Any] = {
        "row": row,
        "shown": shown,
        "state": shown.shown if shown else STATES[row.verdict],
        "item": item,
        "customer": row.customer_id,
        "names": _names(row),
        "files": files_of(row.pk),
        "changes": _history(row),
        "form": form,
        "key": request.POST.get("key") or get_random_string(22),
        "verdicts": VERDICTS,
        "wanted": next((one for one in VERDICTS if one[0] == wanted), None),
        "may_collect": may(request.user.role, "collect"),
        "may_credit": may(request.user.role, "credit"),
        "refusal": refusal,
        "on": on,
        "most_files": MOST_FILES,
        "most_mib": MOST_OF_ONE // MIB,
        "alike": Asked(state="all", reason=row.reason, customer_id=row.customer_id).address(),
        "keys": [("Valid, partly, invalid, by mistake", "V P I M")],
    }
    status = 422 if refusal or (form is not None and form.is_bound) else 200
    return render(request, "web/dispute.html", told, status=status)


def _names(row: Dispute) -> dict[str, Any]:
    """The customer, payment and credit note by their names."""
    code, name = codes_and_names([row.customer_id])[row.customer_id]
    payment = payments_of(row.entity_id, [row.payment_id]) if row.payment_id else {}
    note = documents_of(row.entity_id, [row.credit_document_id]) if row.credit_document_id else {}
    return {
        "code": code,
        "name": name,
        "payment": payment.get(row.payment_id or 0),
        "credit_note": note.get(row.credit_document_id or 0),
    }


def _history(row: Dispute) -> list[tuple[str, Change]]:
    """(what was done, its trail) of each change, the newest first."""
    verdicts = {name: shown.label for name, shown in STATES.items()}
    return [
        (
            f"Attached {one.after['file']}"
            if "file" in one.after
            else f"Verdict: {verdicts.get(one.after.get('verdict', ''), 'changed')}",
            one,
        )
        for one in changes_of_several({"dispute": [row.pk]}, limit=SHOWN_CHANGES)
    ]


def _dispute_of(request: HttpRequest, dispute_id: int) -> Dispute:
    """A dispute of the books at hand. Refuses: DisputeUnknown."""
    row = disputes_of([dispute_id]).get(dispute_id) if dispute_id <= LARGEST_ID else None
    if row is None or row.entity_id != entity_of(request).pk:
        raise dispute_unknown(dispute_id)
    return row


@page(act="collect", methods=("POST",))
def verdict(request: HttpRequest, dispute_id: int) -> HttpResponse:
    """Give the verdict, once; a credit note is issued by those alone who may."""
    row = _dispute_of(request, dispute_id)
    wanted = request.POST.get("verdict", "")
    if wanted not in NAMES:
        raise Http404
    may_credit, mark = may(request.user.role, "credit"), decimal_mark(request)
    form = VerdictForm(row, wanted, may_credit=may_credit, data=request.POST, mark=mark)
    if not form.is_valid():
        return _shown(request, row, form, wanted=wanted)
    told = form.cleaned_data
    if told.get("is_issued"):
        require(user=request.user, act="credit")
    given = Verdict(wanted, told.get("credit"), bool(told.get("is_issued")), told.get("number", ""))

    def act() -> dict[str, Any]:
        closed = give_verdict(
            row, given, on=today(entity_of(request)), actor=actor(request), at=now()
        )
        return {"told": _done(closed, given.is_issued)}

    done = once(
        key=request.POST.get("key", "")[:64] or None,
        command="web verdict",
        given=[row.pk, *map(str, given)],
        at=now(),
        act=act,
    )
    toasts.success(request, done["told"])
    return redirect("dispute", row.pk)


def _done(closed: Dispute, is_issued: bool) -> str:
    money = f"{closed.currency} {plain_money(closed.credit_minor, closed.currency)}"
    if is_issued:
        return f"{money} is credited, and applied to {closed.number}."
    return {
        "valid": f"A credit note of {money} is waited for; nobody asks for that part meanwhile.",
        "partly": f"A credit note of {money} is waited for; the rest is asked for again.",
        "invalid": f"It is owed: {closed.number} is asked for again, at its old due date.",
        "mistake": "It is closed, and counts nowhere.",
    }[closed.verdict]


@page(act="collect", methods=("POST",))
def attach_here(request: HttpRequest, dispute_id: int) -> HttpResponse:
    """Attach what was dropped; a file that is unfit leaves all of them out."""
    row = _dispute_of(request, dispute_id)
    try:
        if hasattr(request, "too_big"):
            raise refuse_too_big(request.too_big)
        files = cast(list[TemporaryUploadedFile], request.FILES.getlist("files"))
        if not files:
            raise Malformed("No file was dropped.", remedy="Choose what proves it.")
        offered = [Offered(str(one.name), Path(one.temporary_file_path())) for one in files]
        kept = attach(row, offered, Author(actor(request), now()))
    except Refusal as error:
        return _shown(request, row, None, refusal=error)
    toasts.success(request, f"{count(len(kept), 'document is,documents are')} attached.")
    return redirect("dispute", row.pk)


@page()
def file(request: HttpRequest, file_id: int) -> FileResponse:
    """A back-up document as it came, to keep. Refuses: DisputeUnknown."""
    found = file_by_id(file_id) if file_id <= LARGEST_ID else None
    is_ours = found is not None and found.entity_id == entity_of(request).pk
    if found is None or not is_ours or not evidence_of(found.sha256).is_file():
        raise dispute_unknown(found.dispute_id if found is not None and is_ours else 0)
    return FileResponse(
        evidence_of(found.sha256).open("rb"),
        as_attachment=True,
        filename=found.file,
        content_type="application/octet-stream",
    )

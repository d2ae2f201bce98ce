"""Copies of invoices: PDFs dropped here, tied by their numbers, by a person where none told."""

from pathlib import Path
from typing import Any, NamedTuple, cast

from django.contrib import messages as toasts
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from duly.access.actions import Author, require
from duly.access.rules.roles import may
from duly.intake.actions import confirm_copy, tie_copy
from duly.intake.errors import CopyUnknown
from duly.intake.models import InvoiceCopy
from duly.intake.queries import copies_count, copies_page, copy_by_id
from duly.interfaces.exchange.copies import Offered, Taken, file_of, take_copies
from duly.interfaces.exchange.uploads import MOST_BYTES, MOST_FILES, refuse_too_big
from duly.interfaces.web.current import LARGEST_ID, actor, entity_of, now
from duly.interfaces.web.guard import page
from duly.interfaces.web.numbers import number_in
from duly.interfaces.web.templatetags.show import count
from duly.kernel.errors import Malformed, Refusal
from duly.parties.queries import codes_and_names
from duly.receivables.models import Document
from duly.receivables.queries import documents_by_number
from duly.receivables.queries.standing import documents_of

PAGE_SIZE = 50
MIB = 1024 * 1024
DIGITS = 18
TABS = {"untied": "Belong to no invoice yet", "unsure": "To confirm", "tied": "Tied"}


@page(methods=("GET", "HEAD", "POST"))
def copies(request: HttpRequest) -> HttpResponse:
    """The copies that belong to no document yet, or by `?which=` others; takes new ones."""
    entity = entity_of(request)
    taken, refusal = None, None
    if request.method == "POST":
        require(user=request.user, act="import")
        try:
            taken = _take(request)
        except Refusal as error:
            refusal = error
        if taken and taken.copies and not taken.problems:
            tied = sum(one.document_id is not None for one in taken.copies)
            toasts.success(
                request,
                f"{count(len(taken.copies), 'copy,copies')}: {tied} tied to their invoices.",
            )
            return redirect("statements_copies")
    which = request.GET.get("which", "")
    which = which if which in TABS else "untied"
    before = number_in(request.GET.get("before", ""), DIGITS)
    found = copies_page(entity_id=entity.pk, which=which, before=before, limit=PAGE_SIZE + 1)
    told: dict[str, Any] = {
        "refusal": refusal,
        "taken": taken,
        "which": which,
        "rows": _rows(entity.pk, found[:PAGE_SIZE]),
        "tabs": [
            (name, label, copies_count(entity.pk, name) if name != "tied" else 0)
            for name, label in TABS.items()
        ],
        "following": f"?which={which}&before={found[PAGE_SIZE - 1].pk}"
        if len(found) > PAGE_SIZE
        else "",
        "most_files": MOST_FILES,
        "most_mib": MOST_BYTES // MIB,
        "may_import": may(request.user.role, "import"),
    }
    return render(request, "web/statements_copies.html", told, status=422 if refusal else 200)


def _take(request: HttpRequest) -> Taken:
    """Keep what was dropped. Refuses: as an import's files, where they are too many or too big."""
    if hasattr(request, "too_big"):
        raise refuse_too_big(request.too_big)
    files = cast(list[TemporaryUploadedFile], request.FILES.getlist("files"))
    if not files:
        raise Malformed("No file was dropped.", remedy="Choose the PDFs of some invoices.")
    offered = [Offered(str(one.name), Path(one.temporary_file_path())) for one in files]
    return take_copies(entity=entity_of(request), offered=offered, actor=actor(request), at=now())


class Row(NamedTuple):
    """A copy with its document and customer, or those that a person chooses from."""

    copy: InvoiceCopy
    document: Document | None
    customer: str
    choices: list[tuple[Document, str]]


def _rows(entity_id: int, found: list[InvoiceCopy]) -> list[Row]:
    ids = {one.document_id for one in found if one.document_id}
    documents = documents_of(entity_id, ids | {pk for one in found for pk in one.may_be})
    names = codes_and_names({one.customer_id for one in documents.values()})

    def customer(document: Document | None) -> str:
        return names[document.customer_id][1] if document else ""

    rows = []
    for one in found:
        document = documents.get(one.document_id or 0)
        choices = [(documents[pk], customer(documents[pk])) for pk in one.may_be]
        rows.append(Row(one, document, customer(document), choices))
    return rows


@page()
def pdf(request: HttpRequest, copy_id: int) -> FileResponse:
    """A copy as it was kept. Refuses: CopyUnknown."""
    found = copy_by_id(copy_id) if copy_id <= LARGEST_ID else None
    is_ours = found is not None and found.entity_id == entity_of(request).pk
    if found is None or not is_ours or not file_of(found).is_file():
        raise CopyUnknown("There is no such copy here.", remedy="Look at the list of copies.")
    return FileResponse(
        file_of(found).open("rb"),
        as_attachment=True,
        filename=found.file,
        content_type="application/pdf",
    )


@page(act="import", methods=("POST",))
def tie(request: HttpRequest, copy_id: int) -> HttpResponse:
    """Tie a copy to a document by hand: a chosen one, or that of a number; none with neither.

    Rule: of a number that several documents have it is asked which. Refuses: CopyUnknown,
    DocumentUnknown, Malformed.
    """
    entity = entity_of(request)
    chosen = number_in(request.POST.get("document", ""), DIGITS)
    number = request.POST.get("number", "").strip()[:64]
    found = [chosen] if chosen else _numbered(entity.pk, number)
    if number and not found:
        raise Malformed(
            f"{number} is the number of no documents in these books.",
            facts={"number": number},
            remedy="Enter the number of one invoice as it is printed.",
        )
    kept = tie_copy(
        entity_id=entity.pk,
        copy_id=min(copy_id, LARGEST_ID),
        document_id=found[0] if len(found) == 1 else None,
        may_be=found if len(found) > 1 else [],
        author=Author(actor(request), now()),
    )
    if len(found) > 1:
        toasts.warning(request, f"{len(found)} documents have the number {number}: choose one.")
        which = "unsure" if kept.is_unsure else "tied" if kept.document_id else "untied"
        return redirect(f"{reverse('statements_copies')}?which={which}")
    toasts.success(request, "It is tied." if found else "It belongs to none.")
    return redirect("statements_copies")


def _numbered(entity_id: int, number: str) -> list[int]:
    facts = documents_by_number(entity_id, [number] if number else [])
    return sorted(one.id for one in facts.values())


@page(act="import", methods=("POST",))
def confirm(request: HttpRequest, copy_id: int) -> HttpResponse:
    """Say that a copy is what it was taken for. Refuses: CopyUnknown."""
    confirm_copy(
        entity_id=entity_of(request).pk,
        copy_id=min(copy_id, LARGEST_ID),
        author=Author(actor(request), now()),
    )
    toasts.success(request, "It is confirmed, and given to the customer when it is asked for.")
    return redirect(f"{reverse('statements_copies')}?which=unsure")

"""Copies of invoices: PDFs dropped here, tied by their numbers, by a person where none told."""

from pathlib import Path
from typing import Any, cast

from django.contrib import messages as toasts
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from duly.access.actions import Author, require
from duly.access.rules.roles import may
from duly.intake.actions import tie_copy
from duly.intake.errors import CopyUnknown
from duly.intake.models import InvoiceCopy
from duly.intake.queries import copies_page, copy_by_id, untied_count
from duly.interfaces.exchange.copies import Offered, Taken, file_of, take_copies
from duly.interfaces.exchange.uploads import MOST_BYTES, MOST_FILES, refuse_too_big
from duly.interfaces.web.current import actor, entity_of, now
from duly.interfaces.web.guard import page
from duly.interfaces.web.templatetags.show import count
from duly.kernel.errors import Malformed, Refusal
from duly.parties.queries import codes_and_names
from duly.receivables.queries import documents_by_number
from duly.receivables.queries.standing import documents_of

PAGE_SIZE = 50
LARGEST_ID = 2**63 - 1
MIB = 1024 * 1024


@page(methods=("GET", "HEAD", "POST"))
def copies(request: HttpRequest) -> HttpResponse:
    """The copies that belong to no document yet, or `?tied=1` those that do; takes new ones."""
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
    is_tied = bool(request.GET.get("tied"))
    before = request.GET.get("before", "")
    is_paged = before.isascii() and before.isdigit() and len(before) <= 18
    found = copies_page(
        entity_id=entity.pk,
        is_tied=is_tied,
        before=int(before) if is_paged else None,
        limit=PAGE_SIZE + 1,
    )
    told: dict[str, Any] = {
        "refusal": refusal,
        "taken": taken,
        "is_tied": is_tied,
        "rows": _rows(entity.pk, found[:PAGE_SIZE]),
        "untied": untied_count(entity.pk),
        "following": f"?{'tied=1&' if is_tied else ''}before={found[PAGE_SIZE - 1].pk}"
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


def _rows(entity_id: int, found: list[InvoiceCopy]) -> list[tuple[InvoiceCopy, Any, str]]:
    """(copy, its document, the customer's name)."""
    documents = documents_of(entity_id, {one.document_id for one in found if one.document_id})
    names = codes_and_names({one.customer_id for one in documents.values()})
    rows = []
    for one in found:
        document = documents.get(one.document_id or 0)
        rows.append((one, document, names[document.customer_id][1] if document else ""))
    return rows


@page()
def pdf(request: HttpRequest, copy_id: int) -> FileResponse:
    """A copy as it was kept. Refuses: CopyUnknown."""
    found = copy_by_id(copy_id) if copy_id <= LARGEST_ID else None
    if found is None or not file_of(found).is_file():
        raise CopyUnknown("There is no such copy here.", remedy="Look at the list of copies.")
    return FileResponse(
        file_of(found).open("rb"),
        as_attachment=True,
        filename=found.file,
        content_type="application/pdf",
    )


@page(act="import", methods=("POST",))
def tie(request: HttpRequest, copy_id: int) -> HttpResponse:
    """Tie a copy to the document of a number, by hand. Refuses: CopyUnknown, Malformed."""
    entity = entity_of(request)
    number = request.POST.get("number", "").replace("\x00", "").strip()[:64]
    facts = documents_by_number(entity.pk, [number] if number else [])
    if number and len(facts) != 1:
        raise Malformed(
            f"{number} is the number of {len(facts) or 'no'} documents in these books.",
            facts={"number": number, "documents": len(facts)},
            remedy="Enter the number of one invoice as it is printed.",
        )
    document_id = next((one.id for one in facts.values()), None)
    tie_copy(
        entity_id=entity.pk,
        copy_id=min(copy_id, LARGEST_ID),
        document_id=document_id,
        author=Author(actor(request), now()),
    )
    toasts.success(request, f"It belongs to {number}." if number else "It belongs to none.")
    return redirect(reverse("statements_copies"))

"""The list of imports with the place to drop files, and files as they arrive."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from duly.access.rules.roles import may
from duly.intake.errors import UploadUnknown
from duly.intake.models import Import, Upload
from duly.intake.queries import imports, upload, waiting_uploads
from duly.interfaces.exchange.readers.limits import MIB
from duly.interfaces.exchange.uploads import (
    MOST_BYTES,
    MOST_FILES,
    add_files,
    check,
    receive,
    refuse_too_big,
)
from duly.interfaces.web.current import actor, entity_of, now, today
from duly.interfaces.web.exporting import Table, all_pages, amount, file_addresses, some_at_a_time
from duly.interfaces.web.guard import page
from duly.interfaces.web.middleware import status_of
from duly.interfaces.web.numbers import number_in
from duly.interfaces.web.pages.importing.shown import brought, controls_of
from duly.interfaces.web.pages.importing.words import KIND_WORDS, preset_label
from duly.kernel.errors import Malformed, Refusal
from duly.receivables.queries.batches import closed_by_batch

PAGE_SIZE = 50
AT_ONCE_BYTES = MIB  # so much is previewed before the page is shown; more behind a page that waits


@page()
def importing(request: HttpRequest) -> HttpResponse:
    """Where files are dropped, what waits, and what was imported; `?before=` pages it."""
    return _list(request)


def _list(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    entity = entity_of(request)
    before = number_in(request.GET.get("before", ""), 15)
    found = imports(entity_id=entity.pk, limit=PAGE_SIZE + 1, before=before)
    is_more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    told: dict[str, Any] = {
        "refusal": refusal,
        "waiting": waiting_uploads(user_id=request.user.pk, entity_id=entity.pk),
        "rows": lines_of(found),
        "following": found[-1].batch_id if is_more else None,
        "is_paged": before is not None,
        "may_import": may(request.user.role, "import"),
        **limits(),
        **file_addresses(request, "importing"),
    }
    status = status_of(refusal) if refusal else 200
    return render(request, "web/importing.html", told, status=status)


def table(request: HttpRequest) -> Table:
    """Every import, a row a currency of its control total."""
    entity = entity_of(request)

    def read(before: int | None, limit: int) -> list[Import]:
        return imports(entity_id=entity.pk, limit=limit, before=before)

    rows = (
        cells
        for some in some_at_a_time(all_pages(read, None, lambda row: row.batch_id))
        for line in lines_of(some)
        for cells in _cells(line)
    )
    texts = ["file", "kind", "layout", "at", "by", "taken_back", "brought", "currency"]
    return Table(f"imports-{today(entity)}", texts, ["rows", "control_total"], rows)


def _cells(line: dict[str, Any]) -> list[list[str]]:
    record = line["record"]
    told = [
        record.file,
        line["kind"],
        line["preset"],
        record.recorded_at.isoformat(timespec="seconds"),
        record.actor,
        "yes" if record.reverted_by_batch_id else "",
        line["brought"],
    ]
    totals = [(one.currency, amount(one.minor, one.currency)) for one in line["control"]]
    return [[*told, currency, str(record.rows), sum_] for currency, sum_ in totals or [("", "")]]


def limits() -> dict[str, int]:
    """What a place to drop files says of its limits, and holds files against before they go."""
    return {
        "most_mib": MOST_BYTES // MIB,
        "most_bytes": MOST_BYTES,
        "most_files": MOST_FILES,
        "at_once_bytes": AT_ONCE_BYTES,
    }


def lines_of(records: Sequence[Import]) -> list[dict[str, Any]]:
    """Imports as lines of the list."""
    closed = closed_by_batch([record.batch_id for record in records])
    return [
        {
            "record": record,
            "kind": KIND_WORDS.get(record.kind, record.kind),
            "preset": preset_label(record.preset),
            "brought": brought(record, closed.get(record.batch_id, 0)),
            "control": controls_of(record.control),
        }
        for record in records
    ]


@page(act="import", methods=("POST",))
def arrive(request: HttpRequest) -> HttpResponse:
    """Take files in; they wait for the person under an address of their own."""
    try:
        files = _files(request)
    except Refusal as refusal:
        return _list(request, refusal)
    kept = receive(entity_id=entity_of(request).pk, user_id=request.user.pk, files=files, at=now())
    look_at_once(request, kept)
    return redirect("import_upload", kept.token)


@page(act="import", methods=("POST",))
def arrive_too(request: HttpRequest, token: str) -> HttpResponse:
    """Add files to an upload; one of a name that is there takes its place."""
    waiting = upload_of(request, token)
    refuse_written(waiting)
    add_files(waiting, _files(request))
    look_at_once(request, waiting)
    return redirect("import_upload", token)


def _files(request: HttpRequest) -> list[Any]:
    """The files of a form. Refuses: FileTooBig; Malformed when there is none."""
    files = request.FILES.getlist("files")
    if hasattr(request, "too_big"):
        raise refuse_too_big(request.too_big)
    if not files:
        raise Malformed(
            "No file came with this.", remedy="Choose one or several files, then upload them."
        )
    return files


def upload_of(request: HttpRequest, token: str) -> Upload:
    """A person's own upload in the books at hand. Refuses: UploadUnknown."""
    found = upload(token=token, user_id=request.user.pk, entity_id=entity_of(request).pk)
    if found is None:
        raise UploadUnknown(
            "No upload waits at this address.",
            remedy="It was thrown away, waited for more than two days, or is of another company. "
            "Drop the files again.",
        )
    return found


def refuse_written(found: Upload) -> None:
    """Refuse to change an upload that was written. Refuses: UploadUnknown."""
    if found.committed_at is not None:
        raise UploadUnknown(
            "This upload was imported already.", remedy="Look at the list of imports."
        )


def look_at_once(request: HttpRequest, waiting: Upload) -> None:
    """Preview an upload before its page is shown, unless that takes long."""
    if sum(file["bytes"] for file in waiting.files) <= AT_ONCE_BYTES:
        check(waiting, actor=actor(request), at=now())

"""Files dropped in the browser, between preview and confirmation."""

import secrets
from datetime import datetime
from typing import Any

from duly.intake.errors import UploadUnknown
from duly.intake.models import Upload
from duly.storage.writing import whole


def keep_upload(
    *, entity_id: int, user_id: int, files: list[dict[str, Any]], at: datetime
) -> Upload:
    """Note files that were stored and wait for a person; the token is theirs alone."""
    return Upload.objects.create(
        token=secrets.token_urlsafe(24),
        entity_id=entity_id,
        user_id=user_id,
        files=files,
        created_at=at,
    )


def note_plan(
    *, upload: Upload, digest: str, options: dict[str, Any], files: list[dict[str, Any]]
) -> None:
    """Keep the digest of the preview that is being shown, and what it was made with."""
    upload.plan_digest, upload.options, upload.files = digest, options, files
    # One that was thrown away while it was looked at stays so.
    Upload.objects.filter(pk=upload.pk).update(plan_digest=digest, options=options, files=files)


@whole()
def settle_upload(*, upload: Upload, at: datetime) -> None:
    """Mark an upload as written. Refuses: UploadUnknown when it was written before."""
    held = Upload.objects.select_for_update().filter(pk=upload.pk, committed_at=None).first()
    if held is None:
        raise UploadUnknown(
            "This upload was imported before, or thrown away.",
            remedy="Look at the list of imports.",
        )
    held.committed_at = at
    held.save(update_fields=["committed_at"])


def abandon_upload(*, upload: Upload) -> None:
    """Forget an upload that nobody confirmed; the caller removes its files."""
    upload.delete()

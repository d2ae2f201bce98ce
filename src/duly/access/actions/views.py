"""Named filters of a page."""

from datetime import datetime

from duly.access.errors import SavedViewUnknown
from duly.access.models import SavedView
from duly.storage.writing import whole


@whole()
def save_view(
    *, place: str, name: str, query: str, owner: str, is_shared: bool, at: datetime
) -> SavedView:
    """Keep a named filter of a page; under a name of one's own that is there, the new one stays."""
    row, _ = SavedView.objects.update_or_create(
        place=place,
        owner=owner,
        name=name,
        defaults={"query": query, "is_shared": is_shared, "recorded_at": at},
    )
    return row


@whole()
def drop_view(*, view_id: int, owner: str) -> SavedView:
    """Forget a view of one's own. Refuses: SavedViewUnknown."""
    row = SavedView.objects.filter(pk=view_id, owner=owner).first()
    if row is None:
        raise SavedViewUnknown(
            "This view is not yours, or it is gone.",
            facts={"view": view_id},
            remedy="Whoever saved it can drop it.",
        )
    row.delete()
    return row

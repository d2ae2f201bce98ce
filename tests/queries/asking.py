"""Find the records of the books by the numbers that people use."""

from building import broken
from duly.ledger.models import Entry
from duly.receivables.models import Application, Document, Item


def violations(invariant: str) -> list[dict[str, object]]:
    return broken().get(invariant, [])


def entry_of(number: str) -> Entry:
    document = Document.objects.get(number=number)
    return Entry.objects.get(source_kind="document", source_id=document.pk)


def item_of(number: str) -> Item:
    return Item.objects.get(document_id=Document.objects.get(number=number).pk)


def application_of(number: str, reason: str = "cash") -> Application:
    return Application.objects.filter(item_id=item_of(number).pk, reason=reason).earliest("id")

"""What an entity says of banks' codes of kinds, and which payments lines brought."""

from collections.abc import Collection
from itertools import chain

from duly.cash_application.models import BankDetail, BankKind, BankLine
from duly.storage.among import among


def kinds_of(entity_id: int) -> dict[str, str]:
    """{pattern of a code: what such money is} of an entity's own; "": a receivable."""
    rows = BankKind.objects.filter(entity_id=entity_id)
    return dict(rows.order_by("code").values_list("code", "says"))


def payments_by_line(line_ids: Collection[int]) -> dict[int, int]:
    """{payment: the line that brought it}, of batches too."""
    lines = BankLine.objects.filter(pk__in=among(line_ids), payment_id__isnull=False)
    parts = BankDetail.objects.filter(line_id__in=among(line_ids), payment_id__isnull=False)
    found = chain(lines.values_list("payment_id", "pk"), parts.values_list("payment_id", "line_id"))
    return {payment_id: line_id for payment_id, line_id in found if payment_id is not None}

"""Mail that came in, as scripts read it."""

from collections.abc import Sequence
from typing import Any

from duly.collections.models import IncomingMail
from duly.parties.queries import codes_and_names


def mails_document(rows: Sequence[IncomingMail]) -> dict[str, Any]:
    """Mails with whose they are and what they say, as text."""
    names = codes_and_names({row.customer_id for row in rows if row.customer_id is not None})
    return {
        "mails": [
            {
                "id": row.pk,
                "customer": names[row.customer_id][0] if row.customer_id in names else None,
                "tied_by": row.tied_by or None,
                "message": row.about_id,
                "kind": row.kind,
                "severity": row.severity or None,
                "address": row.address or None,
                "from": row.sender,
                "name": row.sender_name,
                "subject": row.subject,
                "text": row.text,
                "is_cut": row.is_cut,
                "enclosed": row.enclosed,
                "sent_at": row.sent_at.isoformat() if row.sent_at else None,
            }
            for row in rows
        ]
    }

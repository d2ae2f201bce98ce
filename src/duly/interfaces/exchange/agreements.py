"""Agreements on instalments as PDF: the document that is kept, and who signed it."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from duly.collections.errors import PlanStateUnfit
from duly.collections.queries.plans import Plan, papers_of
from duly.interfaces.exchange.statements import paper_of
from duly.interfaces.exchange.writers.agreements import typeset_agreement
from duly.interfaces.exchange.writers.statements.running import write_pdf
from duly.interfaces.exchange.writers.statements.typesetting import Typeset
from duly.parties.queries import entity


def agreement_pdf(plan: Plan) -> Typeset:
    """The agreement of a plan, drawn from what is kept. Refuses: PlanStateUnfit."""
    paper, signature, _ = papers_of(plan)
    if paper is None:
        raise PlanStateUnfit(
            f"Plan {plan.row.pk} has no agreement yet.",
            facts={"plan": plan.row.pk, "state": plan.row.state},
            remedy=f"Offer it: `duly plan offer {plan.row.pk}`.",
        )
    one = entity(str(plan.row.entity_id))
    made = paper.recorded_at
    signed: list[list[str]] = []
    if signature is not None:
        moment = signature.signed_at.astimezone(ZoneInfo(one.timezone))
        told = {
            "By": f"{signature.name}, {signature.title}",
            "For": paper.document["debtor"]["name"],
            "On": f"{moment:%Y-%m-%d %H:%M} ({one.timezone})",
            "How": "By the link sent to the debtor" if signature.way == "link" else "On paper",
            "From": signature.address,
            "SHA-256": signature.sha256,
        }
        signed = [[name, value] for name, value in told.items() if value]
    return typeset_agreement(
        {
            **paper.document,
            "date": {"year": made.year, "month": made.month, "day": made.day},
            "paper": "us-letter" if paper_of(one) == "letter" else "a4",
            "foot": f"{paper.document['title']} · SHA-256 {paper.sha256}",
            "signature": signed,
        }
    )


def write_agreement(plan: Plan, path: Path) -> dict[str, Any]:
    """The agreement as a file."""
    drawn = agreement_pdf(plan)
    write_pdf(path, drawn)
    return {"file": str(path), "bytes": len(drawn.pdf), "pdf_a": not drawn.unprinted}

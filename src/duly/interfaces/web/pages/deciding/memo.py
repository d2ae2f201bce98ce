"""The memo of a decision, as it was kept on its day: on a page to print, and as a document."""

import json
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from duly.credit.models import CreditDecision
from duly.credit.models.decisions import VERDICTS
from duly.credit.queries.decisions import decision_on
from duly.credit.queries.evidence import minor_of
from duly.interfaces.exchange.memos import memo_pdf
from duly.interfaces.web.current import entity_of
from duly.interfaces.web.guard import page
from duly.interfaces.web.pages.deciding.one import request_of
from duly.interfaces.web.pages.deciding.shown import LABELS, plain


@page()
def memo(request: HttpRequest, request_id: int) -> HttpResponse:
    """The memo. Refuses: DecisionUnknown."""
    row = request_of(request, request_id)
    decision = decision_on(row)
    told: dict[str, Any] = {
        "row": row,
        "decision": decision,
        "memo": decision.memo,
        "methods": [
            {
                **one,
                "label": LABELS.get(one["id"], one["id"]),
                "minor": minor_of(Decimal(one["amount"]), row.currency) if one["amount"] else None,
                "inputs": {name: plain(Decimal(value)) for name, value in one["inputs"].items()},
            }
            for one in decision.memo["known"]["methods"]
        ],
        "knobs": sorted(decision.memo["policy"].items()),
        "verdict": dict(VERDICTS)[decision.verdict],
        "here": "credit",
    }
    return render(request, "web/credit/memo.html", told)


@page()
def kept(request: HttpRequest, request_id: int) -> HttpResponse:
    """The memo as it was kept, to keep elsewhere. Refuses: DecisionUnknown."""
    row = request_of(request, request_id)
    return _download(row.number, decision_on(row))


@page()
def pdf(request: HttpRequest, request_id: int) -> HttpResponse:
    """The memo as it was kept, to print or to send on. Refuses: DecisionUnknown."""
    row = request_of(request, request_id)
    drawn = memo_pdf(entity_of(request), decision_on(row)).pdf
    response = HttpResponse(drawn, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{row.number}-memo.pdf"'
    return response


def _download(number: str, decision: CreditDecision) -> HttpResponse:
    text = json.dumps(decision.memo, ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{number}-memo.json"'
    return response

"""Credit requests: the queue, one request on one page, its memo, and limits that are proposed.

Purpose: the way of `duly credit list`, `show`, `decide` and `limits` for people who look first.
"""

from django.urls import path

from duly.interfaces.web.exporting import file_patterns
from duly.interfaces.web.pages.deciding import listing, memo, one, proposed

urlpatterns = [
    path("credit/", listing.listing, name="credit"),
    *file_patterns("credit/requests", "credit", listing.table),
    path("credit/proposed/", proposed.proposed, name="credit_proposed"),
    path("credit/proposed/<int:proposal_id>/", proposed.settle, name="credit_settle"),
    path("credit/requests/<int:request_id>/", one.one, name="credit_request"),
    path("credit/requests/<int:request_id>/decide/", one.decide, name="credit_decide"),
    path("credit/requests/<int:request_id>/then/", one.follow, name="credit_follow"),
    path("credit/requests/<int:request_id>/score/", one.rescore, name="credit_rescore"),
    path("credit/requests/<int:request_id>/memo/", memo.memo, name="credit_memo"),
    path("credit/requests/<int:request_id>/memo.pdf", memo.pdf, name="credit_memo_pdf"),
    path("credit/requests/<int:request_id>/memo.json", memo.kept, name="credit_memo_json"),
]

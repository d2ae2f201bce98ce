"""Reviews and clocks: what must not be missed with the money at stake, one review, and the credit
of one customer.

Purpose: the way of `duly credit review`, `clocks`, `insurance` and `security` for people who look
first.
"""

from django.urls import path

from duly.interfaces.web.exporting import file_patterns
from duly.interfaces.web.pages.reviewing import calendar, clock, customer, review

urlpatterns = [
    path("credit/reviews/", calendar.calendar, name="credit_reviews"),
    *file_patterns("credit/reviews/clocks", "credit_reviews", calendar.table),
    path("credit/reviews/clock/", clock.clock, name="credit_clock"),
    path("credit/reviews/clock/done/", clock.done, name="credit_clock_done"),
    path("credit/reviews/<int:review_id>/", review.one, name="credit_review"),
    path("credit/reviews/<int:review_id>/take/", review.take, name="credit_review_take"),
    path("credit/reviews/<int:review_id>/outcome/", review.outcome, name="credit_review_outcome"),
    path("customers/<int:customer_id>/credit/", customer.credit, name="customer_credit"),
    path("customers/<int:customer_id>/credit/review/", customer.look, name="credit_review_open"),
]

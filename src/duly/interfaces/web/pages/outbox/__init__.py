"""The outbox: what will leave, waits, is gone or was left out, each with its reason.

Purpose: the way of `duly messages`, `duly message` and `duly sending` for people who look first.
"""

from django.urls import path

from duly.interfaces.web.exporting import file_patterns
from duly.interfaces.web.pages.outbox import listing, message, planned, switching

urlpatterns = [
    path("outbox/", listing.outbox, name="outbox"),
    *file_patterns("outbox/outbox", "outbox", listing.table),
    path("outbox/planned/", planned.planned, name="outbox_planned"),
    *file_patterns("outbox/planned/leaves", "outbox_planned", planned.table, is_kept=True),
    path("outbox/planned/<slug:act>/", planned.change, name="outbox_planned_change"),
    path("outbox/sending/", switching.sending, name="outbox_sending"),
    path("outbox/stop/", switching.stop, name="outbox_stop"),
    path("outbox/<int:message_id>/", message.message, name="outbox_message"),
    path("outbox/<int:message_id>/<slug:act>/", message.change, name="outbox_change"),
]

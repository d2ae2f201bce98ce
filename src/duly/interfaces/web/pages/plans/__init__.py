"""Instalment plans: all of them, those of a customer, one of them, and a new one."""

from django.urls import path

from duly.interfaces.web.pages.plans import listing, one, proposing

urlpatterns = [
    path("plans/", listing.listing, name="plans"),
    path("plans/<int:plan_id>/", one.one, name="plan_one"),
    path("plans/<int:plan_id>/agreement.pdf", one.agreement, name="plan_agreement_pdf"),
    path("plans/<int:plan_id>/<slug:act>/", one.act, name="plan_act"),
    path("customers/<int:customer_id>/plans/", listing.of_customer, name="plan_customer"),
    path("customers/<int:customer_id>/plans/new/", proposing.propose, name="plan_propose"),
    path("customers/<int:customer_id>/plans/payments/", proposing.payments, name="plan_payments"),
]

"""One review: why it is, what the customer looks like, and what is decided."""

from typing import Any

from django import forms
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import get_random_string

from duly.access.actions import Author, once
from duly.access.rules.roles import may
from duly.credit.actions.reviews import conclude_review, take_review
from duly.credit.errors import ReviewUnknown
from duly.credit.models import CHANGE_LIMIT, OUTCOMES, CreditReview
from duly.credit.queries.reviews import currency_of_limit, signals
from duly.credit.queries.reviews import review as review_of
from duly.credit.rules.reviewing import CAUSES
from duly.interfaces.web.current import LARGEST_ID, actor, entity_of, now, today
from duly.interfaces.web.guard import page
from duly.interfaces.web.pages.desk.forms import Form, read_amount
from duly.interfaces.web.pages.reviewing.customer import used_by
from duly.parties.queries import codes_and_names, customer_by_id


class OutcomeForm(Form):
    """What is decided, and why."""

    use_required_attribute = False
    outcome = forms.ChoiceField(
        label="Outcome",
        choices=OUTCOMES,
        widget=forms.RadioSelect,
        error_messages={"required": "Say what is decided."},
    )
    limit = forms.CharField(
        label="New limit",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "num"}),
        help_text="Only where it is changed. Less holds at once; more waits for another person.",
    )
    reason = forms.CharField(
        label="Reason, kept with the review",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why."},
    )

    def __init__(self, currency: str, data: Any = None) -> None:
        super().__init__(data)
        self.currency = currency

    def clean(self) -> dict[str, Any]:
        """With the new limit in minor units where it is changed, and None where not."""
        told = super().clean()
        is_changed = told.get("outcome") == CHANGE_LIMIT
        if is_changed and not told.get("limit"):
            self.add_error("limit", "Say how much it is to be.")
        told["limit"] = read_amount(told["limit"], self.currency) if told.get("limit") else None
        if not is_changed:
            told["limit"] = None
        return told


@page()
def one(request: HttpRequest, review_id: int) -> HttpResponse:
    """The page. Refuses: ReviewUnknown."""
    row = _review_of(request, review_id)
    form = OutcomeForm(currency_of_limit(row, today(entity_of(request))))
    return _shown(request, row, None if row.outcome else form)


def _shown(request: HttpRequest, row: CreditReview, form: OutcomeForm | None) -> HttpResponse:
    entity = entity_of(request)
    on = today(entity)
    code, name = codes_and_names([row.customer_id])[row.customer_id]
    may_assess = may(request.user.role, "assess_credit")
    is_mine = row.owner == actor(request)
    told: dict[str, Any] = {
        "row": row,
        "code": code,
        "name": name,
        "cause": CAUSES[row.cause],
        "signals": signals(entity_id=entity.pk, review_id=row.pk),
        "form": form,
        "key": request.POST.get("key") or get_random_string(22),
        "may_assess": may_assess,
        "is_mine": is_mine,
        "keys": [("I do it", "T")] if may_assess and form is not None and not is_mine else [],
        "on": on,
        "used": used_by(customer_by_id(row.customer_id), on),
    }
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "web/credit/review.html", told, status=status)


def _review_of(request: HttpRequest, review_id: int) -> CreditReview:
    """A review of the books at hand. Refuses: ReviewUnknown."""
    row = review_of(min(review_id, LARGEST_ID))
    if row.entity_id != entity_of(request).pk:
        raise ReviewUnknown(
            "There is no such review in these books.",
            facts={"review": review_id},
            remedy="Look at the calendar.",
        )
    return row


@page(act="assess_credit", methods=("POST",))
def take(request: HttpRequest, review_id: int) -> HttpResponse:
    """Do the review oneself."""
    row = _review_of(request, review_id)
    who = actor(request)
    take_review(entity_id=row.entity_id, review_id=row.pk, owner=who, author=Author(who, now()))
    toasts.success(request, "It is yours.")
    return redirect("credit_review", row.pk)


@page(act="assess_credit", methods=("POST",))
def outcome(request: HttpRequest, review_id: int) -> HttpResponse:
    """Conclude it, once."""
    row = _review_of(request, review_id)
    form = OutcomeForm(currency_of_limit(row, today(entity_of(request))), request.POST)
    if not form.is_valid():
        return _shown(request, row, form)
    told = form.cleaned_data

    def act() -> dict[str, Any]:
        ended = conclude_review(
            entity_id=row.entity_id,
            review_id=row.pk,
            outcome=told["outcome"],
            reason=told["reason"],
            limit_minor=told["limit"],
            on=today(entity_of(request)),
            author=Author(actor(request), now()),
        )
        return {"review": ended.pk}

    once(
        key=request.POST.get("key", "")[:64] or None,
        command="web review",
        given=[row.pk, told["outcome"], told["reason"], told["limit"]],
        at=now(),
        act=act,
    )
    toasts.success(request, "The review is concluded.")
    return redirect("credit_review", row.pk)

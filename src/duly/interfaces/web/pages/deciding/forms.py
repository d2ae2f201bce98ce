"""What a person types to decide a request."""

from datetime import date
from typing import Any

from django import forms

from duly.credit.actions.decisions import DecisionDraft
from duly.credit.models import CreditRequest
from duly.credit.models.decisions import BANDS
from duly.credit.rules.deciding import DECLINE, LESS, LONGEST_TERMS, SECURED, Terms
from duly.credit.rules.notices import REASONS
from duly.interfaces.web.fields import day_field
from duly.interfaces.web.pages.desk.forms import Form, read_amount

ICONS = {
    "approve": "circle-check",
    LESS: "circle-minus",
    SECURED: "shield-check",
    DECLINE: "circle-x",
}
CHOICES = (
    ("approve", "As asked", "A"),
    (LESS, "Less", "L"),
    (SECURED, "Secured", "S"),
    (DECLINE, "Decline", "D"),
)
NAMES = {name for name, *_ in CHOICES}


def _amount(label: str, *, required: bool = True, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=32,
        help_text=hint,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "num"}),
    )


def _lines(label: str, hint: str, *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=4000,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DecideForm(Form):
    """The amount, the days, why, and what must be done first. A decline has only its reason."""

    use_required_attribute = False
    verdict = forms.CharField(widget=forms.HiddenInput)
    amount = _amount("Limit")
    terms_band = forms.ChoiceField(
        label="Terms", required=False, choices=[one for one in BANDS if one[0] != "prepay"]
    )
    terms_days = forms.IntegerField(
        label="Days",
        min_value=0,
        max_value=LONGEST_TERMS,
        required=False,
        help_text="Empty: as now.",
    )
    review_on = day_field("Review on")
    to_on = day_field("Until", hint="Empty: with no end.")
    reason = forms.CharField(
        label="Reason, kept with the decision",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "A decision needs a reason."},
    )
    securities = _lines("Securities", "One a line; each must be there first.", required=True)
    conditions = _lines("First of all", "What must be done before it begins, one a line.")
    is_offer = forms.BooleanField(label="They are to accept it first", required=False)
    reason_codes = forms.MultipleChoiceField(
        label="What they are told",
        required=False,
        choices=list(REASONS.items()),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, row: CreditRequest, verdict: str, data: Any = None, initial: Any = None
    ) -> None:
        super().__init__(data, initial={"verdict": verdict, **(initial or {})})
        self._row, self._verdict = row, verdict
        unwanted = {
            "approve": ("securities", "is_offer", "reason_codes"),
            LESS: ("securities",),
            SECURED: ("is_offer", "reason_codes"),
            DECLINE: (
                *(
                    "amount",
                    "terms_band",
                    "terms_days",
                    "review_on",
                    "to_on",
                    "securities",
                    "conditions",
                    "is_offer",
                ),
            ),
        }[verdict]
        for name in unwanted:
            del self.fields[name]

    def clean_amount(self) -> int:
        """Minor units."""
        return read_amount(self.cleaned_data["amount"], self._row.currency)

    @property
    def wanted_minor(self) -> int:
        """The amount as typed or proposed, else what was asked for."""
        text = self.data.get("amount") if self.is_bound else self.initial.get("amount")
        try:
            return read_amount(str(text or ""), self._row.currency)
        except forms.ValidationError:
            return self._row.amount_minor

    def draft(self, on: date) -> DecisionDraft:
        """What was typed, as a decision."""
        told = self.cleaned_data
        securities = _texts(told.get("securities", ""))
        terms = Terms(
            from_on=on,
            to_on=told.get("to_on"),
            review_on=told.get("review_on"),
            terms_band=told.get("terms_band") or ("secured" if securities else "open"),
            terms_days=told.get("terms_days"),
        )
        return DecisionDraft(
            self._verdict,
            told.get("amount", 0),
            self._row.currency,
            told["reason"],
            terms,
            (*securities, *_texts(told.get("conditions", ""))),
            tuple(told.get("reason_codes", ())),
            bool(told.get("is_offer")),
        )


def _texts(told: str) -> list[str]:
    return [line.strip() for line in told.splitlines() if line.strip()]

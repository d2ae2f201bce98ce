"""What is typed at the end of a call, and how it is read."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from duly.collections.actions import CallDraft, PromiseDraft
from duly.collections.models import CALL_OUTCOMES
from duly.collections.rules.excuses import Excuse
from duly.disputes.actions import DisputeDraft
from duly.disputes.policy import DISPUTES
from duly.interfaces.jobs.calling import Due
from duly.interfaces.web.fields import day_field
from duly.interfaces.web.templatetags.show import day, plain_money
from duly.interfaces.web.typed import read_amount
from duly.receivables.queries import ItemFacts

OUTCOME_KEYS = {
    "promised": "P",
    "objected": "O",
    "reached": "R",
    "refused": "F",
    "wrong_person": "W",
    "voicemail": "V",
    "no_answer": "N",
}

Form: Any = forms.Form  # named so, mypy's plugin lets it be: of its subclasses it finds no end


def _amount(label: str, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        help_text=hint,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "num"}),
    )


class RecordForm(Form):
    """One record: outcome, excuse, promise and its parts, dispute, copies, the next day."""

    use_required_attribute = False
    currency = forms.CharField(max_length=3, required=False, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label="What came of it", choices=CALL_OUTCOMES)
    excuse = forms.ChoiceField(label="What they say", required=False)
    has_promise = forms.BooleanField(label="They promised to pay", required=False)
    amount = _amount("Amount")
    due_on = day_field("By")
    then_amount = _amount("And then")
    then_on = day_field("By then")
    method = forms.CharField(label="How it is paid", max_length=32, required=False)
    condition = forms.CharField(
        label="Once we have done",
        max_length=300,
        required=False,
        help_text="Becomes a task; the promise waits for it.",
    )
    disputed = forms.ChoiceField(label="In dispute", required=False)
    disputed_amount = _amount("Amount in dispute", "Empty: all that is open of it.")
    reason = forms.ChoiceField(
        label="Reason",
        required=False,
        choices=[(code, code.replace("_", " ").capitalize()) for code in DISPUTES.duties],
    )
    copies = forms.MultipleChoiceField(
        label="Copies they asked for", required=False, widget=forms.CheckboxSelectMultiple
    )
    person = forms.CharField(label="With whom", max_length=200, required=False)
    phone = forms.CharField(label="Number", max_length=40, required=False)
    named_on = day_field("Day they named", hint="For what they say: it is looked at again then.")
    next_on = day_field("Call again on")
    note = forms.CharField(
        label="Note", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    recording = forms.CharField(
        label="Recording",
        max_length=500,
        required=False,
        help_text="Where your telephone system keeps it.",
    )
    is_confirmed = forms.BooleanField(label="Confirm in writing", required=False, initial=True)

    def __init__(
        self,
        typed: Any,
        *,
        items: Sequence[Due],
        excuses: Mapping[str, Excuse],
        initial: Mapping[str, Any],
    ) -> None:
        super().__init__(typed, initial=dict(initial))
        self.fields["excuse"].choices = [
            ("", ""),
            *((code, one.name) for code, one in excuses.items()),
        ]
        listed = [(str(one.id), _words(one)) for one in items]
        self.fields["disputed"].choices = [("", "Nothing"), *listed]
        self.fields["copies"].choices = listed
        self.items = {str(one.id): one for one in items}

    def clean(self) -> dict[str, Any]:
        """Read amounts in their currencies, and what belongs to a promise."""
        told = dict(super().clean() or {})
        currency = told.get("currency", "")
        told["parts"] = []
        if told.get("has_promise") or told.get("outcome") == "promised":
            self._part(told, "amount", "due_on", currency)
            if told.get("then_amount") or told.get("then_on"):
                self._part(told, "then_amount", "then_on", currency)
        item = self.items.get(told.get("disputed", ""))
        if item is not None:
            told["disputed_minor"] = item.open_minor
            if told.get("disputed_amount"):
                told["disputed_minor"] = self._minor(told, "disputed_amount", item.currency)
        return told

    def _part(self, told: dict[str, Any], amount: str, day_name: str, currency: str) -> None:
        minor, due_on = self._minor(told, amount, currency), told.get(day_name)
        if not due_on and day_name not in self.errors:
            self.add_error(day_name, "Name the day on which it is to be here.")
        told["parts"].append((minor, due_on))

    def _minor(self, told: Mapping[str, Any], name: str, currency: str) -> int:
        try:
            return read_amount(told.get(name, ""), currency)
        except forms.ValidationError as error:
            self.add_error(name, error)
            return 0

    def draft(self, customer_id: int, facts: Mapping[int, ItemFacts]) -> CallDraft:
        """The call that was typed; `facts` are of the item in dispute."""
        told: dict[str, Any] = self.cleaned_data
        disputes: tuple[DisputeDraft, ...] = ()
        if told["disputed"]:
            item = facts[int(told["disputed"])]
            one = DisputeDraft(item, told["disputed_minor"], told["reason"], note=told["note"])
            disputes = (one,)
        return CallDraft(
            customer_id,
            told["outcome"],
            told["person"],
            told["phone"],
            told["recording"],
            told["note"],
            told["next_on"],
            tuple(
                PromiseDraft(
                    customer_id,
                    told["currency"],
                    minor,
                    due_on,
                    method=told["method"],
                    condition=told["condition"],
                )
                for minor, due_on in told["parts"]
            ),
            disputes,
            tuple((int(one), self.items[one].number) for one in told["copies"]),
            told["excuse"],
            told["named_on"],
            told["is_confirmed"],
        )


def _words(one: Due) -> str:
    money = f"{one.currency} {plain_money(one.open_minor, one.currency)}"
    return f"{one.number} · {money} · due {day(one.due_on)}"


def likely(asked: str, by_on: date, person: str, phone: str, currency: str) -> dict[str, Any]:
    """What stands in the fields before anything is typed."""
    return {
        "currency": currency,
        "amount": asked,
        "due_on": by_on,
        "person": person,
        "phone": phone,
        "is_confirmed": True,
    }

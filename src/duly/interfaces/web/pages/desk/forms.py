"""The forms of what is done about a customer, and how what was typed is read."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from django import forms

from duly.collections.models import CALL_OUTCOMES, Task
from duly.collections.rules.speaking import next_friday
from duly.disputes.policy import DISPUTES
from duly.interfaces.web.fields import day_field
from duly.interfaces.web.templatetags.show import day, plain_money
from duly.interfaces.web.typed import read_amount
from duly.kernel.errors import DulyError

CHANNELS = (("call", "On the telephone"), ("email", "By e-mail"), ("visit", "In person"))
SNOOZE_DAYS = 7
LATER = "Looked at; nothing to do until then"


class OpenItem(NamedTuple):
    """An item that may be promised or objected to."""

    id: int
    number: str
    due_on: date
    currency: str
    open_minor: int

    @property
    def words(self) -> str:
        """The item in a list to choose from."""
        money = plain_money(self.open_minor, self.currency)
        return f"{self.number} · {self.currency} {money} · due {day(self.due_on)}"


Form: Any = forms.Form  # named so, mypy's plugin lets it be: of its subclasses it finds no end


class ActForm(Form):
    """A form about a customer; `tasks` are what is done with by the act."""

    use_required_attribute = False
    verb, icon = "Save", "check"
    currency = forms.CharField(max_length=3, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, currencies: Sequence[str], tasks: Sequence[Task]) -> None:
        super().__init__(data, initial={"currency": currencies[0] if currencies else ""})
        if len(currencies) > 1:
            self.fields["currency"] = forms.ChoiceField(
                label="Currency", choices=[(code, code) for code in currencies]
            )
        if tasks:
            self.fields["tasks"] = forms.MultipleChoiceField(
                label="Done with it",
                required=False,
                choices=[(str(task.pk), task.text) for task in tasks],
                initial=[str(task.pk) for task in tasks],
                widget=forms.CheckboxSelectMultiple,
            )

    def start_with(self, **initial: Any) -> None:
        """Fill in what is likely."""
        self.initial.update(initial)

    def choose_from(self, items: Sequence[OpenItem]) -> None:
        """The items that can be chosen."""


def _note(label: str = "Note", *, most: int = 1000, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Write something down first."},
    )


class CallForm(ActForm):
    """Who was called at which number, what came of it, when to call again."""

    verb, icon = "Log the call", "phone"
    outcome = forms.ChoiceField(label="What came of it", choices=CALL_OUTCOMES, initial="reached")
    person = forms.CharField(label="With whom", max_length=200, required=False)
    phone = forms.CharField(label="Number", max_length=40, required=False)
    next_on = day_field("Call again on", hint="Becomes a task of that day.")
    note = _note()

    def clean_next_on(self) -> date | None:
        """A day to come, where one is named."""
        day: date | None = self.cleaned_data["next_on"]
        if day is not None and day < self.initial["today"]:
            raise forms.ValidationError("This day is over. Name one to come.")
        return day


class PromiseForm(ActForm):
    """Amount, day, items, person and channel of a promise to pay."""

    verb, icon = "Save the promise", "handshake"
    amount = forms.CharField(
        label="Amount", widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "num"})
    )
    due_on = day_field("By", required=True)
    person = forms.CharField(label="Who said it", max_length=200, required=False)
    channel = forms.ChoiceField(label="How", choices=CHANNELS, required=False)
    items = forms.MultipleChoiceField(
        label="For", required=False, widget=forms.CheckboxSelectMultiple
    )
    note = _note()

    def choose_from(self, items: Sequence[OpenItem]) -> None:
        """Items to promise; none chosen means whatever is oldest."""
        self.fields["items"].choices = [(str(one.id), one.words) for one in items]
        self.fields["items"].help_text = "None chosen: whatever is oldest."

    def clean(self) -> dict[str, Any]:
        """Read the amount in its currency."""
        told = dict(super().clean() or {})
        try:
            told["amount_minor"] = read_amount(told.get("amount", ""), told.get("currency", ""))
        except (forms.ValidationError, DulyError) as error:
            self.add_error("amount", getattr(error, "messages", None) or str(error))
        return told


class DisputeForm(ActForm):
    """Which item, how much of it, why, who clears it and by when."""

    verb, icon = "Open the dispute", "message-square-warning"
    item = forms.ChoiceField(label="Item")
    amount = forms.CharField(
        label="Amount in dispute",
        required=False,
        help_text="Empty: all that is open of it.",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "num"}),
    )
    reason = forms.ChoiceField(
        label="Reason",
        choices=[(code, code.replace("_", " ").capitalize()) for code in DISPUTES.duties],
    )
    owner = forms.CharField(
        label="Who clears it", max_length=120, required=False, help_text="Empty: by the reason."
    )
    deadline_on = day_field("Until", hint="Empty: by the reason.")
    note = _note()
    of_item: dict[str, OpenItem]

    def choose_from(self, items: Sequence[OpenItem]) -> None:
        """The items that can be objected to."""
        self.of_item = {str(one.id): one for one in items}
        self.fields["item"].choices = [(str(one.id), one.words) for one in items]

    def clean(self) -> dict[str, Any]:
        """Read the amount in the item's currency; empty is the whole."""
        told = dict(super().clean() or {})
        item = self.of_item.get(told.get("item", ""))
        if item is None:
            return told
        told["amount_minor"] = item.open_minor
        if told.get("amount"):
            try:
                told["amount_minor"] = read_amount(told["amount"], item.currency)
            except forms.ValidationError as error:
                self.add_error("amount", error)
        return told


class SnoozeForm(ActForm):
    """Until when a customer is left alone, and why."""

    verb, icon = "Snooze", "alarm-clock"
    until_on = day_field("Until", required=True, hint="The last day on which nobody chases them.")
    reason = forms.CharField(label="Why", max_length=500, initial=LATER)

    def clean_until_on(self) -> date:
        """Today or later."""
        day: date = self.cleaned_data["until_on"]
        if day < self.initial["today"]:
            raise forms.ValidationError("This day is over. Name one to come.")
        return day


class NoteForm(ActForm):
    """A note."""

    verb, icon = "Keep the note", "notebook-pen"
    text = _note("Note", most=2000, required=True)


class SendForm(ActForm):
    """Send what is due; nothing to fill in."""

    verb, icon = "Send the reminder", "send"


FORMS: dict[str, type[ActForm]] = {
    "call": CallForm,
    "promise": PromiseForm,
    "dispute": DisputeForm,
    "snooze": SnoozeForm,
    "note": NoteForm,
    "send": SendForm,
}


def likely(name: str, on: date, amount: str, person: str, phone: str) -> dict[str, Any]:
    """What stands in the fields before anything is typed."""
    of_form: dict[str, dict[str, Any]] = {
        "call": {"person": person, "phone": phone},
        "promise": {"amount": amount, "due_on": next_friday(on), "person": person},
        "snooze": {"until_on": on + timedelta(days=SNOOZE_DAYS)},
    }
    return of_form.get(name, {}) | {"today": on}

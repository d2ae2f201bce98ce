"""Who a customer is: its fields, its contacts, and how they came to be what they are."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import cached_property

from duly.access.models import Change
from duly.access.queries import changes_of_several
from duly.interfaces.web.templatetags.show import plain_money
from duly.kernel.terms import terms_from_code
from duly.ledger.queries import recorded_moments
from duly.parties.models import Contact, Customer
from duly.parties.queries import codes_and_names, contacts_of

MOST_CHANGES = 200

# Field of the record -> what a page calls it, in the order in which they are told.
CUSTOMER_FIELDS = {
    "code": "Id",
    "name": "Name",
    "legal_name": "Legal name",
    "other_names": "Other names",
    "parent_id": "Belongs to",
    "address": "Address",
    "country": "Country",
    "email": "E-mail",
    "phone": "Phone",
    "tax_id": "Tax id",
    "registration_id": "Registration id",
    "terms": "Terms",
    "currency": "Currency",
    "credit_limit_minor": "Credit limit",
    "payment_method": "Pays by",
    "segment": "Segment",
    "collector": "Collector",
    "sales_rep": "Sales",
    "language": "Language",
    "timezone": "Time zone",
    "do_not_chase": "Not to be chased",
}
CONTACT_FIELDS = {
    "name": "Name",
    "role": "Role",
    "email": "E-mail",
    "phone": "Phone",
    "language": "Language",
    "do_not_contact": "Not to be written to",
}
_HEAD = {"code", "name", "parent_id", "do_not_chase"}  # told at the head of the page


@dataclass(frozen=True)
class Record:
    """A customer with its contacts and the changes to both, newest first."""

    customer: Customer

    @cached_property
    def contacts(self) -> list[Contact]:
        """Its contacts, by role and name."""
        return contacts_of(self.customer.pk)

    @cached_property
    def changes(self) -> list[Change]:
        """Changes to the customer and to its contacts."""
        ids = [contact.pk for contact in self.contacts]
        return changes_of_several(
            {"customer": [self.customer.pk], "contact": ids}, limit=MOST_CHANGES
        )

    @cached_property
    def parents(self) -> dict[int, tuple[str, str]]:
        """{id: (code, name)} of the customers to which it belongs or has belonged."""
        told = {
            value
            for change in self.changes
            for values in (change.before, change.after)
            if (value := values.get("parent_id")) is not None
        }
        ids = {int(value) for value in told if str(value).isdigit()}
        return codes_and_names(ids) if ids else {}

    @property
    def currency(self) -> str:
        """The currency of its credit limit."""
        return self.customer.currency or self.customer.entity.currency


@dataclass(frozen=True, slots=True)
class Arrival:
    """A customer or contact that an import brought: what, when, with which batch."""

    icon: str
    words: str
    recorded_at: datetime
    batch_id: int
    id: int  # tells arrivals of a day apart; below those of changes


def arrivals(record: Record) -> list[Arrival]:
    """How the customer and its contacts came here; nothing of what no batch brought."""
    customer = record.customer
    came = [("user-plus", "This customer was added", customer.batch_id, 0)]
    came += [
        ("contact", f"{contact.name} was added as a contact", contact.batch_id, -contact.pk)
        for contact in record.contacts
    ]
    moments = recorded_moments({batch_id for *_, batch_id, _ in came if batch_id is not None})
    return [
        Arrival(icon, words, moments[batch_id], batch_id, id_)
        for icon, words, batch_id, id_ in came
        if batch_id in moments
    ]


@dataclass(frozen=True, slots=True)
class ToldChange:
    """A change in words: what was changed, and what each field was before and after."""

    icon: str
    words: str
    fields: tuple[tuple[str, str, str], ...]


def told_fields(record: Record) -> list[tuple[str, str]]:
    """(label, text) of what is known of a customer."""
    found = [
        (label, _text(name, getattr(record.customer, name), record))
        for name, label in CUSTOMER_FIELDS.items()
        if name not in _HEAD
    ]
    return [(label, text) for label, text in found if text]


def told_changes(change: Change, record: Record) -> ToldChange:
    """One change in words."""
    is_contact = change.noun == "contact"
    labels = CONTACT_FIELDS if is_contact else CUSTOMER_FIELDS
    who = next(
        (one.name for one in record.contacts if one.pk == change.record_id),
        str(change.before.get("name", "")),
    )
    fields = tuple(
        (
            labels.get(name, name.replace("_", " ").capitalize()),
            _text(name, change.before.get(name), record) or "nothing",
            _text(name, change.after.get(name), record) or "nothing",
        )
        for name in sorted(change.before, key=lambda name: [*labels, name].index(name))
    )
    if is_contact:
        return ToldChange("contact", f"Contact {who} changed".replace("  ", " "), fields)
    return ToldChange("pencil", "Master data changed", fields)


def terms_in_words(text: str) -> str:
    """Terms as people say them; what is kept as free text as it was written.

    >>> terms_in_words("net30"), terms_in_words("as agreed")
    ('within 30 days', 'as agreed')
    """
    terms = terms_from_code(text)
    return terms.words if terms else text


def _text(name: str, value: object, record: Record) -> str:
    """A field's value as a page tells it; "" where there is none."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "credit_limit_minor" and str(value).lstrip("-").isdigit():
        return f"{record.currency} {plain_money(int(str(value)), record.currency)}"
    if name == "terms":
        return terms_in_words(str(value))
    if name == "parent_id":
        code, known_as = record.parents.get(int(str(value)), (str(value), "a customer"))
        return f"{known_as} ({code})"
    if name == "payment_method":
        return dict(Customer._meta.get_field(name).choices or ()).get(value, str(value))
    if name == "role":
        return dict(Contact._meta.get_field(name).choices or ()).get(value, str(value))
    return str(value)

"""Verbs of parties: master data as files bring it, and the details of our own entities."""

from duly.access.actions import Author
from duly.parties.actions.master_data import (
    ContactDraft,
    CustomerDraft,
    RateDraft,
    Saved,
    add_entity,
    save_contacts,
    save_customers,
    save_rates,
    take_back_master_data,
)
from duly.parties.actions.own_details import (
    ask_bank_details,
    decide_bank_details,
    save_entity,
)

__all__ = [
    "Author",
    "ContactDraft",
    "CustomerDraft",
    "RateDraft",
    "Saved",
    "add_entity",
    "ask_bank_details",
    "decide_bank_details",
    "save_contacts",
    "save_customers",
    "save_entity",
    "save_rates",
    "take_back_master_data",
]

"""Erase what names a natural person from texts that are kept: a tombstone stands in its place."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

ERASED = "Erased"
LEAST = 3  # characters: a shorter name would be found in other words
_NAMING = frozenset(
    {
        *("name", "payables_name", "signer_name", "bank_officer", "legal_name", "trade_names"),
        *("signed", "contact", "email", "payables_email", "bank_email", "invoice_email"),
        *("phone", "payables_phone", "registered_address", "billing_address", "shipping_address"),
    }
)


def naming(details: Mapping[str, Any]) -> set[str]:
    """What of a person's details would be known again in a text.

    >>> sorted(naming({"name": "Ann Lee", "role": "Owner", "email": "ann@x.example"}))
    ['Ann Lee', 'ann@x.example']
    """
    texts = {" ".join(str(details[name]).split()) for name in _NAMING & set(details)}
    return {text for text in texts if len(text) >= LEAST}


def without(words: Sequence[str], told: Any) -> Any:
    """A text, or a document of texts, without some words, whatever their case.

    >>> without(["Ann Lee"], {"a": ["by ann lee", 5], "b": "Ann Leeds"})
    {'a': ['by Erased', 5], 'b': 'Ann Leeds'}
    """
    if isinstance(told, Mapping):
        return {name: without(words, one) for name, one in told.items()}
    if isinstance(told, list):
        return [without(words, one) for one in told]
    if not isinstance(told, str):
        return told
    for word in sorted(words, key=len, reverse=True):
        told = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", ERASED, told, flags=re.IGNORECASE)
    return told

"""The form of an entity and segment: which blocks and fields, what is required, which documents."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from duly.credit.rules.request_fields import BLOCKS, DOCUMENTS, FIELDS, Block, Field
from duly.kernel.errors import Problem

# Without these nobody could be told who asks for what, or who stands for it.
ALWAYS = (
    *("legal_name", "legal_form", "country", "currency", "amount", "has_read_data_notice"),
    *("accepts_conditions", "signer_name", "signer_title", "signer_authority"),
)
USUAL = (
    *ALWAYS,
    *("formed_on", "registration_number", "billing_address", "payables_name", "payables_email"),
    *("line_of_business", "monthly_purchases", "terms", "trade_references"),
    *("may_ask_references", "may_get_reports", "signs_electronically"),
)
USUAL_REFERENCES = 3
KEYS = (
    *("title", "blocks", "without", "required", "documents", "references", "guarantors"),
    "guarantee",
)
MOST_WORDING = 20_000


class Form(NamedTuple):
    """What is asked: blocks with their fields, what is required, and how many rows at least."""

    title: str
    blocks: tuple[Block, ...]
    required: frozenset[str]
    documents: Mapping[str, bool]  # kind: is it required
    references: int = 0  # trade references, at least
    guarantors: int = 0
    guarantee: str = ""  # its wording; empty: as it comes with Duly

    @property
    def fields(self) -> dict[str, Field]:
        """The fields that it asks, by their ids."""
        return {field.id: field for block in self.blocks for field in block.fields}


def usual_form() -> Form:
    """The form that comes with Duly: every field, the usual ones required, three references."""
    return read_form({})[0]


def read_form(document: Mapping[str, Any]) -> tuple[Form, list[Problem]]:
    """A form as somebody wrote it down; what it does not say is as in the usual one.

    Rule: it chooses blocks (`blocks`) and leaves fields out (`without`), never one that no
    application can be without.
    """
    problems = [
        Problem(key, "FORM_UNFIT", f"A form has no “{key}”.", f"It has {', '.join(KEYS)}.")
        for key in document
        if key not in KEYS
    ]
    blocks = _blocks(document, problems)
    asked = {field.id for block in blocks for field in block.fields}
    problems += [
        Problem("blocks", "FORM_UNFIT", f"No application is without {FIELDS[one].label.lower()}.")
        for one in ALWAYS
        if one not in asked
    ]
    required = _names(document, "required", FIELDS, problems)
    wanted = frozenset(USUAL if required is None else (*ALWAYS, *required)) & asked
    documents = _documents(document, problems)
    references = _count(document, "references", USUAL_REFERENCES, problems)
    guarantors = _count(document, "guarantors", 0, problems)
    title = document.get("title") or "Ask for credit"
    if not isinstance(title, str) or len(title) > 120:
        problems.append(Problem("title", "FORM_UNFIT", "A title is a text of 1 to 120 characters."))
        title = ""
    wording = document.get("guarantee", "")
    if not isinstance(wording, str) or len(wording) > MOST_WORDING:
        problems.append(Problem("guarantee", "FORM_UNFIT", "A guarantee's wording is a text."))
        wording = ""
    return Form(title, blocks, wanted, documents, references, guarantors, wording), problems


def _blocks(document: Mapping[str, Any], problems: list[Problem]) -> tuple[Block, ...]:
    chosen = _names(document, "blocks", {block.id for block in BLOCKS}, problems)
    without = set(_names(document, "without", FIELDS, problems) or ())
    kept = (block for block in BLOCKS if chosen is None or block.id in chosen)
    left = (
        block._replace(fields=tuple(field for field in block.fields if field.id not in without))
        for block in kept
    )
    return tuple(block for block in left if block.fields)


def _names(
    document: Mapping[str, Any], key: str, known: Any, problems: list[Problem]
) -> list[str] | None:
    """Names of what there is, or None where nothing is said."""
    given = document.get(key)
    if given is None:
        return None
    if not isinstance(given, list):
        problems.append(Problem(key, "FORM_UNFIT", f"“{key}” is a list of names."))
        return None
    unknown = [name for name in given if not isinstance(name, str) or name not in known]
    problems += [
        Problem(key, "FORM_UNFIT", f"There is no {name!r} to ask for.") for name in unknown
    ]
    return [name for name in given if name not in unknown]


def _documents(document: Mapping[str, Any], problems: list[Problem]) -> dict[str, bool]:
    given = document.get("documents")
    if given is None:
        return dict.fromkeys(DOCUMENTS, False)
    if not isinstance(given, dict):
        problems.append(
            Problem("documents", "FORM_UNFIT", "“documents” says of each kind whether it must be.")
        )
        return {}
    for kind, is_required in given.items():
        if kind not in DOCUMENTS or not isinstance(is_required, bool):
            problems.append(
                Problem(
                    f"documents.{kind}",
                    "FORM_UNFIT",
                    "A kind of document is there with true (required) or false.",
                    f"Kinds are {', '.join(DOCUMENTS)}.",
                )
            )
    return {kind: bool(given[kind]) for kind in DOCUMENTS if kind in given}


def _count(document: Mapping[str, Any], key: str, usual: int, problems: list[Problem]) -> int:
    given = document.get(key, usual)
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= 4:
        problems.append(Problem(key, "FORM_UNFIT", f"“{key}” is a count from 0 to 4."))
        return usual
    return given

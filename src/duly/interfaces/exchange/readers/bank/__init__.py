"""Readers of what banks send: statements, interim reports, notices, payment messages.

Purpose: tell the format of a file by its first bytes, open a ZIP, and hand on what the file says
as a stream of `cash_application.rules.statements`. Public: `open_bank_files` and what a person
`Said` of them, `recognise_bank`, and `sheets.bank_sheets` for an import.
Rules: nothing is left out silently; whatever can't be read is a problem with its place.
"""

from duly.interfaces.exchange.readers.bank.opening import BankFile, open_bank_files
from duly.interfaces.exchange.readers.bank.recognising import recognise_bank
from duly.interfaces.exchange.readers.bank.said import Said

__all__ = ["BankFile", "Said", "open_bank_files", "recognise_bank"]

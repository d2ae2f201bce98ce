"""Readers of what payers say they paid: EDI 820, pain.001, remt.001, UBL, tables, texts, PDFs.

Purpose: tell the kind of a file by its first bytes, and hand on what it says as a stream of
`cash_application.rules.advices`. Public: `open_remittance`, `recognise_remittance`.
Rules: nothing is left out silently; whatever can't be read is a problem with its place.
"""

from duly.interfaces.exchange.readers.remittance.opening import RemittanceFile, open_remittance
from duly.interfaces.exchange.readers.remittance.recognising import recognise_remittance

__all__ = ["RemittanceFile", "open_remittance", "recognise_remittance"]

"""Statements of account as PDF: a letter's words and figures, page by page, drawn by typst."""

from duly.interfaces.exchange.writers.statements.letter import Letter, Sender
from duly.interfaces.exchange.writers.statements.page import document_data, page_data
from duly.interfaces.exchange.writers.statements.typesetting import Typeset, typeset

__all__ = ["Letter", "Sender", "Typeset", "document_data", "page_data", "typeset"]

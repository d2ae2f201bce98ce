"""Agreements as PDF, drawn by typst from the document that is kept."""

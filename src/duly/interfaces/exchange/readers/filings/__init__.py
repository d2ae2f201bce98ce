"""Accounts as filed in inline XBRL: tagged facts by a table of concept names.

Rule: no taxonomy is loaded; a name that is not in the table is left out. Facts with dimensions are
left out, too, but for the two that Britain's accounts can't be read without: creditors by maturity,
and retained earnings as a class of equity. Public: `read_filing`, `is_filing`.
"""

from duly.interfaces.exchange.readers.filings.figures import Filing, is_filing, read_filing

__all__ = ["Filing", "is_filing", "read_filing"]

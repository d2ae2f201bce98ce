"""camt.052, .053 and .054: account reports, statements and notices in XML, all versions.

Public: `read_camt`. See: ISO 20022, Bank-to-Customer Cash Management; F-03.
"""

from duly.interfaces.exchange.readers.bank.camt.reading import read_camt

__all__ = ["read_camt"]

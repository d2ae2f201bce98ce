"""MT940 and MT942: statements and interim reports as lines of SWIFT fields.

Public: `read_mt940`. See: SWIFT Category 9, MT940 and MT942; DFÜ agreement of the German banks,
annex 3; F-02.
"""

from duly.interfaces.exchange.readers.bank.mt940.reading import read_mt940

__all__ = ["read_mt940"]

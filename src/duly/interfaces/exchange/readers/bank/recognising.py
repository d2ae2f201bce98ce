"""Which bank format a file has, told by its first bytes and never by its name."""

import re

HEAD_BYTES = 1 << 16

# In order: the first that fits counts. Names of camt and MT carry the kind of message.
_FORMATS = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (rb"<(?:\w+:)?BkToCstmrStmt\b|camt\.053\.", "camt.053"),
        (rb"<(?:\w+:)?BkToCstmrAcctRpt\b|camt\.052\.", "camt.052"),
        (rb"<(?:\w+:)?BkToCstmrDbtCdtNtfctn\b|camt\.054\.", "camt.054"),
        (rb"(?i)\A\s*OFXHEADER:|<\?OFX\b|<OFX>", "ofx"),
        (rb"\A\s*\{1500\}", "fedwire"),
        (rb"(?m)^\s*!(?:Type|Account|Clear|Option):", "qif"),
        (rb"(?m)(?:^|@@):(?:34F|13D|90[CD]):", "mt942"),
        (
            rb"(?m)(?:^|@@)(?:\{[^}]*\})*:(?:20|25|28C?|60[FM]|61|62[FM]|64|65|86|NS):|^\{1:F01",
            "mt940",
        ),
        (rb"\A\s*01,[^,\r\n]*,[^,\r\n]*,\d{6},", "bai2"),
        (rb"\A101[ 0-9]", "nacha"),
        (rb"\A0{4}[0 ]\d{6}", "coda"),
        (rb"\A(?:11|00)\d{18}", "norma43"),
    )
)
_MARK = b"\xef\xbb\xbf"


def recognise_bank(head: bytes) -> str | None:
    """The format of a bank's file by its first bytes (up to 64 KiB); None where it is none.

    >>> recognise_bank(b"01,BANK,CUST,260331,0600,1,80,,2/"), recognise_bank(b"kind,number")
    ('bai2', None)
    """
    head = head.removeprefix(_MARK)
    return next((name for pattern, name in _FORMATS if pattern.search(head)), None)

"""Banks' codes of kinds that say by themselves that money in is no receivable.

Rule: the code of a line is compared with patterns in which * stands for anything; of several that
fit the longest counts. An entity's own patterns go before those that come with Duly; one of theirs
without words takes such money as that of customers after all.
See: ISO 20022 bank transaction codes; business transaction codes of German banks (GVC), BAI2 type
codes, CODA families. Unverified but for BAI2 275: data that a person can change.
"""

from collections.abc import Mapping
from fnmatch import fnmatchcase

STANDARD: Mapping[str, str] = {
    "*-INTR": "Interest",
    "*-CHRG": "Bank charges",
    "*-COMM": "Bank charges",
    "*-FEES": "Bank charges",
    "*-TAXE": "Tax",
    "*-ZABA": "Transfer between own accounts",
    "*-SWEP": "Transfer between own accounts",
    "NINT*": "Interest",
    "NCHG*": "Bank charges",
    "NCOM*": "Bank charges",
    "*-805": "Closing of the account",
    "*-808": "Bank charges",
    "*-809": "Bank charges",
    "*-814": "Interest",
    "*-820": "Transfer between own accounts",
    "275": "Transfer between own accounts",
    "354": "Interest",
    "INT": "Interest",
    "FEE": "Bank charges",
    "SRVCHG": "Bank charges",
    "?35?????": "Interest",
    "?80?????": "Bank charges",
}


def kind_of(code: str, own: Mapping[str, str]) -> str:
    """What a code says that money is, if no receivable; "" where it says nothing.

    >>> kind_of("ACMT-MCOP-INTR", {}), kind_of("NTRF-814", {}), kind_of("PMNT-RCDT-ESCT", {})
    ('Interest', 'Interest', '')
    >>> kind_of("NTRF-814", {"*-814": ""}), kind_of("PMNT-RCDT-OTHR", {"PMNT-*-OTHR": "Grants"})
    ('', 'Grants')
    """
    told = code.strip().upper()
    if not told:
        return ""
    for patterns in (own, STANDARD):
        fitting = [one for one in patterns if fnmatchcase(told, one)]
        if fitting:
            return patterns[max(fitting, key=len)]
    return ""


def reason_of(says: str, code: str) -> str:
    """Why money was set aside.

    >>> reason_of("Interest", "NTRF-814")
    'Interest, by the bank’s code NTRF-814'
    """
    return f"{says}, by the bank\u2019s code {code}"

"""Guarantees: what is signed, and what in a signature weakens it.

The wording that comes with Duly is an example for a lawyer to look at, and a form can have another.
See: docs/credit.md.
"""

import re

USUAL = "\n\n".join(
    (
        "To {entity}, for whatever it supplies to {applicant} on credit.",
        "1. I guarantee to you the payment, when due, of everything that {applicant} owes you now"
        " or later, with interest and costs of collection, {cap}.",
        "2. This is a continuing guarantee. It is one of payment, not of collection: you may turn"
        " to me without first suing {applicant} or using up other security.",
        "3. I can revoke it by written notice for what is supplied after you have the notice, not"
        " for what was supplied before.",
        "4. {capacity}",
    )
)
PERSONAL = (
    "I sign in my personal capacity, for myself and not for any company, and answer with what is"
    " my own. My signature carries no title."
)
CORPORATE = "The guarantor is the company named below; I sign for it and am entitled to."
_TITLES = (
    *("director", "president", "ceo", "cfo", "coo", "manager", "managing", "partner", "owner"),
    *("chairman", "chairwoman", "secretary", "treasurer", "officer", "member", "trustee", "agent"),
    *("geschäftsführer", "geschäftsführerin", "prokurist", "vorstand", "inhaber", "gérant"),
    *("président", "administrateur", "directeur", "amministratore", "administrador", "for", "i.a."),
)
_COMPANY = re.compile(r"\b(ltd|limited|llc|inc|corp|gmbh|ag|kg|sarl|sas|bv|nv|plc|llp)\b\.?", re.I)


def wording(
    *, usual: str, kind: str, applicant: str, entity: str, cap: str, until: str = ""
) -> str:
    """What a guarantor signs. Given: `cap` as an amount in words, "" for unlimited; `until` a day,
    "" for no end."""
    text = usual or USUAL
    parts = {
        "entity": entity,
        "applicant": applicant,
        "cap": (f"up to {cap}" if cap else "without limit")
        + (f", for what is supplied until {until}" if until else ""),
        "capacity": PERSONAL if kind == "personal" else CORPORATE,
    }
    return re.sub(r"\{(\w+)\}", lambda m: parts.get(m[1], m[0]), text)


def weaknesses(*, kind: str, signed: str, named: str) -> list[str]:
    """What a court may hold against a signature; nothing of it stops one.

    >>> weaknesses(kind="personal", signed="Ann Lee, Director", named="Ann Lee")[0]
    'A title after the signature (“Director”): it may make it the company’s, not the person’s.'
    >>> weaknesses(kind="personal", signed="Ann Lee", named="Ann Lee")
    []
    """
    found = []
    tail = signed.partition(",")[2].strip()
    words = [word.strip(".,()") for word in signed.split()]
    title = tail or next((word for word in words[1:] if word.casefold() in _TITLES), "")
    if kind == "personal" and title:
        found.append(
            f"A title after the signature (“{title}”): it may make it the company’s, not the"
            " person’s."
        )
    if kind == "personal" and not tail and _COMPANY.search(signed):
        found.append("A company’s name is signed where a person is to answer.")
    first = signed.partition(",")[0]
    if kind == "personal" and " ".join(first.casefold().split()) not in named.casefold():
        found.append(f"“{first.strip()}” signed; the guarantor is named “{named}”.")
    return found

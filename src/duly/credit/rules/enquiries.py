"""Mails to people who know an applicant: what is asked, by whose leave, and by which link.

They ask for what was, never for what will be: no terms or prices to come, and no word on what the
reader ought to do. See: docs/credit.md.
"""

from typing import NamedTuple

from duly.credit.rules.links import without_placeholders
from duly.credit.rules.references import BANK


class Mail(NamedTuple):
    """A mail as it is written; its link is a placeholder."""

    subject: str
    body: str


def reference_mail(
    *, kind: str, applicant: str, account: str, entity: str, link: str, reminders: int
) -> Mail:
    """Ask a supplier or a bank for a reference; every reminder says which one it is."""
    applicant, account = without_placeholders(applicant), without_placeholders(account)
    is_bank = kind == BANK
    leave = (
        f"{applicant} has asked us for credit and released you to answer."
        if is_bank
        else f"{applicant} has asked us for credit and named you as a supplier that knows them."
    )
    known = f"\nYour account number for them: {account}" if account else ""
    again = f" (reminder {reminders})" if reminders else ""
    body = f"""Good day,

{leave}{known}

Would you answer five questions? It takes two minutes, and no account:

{link}

We ask only for what was: since when, how much, how punctual. Please tell us nothing of terms or
prices to come. What you say is used for this decision alone. If you would rather not answer, the
same page takes a no.

{entity}
"""
    return Mail(f"A reference for {applicant}{again}", body)


def guarantee_mail(*, guarantor: str, applicant: str, entity: str, link: str) -> Mail:
    """Ask a guarantor to read a guarantee, and to sign it."""
    applicant, guarantor = without_placeholders(applicant), without_placeholders(guarantor)
    body = f"""Good day {guarantor},

{applicant} has asked {entity} for credit and named you as guarantor. Please read what you would
sign, with a lawyer if you like, and sign it there if you agree:

{link}

The link is yours alone. Signing binds you; nothing happens while you don't.

{entity}
"""
    return Mail(f"A guarantee for {applicant}", body)

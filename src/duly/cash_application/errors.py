"""Refusals of cash application."""

from duly.kernel.errors import Missing


class BankLineUnknown(Missing):
    """There is no line of a bank that took money back and waits for its payment."""

    code = "BANK_LINE_UNKNOWN"

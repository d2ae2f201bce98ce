"""What a bank tells of a payment, as the columns of its record take it."""

from duly.cash_application.rules.statements import Detail


def cut(text: str, longest: int) -> str:
    """A text as a column takes it; NUL, which PostgreSQL takes in no text, is left out."""
    return text.replace("\x00", "")[:longest]


def texts_of(part: Detail) -> tuple[str, ...]:
    """What a payment says of who paid and what for, in the order of the columns."""
    return (
        cut(part.name, 200),
        cut(part.account, 64),
        cut(part.end_to_end, 140),
        cut(part.mandate, 140),
        cut(part.structured_reference, 300),
        cut(part.remittance, 20_000),
    )

"""Numbers in addresses and forms, where anything can stand."""


def number_in(text: str, digits: int) -> int | None:
    """The whole number that a text is, of at most so many plain digits; None where it is none.

    >>> number_in("17", 9), number_in("²", 9), number_in("-1", 9), number_in("9" * 5000, 9)
    (17, None, None, None)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None

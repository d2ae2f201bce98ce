"""Numbers in addresses and forms, where anything can stand."""

from duly.kernel.errors import Malformed

MOST_PAGES = 10_000


def number_in(text: str, digits: int) -> int | None:
    """The whole number that a text is, of at most so many plain digits; None where it is none.

    >>> number_in("17", 9), number_in("²", 9), number_in("-1", 9), number_in("9" * 5000, 9)
    (17, None, None, None)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def page_in(text: str) -> int:
    """The page of a list that a text asks for, the first where it asks for none.

    Refuses: Malformed.

    >>> page_in(""), page_in("3")
    (1, 3)
    """
    number = number_in(text or "1", 5)
    if number is None or not 1 <= number <= MOST_PAGES:
        raise Malformed(
            f"There is no page {text[:20]}.", remedy="Open the list from its first page."
        )
    return number


def pages_beside(narrow: str, number: int, *, is_more: bool) -> dict[str, str]:
    """Addresses of the pages before and after one of a list, "" where there is none.

    Input: `narrow`, the query by which the list is narrowed, without its page.

    >>> pages_beside("q=a", 2, is_more=False)
    {'newer': '?q=a&page=1', 'following': ''}
    """
    return {
        "newer": f"?{narrow}&page={number - 1}" if number > 1 else "",
        "following": f"?{narrow}&page={number + 1}" if is_more else "",
    }

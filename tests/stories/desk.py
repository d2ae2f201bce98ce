"""What a credit manager looks up, in one line each."""

from shell import duly


def open_on(number: str, day: str) -> str:
    """What is open on a document on a day."""
    found = [item for item in duly("items", "--on", day)["items"] if item["number"] == number]
    return found[0]["open"] if found else "not there"


def state_on(number: str, day: str) -> str:
    """The state of a document on a day."""
    return next(i["state"] for i in duly("items", "--on", day)["items"] if i["number"] == number)


def aged_on(day: str, *more: str, currency: str = "EUR") -> dict[str, str]:
    """The aging of all in a currency on a day, zeros left out; the tie-out must be to the cent."""
    told = duly("aging", "--on", day, *more)
    for tie in told["tie_out"].values():
        assert tie["open_items"] == tie["control_account"]
        assert not tie["difference"].strip("0.")
    row = told["totals"].get(currency, {})
    return {name: amount for name, amount in row.items() if amount.strip("-0.")}


def books_hold() -> bool:
    """Tell whether every invariant is proved."""
    return bool(duly("check")["ok"])

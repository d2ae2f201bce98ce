"""The fields of BAI2 records: how many a funds type has, and who is told by tags in the text."""

import re
from datetime import date

from duly.interfaces.exchange.readers.bank.figures import day_of

AMOUNT = re.compile(r"[-+]?[0-9]{1,18}")
_TAG = re.compile(r"(DBNM|CRNM|DACT|CACT|EREF): *(.*)|BO:(\S*) BO1:(.*)")
_EXTRA_FIELDS = {"S": 3, "V": 2}  # of a funds type; "D" tells how many pairs follow


def extra_fields(funds: str, next_field: list[str]) -> int:
    """How many fields a funds type adds to a summary or an entry."""
    if funds != "D":
        return _EXTRA_FIELDS.get(funds, 0)
    pairs = next_field[0] if next_field else ""
    return 1 + 2 * int(pairs) if pairs.isascii() and pairs.isdecimal() and len(pairs) < 4 else 1


def entry_fields(
    line: str, more: list[str]
) -> tuple[tuple[str, str, str, str, str, str, list[str]] | None, date | None]:
    """The fields of an entry with availability by day, or that goes on in 88 before its text."""
    fields, used = line.split(","), 0
    if not fields[1] and re.fullmatch("[0-9]{3}", "".join(fields[2:3])):
        del fields[1]  # one comma too many, which a bank's own example has
    while True:
        extra = extra_fields(fields[3] if len(fields) > 3 else "", fields[4:5])
        if len(fields) > 6 + extra or used == len(more):
            break
        fields += more[used].split(",")
        used += 1
    fields += [""] * (7 + extra - len(fields))
    code, amount, funds = (field.strip() for field in fields[1:4])
    is_whole = re.fullmatch("[0-9]{3}", code) and (not amount or AMOUNT.fullmatch(amount))
    if not is_whole or funds not in ("", "Z", "0", "1", "2", "S", "V", "D"):
        return None, None
    at = 4 + extra
    text = ",".join(fields[at + 2 :])
    value_on = day_of(fields[4].strip()) if funds == "V" else None
    last = f"88,{more[used - 1]}" if used else line
    return (code, amount, fields[at], fields[at + 1], text, last, more[used:]), value_on


def told_by_tags(more: list[str], credit: bool) -> tuple[str, str, str]:
    """Name, account and end-to-end id of the other side, where a bank writes them with tags."""
    name = account = end_to_end = ""
    wanted = ("DBNM", "DACT") if credit else ("CRNM", "CACT")
    for line in more:
        found = _TAG.match(line)
        if not found:
            continue
        tag, text, orderer, ordered_by = found.groups()
        if tag == wanted[0]:
            name = text.strip()
        elif tag == wanted[1]:
            account = text.strip()
        elif tag == "EREF":
            end_to_end = text.strip()
        elif tag is None and credit:
            account, name = orderer, ordered_by.strip()
    return name, account, end_to_end

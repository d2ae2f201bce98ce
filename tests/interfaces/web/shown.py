"""What a page shows, read as a person would: amounts, tables, and where a figure leads."""

import csv
import html as markup
import io
import re
from decimal import Decimal

from django.test import Client

AMOUNT = r'<data class="money[^"]*" value="([^"]+)"'


def values(html: str) -> list[Decimal]:
    """The amounts, in order."""
    return [Decimal(value) for value in re.findall(AMOUNT, html)]


def section(html: str, start: str, end: str = "</section>") -> str:
    """From a mark to the end of its section."""
    return html[(at := html.index(start)) : html.index(end, at)]


def text(html: str) -> str:
    """Without tags, in one line."""
    return " ".join(markup.unescape(re.sub(r"<[^>]+>", " ", html)).split())


def table(html: str, name: str) -> list[tuple[str, list[Decimal]]]:
    """(head of the row, its amounts) of each row of a table of a class, head row left out."""
    found = re.search(rf'<table class="[^"]*\b{name}\b.*?</table>', html, re.DOTALL)
    assert found, f"no table {name}"
    rows = re.findall(r"<tr.*?</tr>", found.group(0), re.DOTALL)
    return [
        (text(re.search(r"<th.*?</th>", row, re.DOTALL).group(0)), values(row))
        for row in rows
        if 'scope="col"' not in row
    ]


def drills(html: str) -> list[tuple[Decimal, str]]:
    """(figure, the address of the items it opens to) of every figure that opens."""
    found = re.findall(r'<a class="drill" href="(/items/[^"]*)"[^>]*>(.*?)</a>', html, re.DOTALL)
    return [(values(inside)[0], markup.unescape(address)) for address, inside in found]


def items_behind(client: Client, address: str) -> list[dict[str, str]]:
    """The rows of the file behind an address of items: every page of the list."""
    response = client.get(address.replace("/items/?", "/items/items.csv?"))
    assert response.status_code == 200, address
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def sum_behind(client: Client, address: str) -> Decimal:
    """What the items behind a figure add up to."""
    return sum((Decimal(row["open"]) for row in items_behind(client, address)), Decimal(0))

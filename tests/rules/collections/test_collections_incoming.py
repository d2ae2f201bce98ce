"""What a mail that came in is."""

import pytest

from duly.collections.rules.incoming import Arrived, Report, numbers_in, severity, sort_out

TO = "ap@meridian.example"


@pytest.mark.parametrize(
    ("status", "diagnostic", "told"),
    [
        ("5.1.1", "smtp; 550 5.1.1 no such user", "hard"),
        ("5.1.10", "", "hard"),
        ("5.2.1", "mailbox disabled", "hard"),
        ("5.4.4", "unable to route: no such domain", "hard"),
        ("5.2.2", "smtp; 552 5.2.2 mailbox full", "soft"),
        ("5.3.4", "message too big", "soft"),
        ("5.7.1", "smtp; 550 5.7.1 refused by policy", "soft"),
        ("4.4.1", "connection timed out", "soft"),
        ("4.4.7", "delivery time expired", "soft"),
        ("5.0.0", "smtp; 550 unknown user", "hard"),
        ("5.0.0", "smtp; 452 try later", "soft"),
        ("", "smtp; 550-5.1.1 The account does not exist", "hard"),
        ("", "smtp; 550 no such user here", "hard"),
        ("", "X-Notes; user not listed", "unclear"),
        ("5.0.0", "", "unclear"),
        ("two", "", "unclear"),
        ("", "", "unclear"),
        ("2.1.5", "delivered", "unclear"),
    ],
)
def test_how_bad_a_failure_is(status: str, diagnostic: str, told: str) -> None:
    assert severity(Report(TO, "failed", status, diagnostic)) == told


def mail(**more) -> Arrived:  # noqa: ANN003
    told = {
        "mail_id": "<1@x>",
        "sender": "ann@meridian.example",
        "sender_name": "Ann",
        "subject": "Re: Payment reminder",
        "text": "It was paid on Friday.",
    }
    return Arrived(**told | more)


def report(**more) -> Arrived:  # noqa: ANN003
    told = {"sender": "MAILER-DAEMON@mx.example", "is_from_nobody": True}
    return mail(**told | {"report_type": "delivery-status"} | more)


@pytest.mark.parametrize(
    ("given", "kind", "how"),
    [
        (mail(), "reply", ""),
        (mail(auto_submitted="no"), "reply", ""),
        (mail(auto_submitted="auto-replied"), "auto_reply", ""),
        (mail(auto_submitted="auto-generated"), "auto_reply", ""),
        (mail(precedence="auto_reply"), "auto_reply", ""),
        (mail(subject="Automatic reply: Payment reminder"), "auto_reply", ""),
        (mail(subject="Abwesenheitsnotiz"), "auto_reply", ""),
        (mail(subject="Réponse automatique : absence"), "auto_reply", ""),
        (mail(report_type="disposition-notification"), "auto_reply", ""),  # a receipt for reading
        (mail(is_from_nobody=True), "auto_reply", ""),
        (mail(is_list=True), "other", ""),
        (mail(precedence="bulk"), "other", ""),
        (mail(sender="Money@Northwind.example"), "other", ""),
        (report(reports=(Report(TO, "failed", "5.1.1", "550 no"),)), "bounce", "hard"),
        (report(reports=(Report(TO, "failed", "4.4.7", ""),)), "bounce", "soft"),
        (report(reports=(Report(TO, "delayed", "4.4.1", ""),)), "delay", ""),
        (report(reports=(Report(TO, "delivered", "2.0.0", ""),)), "auto_reply", ""),
        (report(reports=(Report(TO, "relayed", "2.0.0", ""),)), "auto_reply", ""),
        (report(), "bounce", "unclear"),  # says it is a report, and is none
        (report(report_type=""), "bounce", "unclear"),  # words of a daemon
        (mail(failed_recipients=(TO,)), "bounce", "unclear"),
        (report(sender="ann@meridian.example", report_type=""), "auto_reply", ""),
    ],
)
def test_what_a_mail_is(given: Arrived, kind: str, how: str) -> None:
    told = sort_out(given, {"money@northwind.example"})
    assert (told.kind, told.severity) == (kind, how)


def test_of_several_recipients_the_worst_counts() -> None:
    told = sort_out(
        report(
            reports=(
                Report("a@x.example", "failed", "4.2.2", "full"),
                Report("b@x.example", "failed", "5.1.1", "no such user"),
                Report("c@x.example", "delivered", "2.0.0", ""),
            )
        )
    )
    assert told == ("bounce", "hard", ("b@x.example",), "5.1.1 no such user", False)


def test_our_own_message_ids() -> None:
    key = "0123456789abcdef" * 2
    assert numbers_in([f"<{key}.17@northwind.example>", f"<{key}.17>", f"<{key}.x@y>", ""]) == {17}
    assert numbers_in([f"<{key}.{'9' * 19}@y>"]) == set()  # no number of a row

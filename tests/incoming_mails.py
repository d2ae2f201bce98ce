"""Mails as servers and people write them, for the tests of reading."""

from email.message import EmailMessage


def reply(  # noqa: PLR0913
    to: str = "",
    *,
    sender: str = "Ann Lee <ann@meridian.example>",
    text: str = "It was paid on Friday.",
    subject: str = "Re: Payment reminder",
    mail_id: str = "<r1@meridian.example>",
    **headers: str,
) -> EmailMessage:
    """A person's answer to the message with a Message-ID."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "money@northwind.example", subject
    mail["Message-ID"], mail["Date"] = mail_id, "Tue, 10 Mar 2026 11:00:00 +0100"
    if to:
        mail["In-Reply-To"] = to
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


POSTFIX = """\
Return-Path: <>
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: money@northwind.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-ID: <{mail_id}@mx.example>
Date: Tue, 10 Mar 2026 11:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="B"

--B
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

<{address}>: host mx.meridian.example said: {diagnostic}

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
X-Postfix-Queue-ID: 4F1
Arrival-Date: Tue, 10 Mar 2026 10:59:00 +0000

Final-Recipient: rfc822; {address}
Original-Recipient: rfc822;{address}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.meridian.example
Diagnostic-Code: smtp; {diagnostic}

--B
Content-Type: {given_back}

From: Northwind <money@northwind.example>
To: {address}
Subject: Payment reminder
Message-ID: {about}

{body}
--B--
"""


def bounce(  # noqa: PLR0913
    about: str,
    address: str,
    *,
    status: str = "5.1.1",
    diagnostic: str = "550 5.1.1 no such user",
    action: str = "failed",
    mail_id: str = "b1",
    given_back: str = "text/rfc822-headers",
) -> bytes:
    """A report as Postfix writes it."""
    body = "Hello, you owe." if given_back == "message/rfc822" else ""
    return (
        POSTFIX.format(
            about=about,
            address=address,
            status=status,
            diagnostic=diagnostic,
            action=action,
            mail_id=mail_id,
            given_back=given_back,
            body=body,
        )
        .replace("\n", "\r\n")
        .encode()
    )


def daemon_words(about: str, address: str) -> bytes:
    """What old servers send: words, and the message below them; nothing for machines."""
    return (
        "Return-Path: <>\r\nFrom: Mailer-Daemon@mx.example\r\nTo: money@northwind.example\r\n"
        f"X-Failed-Recipients: {address}\r\nSubject: Mail delivery failed\r\n"
        "Message-ID: <exim1@mx.example>\r\n\r\n"
        f"This message was created automatically.\r\n  {address}\r\n    550 5.1.1 Unknown user\r\n"
        f"------ This is a copy of the message ------\r\nMessage-ID: {about}\r\n"
    ).encode()

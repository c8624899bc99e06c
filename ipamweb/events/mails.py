"""Sending an event as a mail, over the server that the operator named."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage

from ipamweb.events.sending import Answer


def send(address: str, *, subject: str, text: str, uid: str) -> Answer:
    """Send a mail once. `uid` makes its Message-ID: one that is sent again is the same.

    Never raises for what the server or the network does.
    """
    message = EmailMessage(
        subject,
        text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[address],
        headers={"Message-ID": f"<{uid}@ipamweb>", "Auto-Submitted": "auto-generated"},
    )
    if not settings.IPAMWEB_SMTP_URL:
        return Answer(None, "No mail can be sent: IPAMWEB_SMTP_URL is not set.")
    try:
        message.send()
    except smtplib.SMTPResponseException as error:
        return Answer(error.smtp_code, f"The mail server answered {error.smtp_code}.")
    except (OSError, smtplib.SMTPException, ValueError):
        return Answer(None, "The mail server could not be reached, or refused it.")
    return Answer(250)

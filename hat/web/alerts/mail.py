"""Send a message by mail, through the server the settings name."""

from __future__ import annotations

import smtplib
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.core.validators import validate_email

from hat.web.alerts.message import Message

TIMEOUT_S: Final = 10
MOST: Final = 50


def addresses_in(text: str) -> list[str]:
    """The addresses of a list with commas, semicolons or blanks; ValueError says what is wrong."""
    words = text.replace(",", " ").replace(";", " ").split()
    for word in words:
        try:
            validate_email(word)
        except ValidationError:
            raise ValueError(f"'{word}' is not a mail address") from None
    if not words or len(words) > MOST:
        raise ValueError(f"expected 1 to {MOST} mail addresses")
    return words


def is_ready() -> bool:
    """Whether the settings name a server and a sender."""
    return bool(settings.HAT_SMTP_HOST and settings.HAT_SMTP_FROM)


def fault_of_sending(message: Message, address: str) -> str:
    """Send it to all; answers what went wrong, or nothing."""
    if not is_ready():
        return "no mail server is set: an administrator names it with HAT_SMTP_HOST and HAT_SMTP_FROM"
    to = addresses_in(address)
    subject = " ".join(message.title.split())  # a header is one line
    try:
        EmailMessage(subject, message.text, settings.HAT_SMTP_FROM, to, connection=_server()).send()
    except smtplib.SMTPResponseException as refused:
        return f"the mail server answered {refused.smtp_code}: {_text(refused.smtp_error)}"
    except smtplib.SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        return f"the mail server answered {code}: {_text(words)}"
    except (smtplib.SMTPException, OSError) as problem:
        return f"the mail server cannot be used: {str(problem) or type(problem).__name__}"
    return ""


def _server() -> EmailBackend:
    return EmailBackend(
        host=settings.HAT_SMTP_HOST,
        port=settings.HAT_SMTP_PORT,
        username=settings.HAT_SMTP_USER,
        password=settings.HAT_SMTP_PASSWORD,
        use_tls=settings.HAT_SMTP_SECURITY == "starttls",
        use_ssl=settings.HAT_SMTP_SECURITY == "tls",
        timeout=TIMEOUT_S,
    )


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)

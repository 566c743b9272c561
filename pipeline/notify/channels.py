"""How a message leaves the machine: a JSON document posted to a webhook, or an e-mail. Never for longer than the settings allow.

An error here never shows an address or what a server answered: either may hold a secret.
"""

from __future__ import annotations

import smtplib
import ssl
import threading
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Final

import urllib3

from pipeline.notify.message import Message
from pipeline.notify.settings import MailSettings, NotifySettings

WEBHOOK: Final = "webhook"
MAIL: Final = "mail"
PROJECT_NAME: Final = "h1b-sponsors"
Channel = Callable[[Message], None]


class NotDeliveredError(Exception):
    """A channel that did not take a message: why, in a few words without any secret."""


def channels(settings: NotifySettings) -> dict[str, Channel]:
    """Return the channels that are set, by name. Each takes a message, or raises NotDeliveredError."""
    made: dict[str, Channel] = {}
    if settings.webhook:
        made[WEBHOOK] = lambda message: _within(settings.seconds, lambda: _post(message, settings))
    if mail := settings.mail:
        made[MAIL] = lambda message: _within(settings.seconds, lambda: _send(message, mail, settings.seconds))
    return made


def _within(seconds: float, work: Callable[[], None]) -> None:
    """Do `work`, and give up after so many seconds: a server that sends a byte now and then must not hold up what watches."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except Exception as error:  # raised by the thread that waits
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise NotDeliveredError(f"no answer in {seconds:g} s")
    if failed:
        error = failed[0]
        # Not shown, and not chained: the library's words hold the address.
        raise error if isinstance(error, NotDeliveredError) else NotDeliveredError(type(error).__name__) from None


def _post(message: Message, settings: NotifySettings) -> None:
    """Post a message as JSON. `text` is what chat services show."""
    fields = {"event": message.key, "title": message.title, "detail": message.text, "remedy": message.remedy}
    document = {"text": f"{PROJECT_NAME}: {message.title}. {message.text} {message.remedy}", **fields}
    with urllib3.PoolManager(retries=False, timeout=settings.seconds) as pool:
        answer = pool.request("POST", settings.webhook, json=document, redirect=False, preload_content=False)
        answer.close()
    if not 200 <= answer.status < 300:
        raise NotDeliveredError(f"HTTP status {answer.status}")


def _send(message: Message, mail: MailSettings, seconds: float) -> None:
    """Send a message by e-mail: encrypted, unless the server is on this machine and offers no encryption."""
    letter = EmailMessage()
    letter["Subject"] = f"{PROJECT_NAME}: {message.title}"[:200]
    letter["From"], letter["To"] = mail.sender, ", ".join(mail.receivers)
    letter["Date"], letter["Message-ID"] = formatdate(), make_msgid(domain=mail.sender.rpartition("@")[2])
    letter.set_content(f"{message.text}\n\n{message.remedy}\n")
    with smtplib.SMTP(mail.host, mail.port, timeout=seconds) as server:
        server.ehlo()
        if not mail.near or server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context(cafile=mail.certificates or None))
            server.ehlo()
        if mail.user:
            server.login(mail.user, mail.password)
        if refused := server.send_message(letter):
            raise NotDeliveredError(f"{len(refused)} of {len(mail.receivers)} addresses were refused")

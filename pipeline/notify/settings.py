"""Where messages go, as the operator sets it by environment variables: nowhere but the log by default."""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from pipeline.settings import SettingsError

WEBHOOK_VARIABLE: Final = "H1B_NOTIFY_WEBHOOK"
SMTP_VARIABLE: Final = "H1B_NOTIFY_SMTP"
USER_VARIABLE: Final = "H1B_NOTIFY_SMTP_USER"
PASSWORD_VARIABLE: Final = "H1B_NOTIFY_SMTP_PASSWORD"
FROM_VARIABLE: Final = "H1B_NOTIFY_MAIL_FROM"
TO_VARIABLE: Final = "H1B_NOTIFY_MAIL_TO"
_HOST: Final = r"(?:[\w.-]+|\[[0-9a-fA-F:.]+\])"
_ADDRESS: Final = re.compile(r"[!-?A-~]+@[\w.-]+", re.ASCII)
_SUBMISSION: Final = 587  # RFC 6409


@dataclass(frozen=True)
class MailSettings:
    """A mail server and who writes to whom. user: "" where the server wants none. certificates: trusted ones, "" for the usual."""

    host: str
    port: int
    sender: str
    receivers: tuple[str, ...]
    user: str = ""
    password: str = field(default="", repr=False)
    certificates: str = ""

    @property
    def near(self) -> bool:
        """Whether the server is on this machine, where nothing need be encrypted."""
        return is_loopback(self.host)


@dataclass(frozen=True)
class NotifySettings:
    """Channels beside the log. webhook: its address, which often holds a secret, "" for none. seconds: for one message by one channel."""

    webhook: str = field(default="", repr=False)
    mail: MailSettings | None = None
    seconds: float = 10.0

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must stand in no message and no log."""
        path = urlsplit(self.webhook)._replace(scheme="", netloc="").geturl()
        password = self.mail.password if self.mail else ""
        return tuple(secret for secret in (self.webhook, path, password) if len(secret) > 1)


def notify_settings() -> NotifySettings:
    """Read the channels from the environment.

    Raises SettingsError for an address that is neither https nor on this machine, and for e-mail that is set by half. Its text shows no
    value, which may hold a secret.
    """
    return NotifySettings(_webhook(), _mail())


def is_loopback(host: str) -> bool:
    """Decide whether a host is this machine, by how its address is written."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _webhook() -> str:
    address = os.environ.get(WEBHOOK_VARIABLE, "").strip()
    if not address:
        return ""
    if not re.fullmatch(rf"https?://{_HOST}(?::\d{{1,5}})?(?:/[!-~]*)?", address, re.ASCII):
        raise SettingsError(f"{WEBHOOK_VARIABLE} is no web address. Set it to https://…")
    if address.startswith("http:") and not is_loopback(urlsplit(address).hostname or ""):
        raise SettingsError(
            f"{WEBHOOK_VARIABLE} would be sent to unencrypted. Use an address that begins with https://"
        )
    return address


def _mail() -> MailSettings | None:
    server, sender, receivers, user, password = (
        os.environ.get(name, "").strip()
        for name in (SMTP_VARIABLE, FROM_VARIABLE, TO_VARIABLE, USER_VARIABLE, PASSWORD_VARIABLE)
    )
    if not server:
        return None
    parts = re.fullmatch(rf"({_HOST})(?::(\d{{1,5}}))?", server, re.ASCII)
    if parts is None:
        raise SettingsError(f"{SMTP_VARIABLE} is no mail server. Set it to HOST:PORT")
    written = re.split(r"[\s,]+", receivers)
    if not all(_ADDRESS.fullmatch(one) for one in (sender, *written)):
        raise SettingsError(
            f"{SMTP_VARIABLE} is set, and {FROM_VARIABLE} or {TO_VARIABLE} is no address. Set both: NAME@HOST"
        )
    if bool(user) != bool(password):
        raise SettingsError(f"{USER_VARIABLE} and {PASSWORD_VARIABLE} go together. Set both or none")
    port = int(parts[2] or _SUBMISSION)
    return MailSettings(parts[1].strip("[]"), port, sender, tuple(written), user, password)

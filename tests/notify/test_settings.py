"""Channels by environment variables: off by default, never unencrypted over the net, and no value in an error."""

from __future__ import annotations

import pytest

from pipeline.notify import settings
from pipeline.notify.settings import notify_settings
from pipeline.settings import SettingsError

MAIL = {
    settings.SMTP_VARIABLE: "smtp.example.org",
    settings.FROM_VARIABLE: "list@example.org",
    settings.TO_VARIABLE: "a@example.org, b@example.org",
}
ALL = (*MAIL, settings.WEBHOOK_VARIABLE, settings.USER_VARIABLE, settings.PASSWORD_VARIABLE)


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ALL:
        monkeypatch.delenv(name, raising=False)


def test_by_default_there_is_no_channel() -> None:
    made = notify_settings()
    assert (made.webhook, made.mail, made.secrets) == ("", None, ())


@pytest.mark.parametrize(
    "address", ["https://hooks.example.org/T0/x", "http://localhost:9000/x", "http://127.0.0.1/x", "http://[::1]:9/x"]
)
def test_a_webhook_is_https_or_on_this_machine(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv(settings.WEBHOOK_VARIABLE, address)
    assert notify_settings().webhook == address and address not in repr(notify_settings())


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.example.org/SECRET",
        "ftp://x/SECRET",
        "SECRET",
        "https://u:SECRET@x.org/",
        "https://x/\nSECRET",
        "http://10.0.0.1/SECRET",
    ],
)
def test_another_webhook_is_refused_and_not_shown(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv(settings.WEBHOOK_VARIABLE, address)
    with pytest.raises(SettingsError, match=settings.WEBHOOK_VARIABLE) as refused:
        notify_settings()
    assert "SECRET" not in str(refused.value)


def test_mail_has_a_server_a_sender_and_receivers(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in MAIL.items():
        monkeypatch.setenv(name, value)
    mail = notify_settings().mail
    assert mail and (mail.host, mail.port) == ("smtp.example.org", 587) and not mail.near
    assert mail.receivers == ("a@example.org", "b@example.org")


@pytest.mark.parametrize(
    "changed",
    [
        {settings.TO_VARIABLE: ""},
        {settings.TO_VARIABLE: "a@example.org\nBcc: x@example.org;"},
        {settings.FROM_VARIABLE: "nobody"},
        {settings.SMTP_VARIABLE: "smtp://example.org/"},
        {settings.USER_VARIABLE: "list"},
        {settings.PASSWORD_VARIABLE: "s3cret"},
    ],
)
def test_mail_that_is_set_by_half_is_refused(monkeypatch: pytest.MonkeyPatch, changed: dict[str, str]) -> None:
    for name, value in {**MAIL, **changed}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        notify_settings()
    assert "s3cret" not in str(refused.value)

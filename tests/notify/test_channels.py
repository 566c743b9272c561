"""A message by webhook and by e-mail, against servers on this machine."""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import replace
from email import message_from_string
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from pipeline.notify.channels import MAIL, WEBHOOK, NotDeliveredError, channels
from pipeline.notify.message import Message
from pipeline.notify.settings import MailSettings, NotifySettings
from tests.certificates import self_signed
from tests.notify.servers import mail_server

SECRET = "s3cret-of-the-hook"
MESSAGE = Message("held ror/1", "ror/1 is held back", "half of the rows.", "Look at it")


def by_webhook(settings: NotifySettings, message: Message = MESSAGE) -> None:
    channels(settings)[WEBHOOK](message)


def by_mail(mail: MailSettings, seconds: float = 5.0) -> None:
    channels(NotifySettings(mail=mail, seconds=seconds))[MAIL](MESSAGE)


def hook(server: HTTPServer, **options: float) -> NotifySettings:
    return NotifySettings(webhook=f"http://127.0.0.1:{server.port}/services/{SECRET}", **options)


def test_nothing_is_set_and_there_is_no_channel() -> None:
    assert channels(NotifySettings()) == {}


def test_the_webhook_is_posted_a_document(httpserver: HTTPServer) -> None:
    httpserver.expect_oneshot_request(f"/services/{SECRET}", method="POST").respond_with_data("", status=204)
    by_webhook(hook(httpserver))
    [(request, _)] = httpserver.log
    assert request.json == {
        "text": "h1b-sponsors: ror/1 is held back. half of the rows. Look at it",
        "event": "held ror/1",
        "title": "ror/1 is held back",
        "detail": "half of the rows.",
        "remedy": "Look at it",
    }


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 404, 500, 503])
def test_another_answer_is_a_failure_and_a_redirect_is_not_followed(httpserver: HTTPServer, status: int) -> None:
    elsewhere = {"Location": httpserver.url_for("/elsewhere")}
    httpserver.expect_request("/elsewhere").respond_with_data("")
    httpserver.expect_request(f"/services/{SECRET}").respond_with_response(Response("", status, elsewhere))
    with pytest.raises(NotDeliveredError, match=f"^HTTP status {status}$"):
        by_webhook(hook(httpserver))
    assert [request.path for request, _ in httpserver.log] == [f"/services/{SECRET}"]


def test_a_slow_server_is_given_up(httpserver: HTTPServer) -> None:
    done = threading.Event()
    httpserver.expect_request(f"/services/{SECRET}").respond_with_handler(lambda _: (done.wait(5), Response())[1])
    began = time.monotonic()
    with pytest.raises(NotDeliveredError) as failed:
        by_webhook(hook(httpserver, seconds=0.3))
    done.set()
    assert time.monotonic() - began < 2 and SECRET not in str(failed.value)


def test_a_server_that_drips_is_given_up() -> None:
    """Each byte comes in time, and the answer never does."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            connection, _ = listening.accept()
            with connection:
                for _ in range(100):
                    try:
                        connection.sendall(b"H")
                    except OSError:
                        return
                    time.sleep(0.05)

        threading.Thread(target=drip, daemon=True).start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/{SECRET}"
        with pytest.raises(NotDeliveredError, match=r"no answer in 0.5 s"):
            by_webhook(NotifySettings(webhook=address, seconds=0.5))


def test_where_nobody_listens_the_failure_shows_no_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(NotDeliveredError) as failed:
        by_webhook(NotifySettings(webhook=f"http://127.0.0.1:{port}/{SECRET}"))
    assert SECRET not in f"{failed.value!r}{failed.value.__cause__!r}"


def test_a_letter_is_sent() -> None:
    with mail_server() as box:
        by_mail(MailSettings("127.0.0.1", box.port, "list@example.org", ("a@example.org", "b@example.org")))
    letter = message_from_string(box.letters[0])
    assert letter["Subject"] == "h1b-sponsors: ror/1 is held back" and letter["To"] == "a@example.org, b@example.org"
    assert letter["From"] == "list@example.org" and letter["Date"] and letter["Message-ID"]
    assert letter.as_string().endswith("half of the rows.\n\nLook at it\n")
    assert [line.lower() for line in box.commands if line.upper().startswith("RCPT")] == [
        "rcpt to:<a@example.org>",
        "rcpt to:<b@example.org>",
    ]


def test_a_letter_is_encrypted_before_the_password_is_told(tmp_path: Path) -> None:
    trusted, context = self_signed(tmp_path, "127.0.0.1")
    with mail_server(context) as box:
        mail = MailSettings(
            "127.0.0.1", box.port, "list@example.org", ("a@example.org",), "list", "s3cret", str(trusted)
        )
        by_mail(mail)
        words = [line.split()[0].upper() for line in box.commands]
        assert box.encrypted and words.index("STARTTLS") < words.index("AUTH") < words.index("DATA")
        box.encrypted, box.commands = False, []
        with pytest.raises(NotDeliveredError, match="SSLCertVerificationError"):
            by_mail(replace(mail, certificates=""))
        assert "AUTH" not in " ".join(box.commands).upper()


def test_elsewhere_nothing_goes_unencrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MailSettings, "near", False)
    with mail_server() as box, pytest.raises(NotDeliveredError, match="SMTPNotSupportedError"):
        by_mail(MailSettings("127.0.0.1", box.port, "list@example.org", ("a@example.org",), "list", "s3cret"))
    assert box.letters == [] and "AUTH" not in " ".join(box.commands).upper()


def test_a_refused_receiver_is_a_failure() -> None:
    with mail_server(refuses="RCPT") as box, pytest.raises(NotDeliveredError, match="SMTPRecipientsRefused"):
        by_mail(MailSettings("127.0.0.1", box.port, "list@example.org", ("a@example.org",)))


def test_a_mail_server_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(NotDeliveredError):
        by_mail(MailSettings("127.0.0.1", silent.getsockname()[1], "l@example.org", ("a@example.org",)), seconds=0.3)

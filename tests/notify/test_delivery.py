"""An event is told once to each; who could not be reached is tried again; no secret is told."""

from __future__ import annotations

import pytest

from pipeline.notify.channels import NotDeliveredError
from pipeline.notify.delivery import deliver, deliveries_text, read_deliveries
from pipeline.notify.message import LONGEST, Message

ONE, OTHER = (Message(f"run {n}", f"run {n} failed", "step release: full disk.", "Free the disk") for n in (1, 2))


class Channel:
    """A channel that fails so many times first."""

    def __init__(self, fails: int = 0) -> None:
        self.fails, self.got = fails, list[str]()

    def __call__(self, message: Message) -> None:
        if self.fails:
            self.fails -= 1
            raise NotDeliveredError("HTTP status 503")
        self.got.append(message.key)


def test_each_event_is_told_once_also_after_the_cursor_was_written_down() -> None:
    log, hook, cursor = list[str](), Channel(), None
    for standing in ([ONE], [ONE], [ONE, OTHER], [ONE, OTHER]):
        cursor = deliveries_text(deliver(standing, read_deliveries(cursor), {"webhook": hook}, (), log.append))
    assert hook.got == ["run 1", "run 2"]
    assert log == [f"run {n} failed: step release: full disk. Free the disk" for n in (1, 2)]


def test_who_could_not_be_reached_is_tried_again_and_nobody_else() -> None:
    hook, mail, log = Channel(fails=1), Channel(), list[str]()
    told = deliver([ONE], {}, {"webhook": hook, "mail": mail}, (), log.append)
    assert (hook.got, mail.got) == ([], ["run 1"]) and log[-1].endswith(
        "not delivered by webhook: HTTP status 503. It is tried again"
    )
    told = deliver([ONE], told, {"webhook": hook, "mail": mail}, (), log.append)
    assert (hook.got, mail.got, len(log)) == (["run 1"], ["run 1"], 2)


def test_what_is_gone_is_told_again_when_it_comes_back() -> None:
    hook, told = Channel(), {}
    for standing in ([ONE], [], [ONE]):
        told = deliver(standing, told, {"webhook": hook}, (), lambda _: None)
    assert hook.got == ["run 1", "run 1"]


@pytest.mark.parametrize("cursor", [None, "", "no JSON", "[]", "3", '{"a": 3}'])
def test_a_cursor_that_is_none_is_as_good_as_nothing(cursor: str | None) -> None:
    assert read_deliveries(cursor) == {}


def test_no_secret_is_told() -> None:
    message = Message(
        "run 1", "failed", "postgresql://me:hunter2@db/x refused; hook /T0/abc\x1b[31m\n" + "x" * 2_000, ""
    )
    clean = message.without(["/T0/abc"])
    assert "hunter2" not in clean.text and "/T0/abc" not in clean.text and "\x1b" not in clean.text
    assert "postgresql://db/x" in clean.text and len(clean.text) == LONGEST

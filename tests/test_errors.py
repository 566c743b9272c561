"""An error of the system in one line: the path, what is wrong, what to do."""

from __future__ import annotations

import errno
import os

import pytest

from pipeline.errors import system_error, system_message, system_number


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "The disk is full"),
        (errno.EROFS, "read-only"),
        (errno.EFBIG, "may not become so large"),
        (errno.EACCES, "owner and mode"),
        (errno.ENOTDIR, "a part of it is a file"),
        (errno.EIO, "The disk may be failing"),
        (errno.EXDEV, "Look at the disk and the path"),
    ],
)
def test_the_line_names_path_fault_and_remedy(number: int, words: str) -> None:
    error = OSError(number, os.strerror(number), "/data/raw")
    line = system_error(error)
    assert line.startswith(f"/data/raw: {os.strerror(number)}. ") and words in line and "\n" not in line
    assert system_error(OSError(number, os.strerror(number)), "/elsewhere").startswith("/elsewhere: ")
    told = system_message(str(error))  # of an error in another process only its text is left
    assert words in told and "/data/raw" in told


def test_an_error_told_in_the_systems_words_alone_is_known() -> None:
    told = 'Failed to commit: Could not write file "/data/x.wal": No space left on device'
    assert system_number(told) == errno.ENOSPC and "The disk is full" in system_message(told)
    assert system_number("no such column") is None


def test_an_error_without_a_number_is_told_as_it_is() -> None:
    assert system_error(OSError("cannot\nread it"), "/data").startswith("/data: cannot read it. ")

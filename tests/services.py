"""Servers that a test starts on this machine and ends: PostgreSQL and Redis, on free ports of the loopback interface, in a folder of the test."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import needed

_DEBIAN = Path("/usr/lib/postgresql")
PATIENCE = 60.0  # seconds


def free_port() -> int:
    """Return a port on which nobody listens at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(what: str, there: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Return once `there` says so. Raises AssertionError that names `what` where it never does."""
    until = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < until, f"{what}: not within {seconds:g} s"
        time.sleep(0.1)


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """Run Redis, which keeps nothing on disk; yields its address, without the number of a database."""
    program = shutil.which("redis-server")
    needed("Redis", there=program is not None)
    port = free_port()
    words = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with running([str(program), *words], folder / "redis.log"):
        wait_for("Redis", lambda: listens(port))
        yield f"redis://127.0.0.1:{port}"


@contextmanager
def postgresql() -> Iterator[str]:
    """Run PostgreSQL with an empty database that asks for no password; yields its address.

    It never runs as root: root's tests run it as `postgres`, in a folder where that user may write.
    """
    found = shutil.which("postgres") or max(map(str, _DEBIAN.glob("*/bin/postgres")), default="")
    needed("PostgreSQL", there=bool(found))
    bin_, user = Path(found).resolve().parent, ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory(prefix="postgresql-", ignore_cleanup_errors=True) as name:
        folder, port = Path(name), free_port()
        if user:
            shutil.chown(folder, "postgres")
        made = [*user, str(bin_ / "initdb"), "-D", f"{name}/data", "-U", "h1b", "-A", "trust", "-N", "-E", "UTF8"]
        subprocess.run(made, check=True, capture_output=True, cwd="/")
        options = ["-p", str(port), "-h", "127.0.0.1", "-k", name, "-c", "fsync=off"]
        with running([*user, str(bin_ / "postgres"), "-D", f"{name}/data", *options], folder / "log"):
            asked = [str(bin_ / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
            wait_for("PostgreSQL", lambda: subprocess.run(asked, check=False).returncode == 0)
            yield f"postgresql+psycopg2://h1b@127.0.0.1:{port}/postgres"


@contextmanager
def running(
    words: Sequence[str], log: Path, environment: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program while the context lasts; what it says goes to `log`. Then it and what it has started are ended."""
    with log.open("ab") as told:
        process = subprocess.Popen(words, stdout=told, stderr=told, env=environment, cwd="/", start_new_session=True)
    try:
        yield process
    finally:
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE)


def listens(port: int) -> bool:
    """Decide whether somebody listens on a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0

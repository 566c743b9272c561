"""A mail server on this machine, as small as SMTP lets it be: it keeps what it is sent (RFC 5321, RFC 3207, RFC 4954)."""

from __future__ import annotations

import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Mailbox:
    """What a server was told. encrypted: whether the letter came after STARTTLS."""

    port: int = 0
    commands: list[str] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    encrypted: bool = False


@contextmanager
def mail_server(tls: ssl.SSLContext | None = None, refuses: str = "") -> Iterator[Mailbox]:
    """Serve on a free port of this machine. tls: offered with STARTTLS; refuses: the command that is answered 550."""
    box = Mailbox()

    class Handler(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            self.say("220 here")
            while line := self.rfile.readline().decode().strip():
                box.commands.append(line)
                word = line.split()[0].upper()
                if word == refuses:
                    self.say("550 no")
                elif word == "EHLO":
                    offered = ["250-here", *(["250-STARTTLS"] if tls and not box.encrypted else []), "250 AUTH PLAIN"]
                    self.wfile.write("".join(f"{one}\r\n" for one in offered).encode())
                elif word == "STARTTLS" and tls:
                    self.say("220 go on")
                    secure = tls.wrap_socket(self.connection, server_side=True)
                    self.rfile, self.wfile, box.encrypted = secure.makefile("rb"), secure.makefile("wb", 0), True
                elif word == "AUTH":
                    self.say("235 welcome")
                elif word == "DATA":
                    self.say("354 go on")
                    lines = iter(lambda: self.rfile.readline().decode(), ".\r\n")
                    box.letters.append("".join(lines))
                    self.say("250 kept")
                elif word == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 fine")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        box.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield box
        server.shutdown()

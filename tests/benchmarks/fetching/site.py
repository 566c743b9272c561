"""The local site: one process that answers for all hosts. Standard library only.

Each host has a start page with links to its other pages, each of about 40 KB, with an ETag, and answers 304 to it.
"""

from __future__ import annotations

import hashlib
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

PAGE_BYTES: Final = 40_000
_FILLER: Final = (
    "<li>Rotations, conferences and wellness days are described in the handbook.</li>\n"
    "<p>Residents meet on <em>Thursdays</em>, and the call schedule follows the duty hour rules.</p>\n"
)


def page(host: str, path: str, pages: int) -> bytes:
    """Return the HTML of one page of a host."""
    links = "".join(f'<a href="/residency/visa/{number}">Visa question {number}</a>\n' for number in range(1, pages))
    heading = f"<h1>Visas {host} {path}</h1><p>The residency program sponsors J-1 visas through ECFMG.</p>"
    body = f"<!doctype html><html><head><title>Visa policy {path}</title></head><body><nav>{links}</nav>{heading}\n"
    return (body + _FILLER * ((PAGE_BYTES - len(body)) // len(_FILLER)) + "</body></html>").encode()


class Handler(BaseHTTPRequestHandler):
    """Answers for every host that leads here."""

    pages = 10

    def do_GET(self) -> None:
        """Send a page, 304 where it is known, 404 for robots.txt and sitemaps."""
        if self.path in ("/robots.txt", "/sitemap.xml"):
            self._send(404, b"")
            return
        body = page(self.headers.get("Host", ""), self.path, self.pages)
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == etag:
            self._send(304, b"", etag)
        else:
            self._send(200, body, etag)

    def _send(self, status: int, body: bytes, etag: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if etag:
            self.send_header("ETag", etag)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


class Server(ThreadingHTTPServer):
    """Room for all clients that knock at once."""

    request_queue_size = 256
    daemon_threads = True


def main() -> None:
    """Serve until killed; the first line of output is the port."""
    Handler.pages = int(sys.argv[1])
    server = Server(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()

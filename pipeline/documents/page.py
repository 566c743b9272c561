"""The door of the room: a page as served, of any medium, to blocks. Each page is parsed once, here.

What belongs here: the choice of the parser. What blocks say of visas is read elsewhere.
"""

from __future__ import annotations

from typing import Literal

from pipeline.documents.blocks import Block
from pipeline.documents.html import blocks_of_html
from pipeline.documents.pdf_blocks import blocks_of_pdf
from pipeline.documents.plain_lines import blocks_of_text
from pipeline.documents.unreadable import UnreadablePageError, damaged
from pipeline.documents.web_archive import is_web_archive, unpacked

Media = Literal["html", "pdf", "text"]


def blocks_of(content: bytes, media: Media, encoding: str | None = None) -> tuple[Block, ...]:
    """Return the blocks of a page as served, in the order of the page.

    encoding: the charset of the HTTP header, if any. Raises UnreadablePageError for a PDF that is encrypted, broken,
    without text or drawn without end, and for any page over which a library stumbles.
    """
    try:
        if media == "pdf":
            return blocks_of_pdf(content)
        if is_web_archive(content):
            content, encoding, _ = unpacked(content)
        return blocks_of_html(content, encoding) if media == "html" else blocks_of_text(content, encoding)
    except UnreadablePageError:
        raise
    except Exception as error:
        raise damaged("page", error) from error

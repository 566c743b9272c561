"""The one error of documents that can't be read, whatever their medium and whatever is wrong with them."""

from __future__ import annotations

from pipeline.errors import UserError


class UnreadablePageError(UserError):
    """A document that can't be read: the problem and the remedy, phrases without a full stop. Which file it is, the caller knows."""

    def __init__(self, problem: str, remedy: str = "Download it again") -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(f"{problem}. {remedy}")


def scanned() -> UnreadablePageError:
    """Return what to raise where a document holds no letter."""
    return UnreadablePageError("a scanned PDF: pictures without text", "Run text recognition (OCR) over it first")


def damaged(what: str, error: BaseException) -> UnreadablePageError:
    """Return what to raise where reading `what` (`PDF`, `page`) failed with an error of a library."""
    return UnreadablePageError(f"a damaged {what} ({' '.join(f'{type(error).__name__}: {error}'.split())[:200]})")

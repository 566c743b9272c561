"""Pages a second and the time for hostile pages: `python -m tests.benchmarks.policies`, and part of `make benchmark`.

Prints Markdown. All times are of the processor, on one core.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable

from pipeline.documents.page import blocks_of
from pipeline.policies.claims import parse
from pipeline.policies.programs_named import programs_named
from pipeline.policies.reading import read_page
from tests.benchmarks.policies.pages import ADVERSARIAL, Page, typical, wordy

_TURNS = 9


def main() -> None:
    """Measure, and print the results."""
    print("### Reading\n")
    print(f"60 pages of 40 KB, each sentence read anew, best of {_TURNS} turns:\n")
    print("| pages | pages/s | ms a page | characters of blocks a page |\n|---|---|---|---|")
    for name, pages in (("as a content management system serves them", typical()), ("two thirds text", wordy())):
        seconds = min(_taken(lambda pages=pages: _read_all(pages)) for _ in range(_TURNS))
        text = sum(len(block.text) for page in pages for block in blocks_of(page.content, "html")) / len(pages)
        print(f"| {name} | {len(pages) / seconds:.0f} | {1000 * seconds / len(pages):.1f} | {text:,.0f} |")
    print()
    print("| 10 MB of | seconds |\n|---|---|")
    for name, make in ADVERSARIAL.items():
        content = make()
        print(f"| {name} | {_taken(lambda content=content: read_page(content, 'html', 'Urology')):.2f} |", flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nMost memory held at once: {peak:.0f} MB")
    print("\n| length | seconds |\n|---|---|")
    unit = wordy()[0].content
    for times in (1, 10, 100):
        body = unit * times
        print(f"| {len(body) / 1000:,.0f} KB | {_taken(lambda body=body: read_page(body, 'html', 'Urology')):.3f} |")


def _read_all(pages: list[Page]) -> None:
    for page in pages:
        read_page(page.content, "html", page.program, page.institution)


def _taken(run: Callable[[], object]) -> float:
    """Seconds of processor time, with nothing remembered of earlier sentences."""
    parse.cache_clear()
    programs_named.cache_clear()
    started = time.process_time()
    run()
    return time.process_time() - started


if __name__ == "__main__":
    main()

"""What an element is by its tag: left out, part of a line, empty, or a block of some kind."""

from __future__ import annotations

from pipeline.documents.blocks import HEADING, ITEM, MINOR_HEADING
from pipeline.text.characters import wordset

_SKIPPED = wordset(
    "script style template noscript nav footer del s strike select option textarea head iframe object canvas"
    " audio video datalist map math"
)
_INLINE = wordset(
    "a abbr acronym b bdi bdo big cite code em font i ins kbd label mark o:p q rp rt ruby samp small span strong"
    " sub sup tt u var wbr st1:place nobr tbody thead tfoot svg"
)
_COUNTED = wordset("a b strong sup")  # inline elements of which it counts whether text is inside
# Empty elements, and the strokes of drawings: no text is in them.
_VOID = wordset(
    "area base br col embed hr img input link meta param source track wbr path g circle rect use line polygon polyline"
    " ellipse defs"
)
# What is not a block element. A title is neither: what it says is in the first heading too.
PARTS = {
    **dict.fromkeys(_INLINE, "inline"), **dict.fromkeys(_COUNTED, "counted"), **dict.fromkeys(_SKIPPED, "skipped"),
    **dict.fromkeys(_VOID, "void"), "title": "title",
}  # fmt: skip
# Kind and level of the text in a block element; those of a list item and of a tab depend on more.
KINDS = {
    **{f"h{level}": (HEADING, level) for level in range(1, 7)},
    **dict.fromkeys(("summary", "button", "legend", "caption"), (HEADING, MINOR_HEADING)),
    "li": (ITEM, 0), "dt": ("term", 0), "dd": ("value", 0),
}  # fmt: skip

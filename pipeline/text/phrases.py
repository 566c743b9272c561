"""The one phrase matcher: which phrases of a vocabulary begin at a word of a text.

Phrases are tuples of words; what a word is (lower case, stemmed, a lemma) is decided by the room that splits its text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Payload = TypeVar("Payload")


@dataclass(slots=True)
class PhraseTree(Generic[Payload]):
    """Phrases as a tree of words: what the phrase that ends here stands for, and where each next word leads."""

    payloads: list[Payload] = field(default_factory=list)
    following: dict[str, PhraseTree[Payload]] = field(default_factory=dict)


def phrase_tree(phrases: Iterable[tuple[Sequence[str], Payload]]) -> PhraseTree[Payload]:
    """Build the tree of `phrases`, each its words and what it stands for; those without words are left out."""
    root: PhraseTree[Payload] = PhraseTree()
    for words, payload in phrases:
        node = root
        for word in words:
            node = node.following.setdefault(word, PhraseTree())
        if words:
            node.payloads.append(payload)
    return root


def phrases_at(
    tree: PhraseTree[Payload], words: Sequence[str], place: int, others: Sequence[str] | None = None
) -> list[tuple[int, Payload]]:
    """Find the phrases that begin at word `place`.

    others: a second form of each word (its lemma, say), which may stand in its place. Returns (number of words, payload),
    the longest first; at equal length those of the words as they stand before those of other forms, then in the order in
    which the tree was given them.
    """
    level = [tree]
    found: list[list[tuple[int, Payload]]] = []
    for end in range(place, len(words)):
        word = words[end]
        reached = [node.following[word] for node in level if word in node.following]
        if others is not None and others[end] != word:
            reached += [node.following[others[end]] for node in level if others[end] in node.following]
        if not reached:
            break
        found.append([(end - place + 1, payload) for node in reached for payload in node.payloads])
        level = reached
    return [hit for hits in reversed(found) for hit in hits]

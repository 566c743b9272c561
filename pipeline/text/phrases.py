"""The one phrase matcher: which phrases of a vocabulary begin at a word of a text, or are it but for a lost end.

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

    others: a second form of each word (its lemma, say), which may take its place. Returns (number of words, payload),
    the longest first; at equal length those of the words as written before those of other forms, then in the order in
    which the tree was given them.
    """
    level = [tree]
    found: list[tuple[int, Payload]] = []
    for end in range(place, len(words)):  # loops rather than comprehensions: run at every word of every sentence
        word = words[end]
        reached: list[PhraseTree[Payload]] = []
        for node in level:
            if word in node.following:
                reached.append(node.following[word])
        if others is not None and others[end] != word:
            for node in level:
                if others[end] in node.following:
                    reached.append(node.following[others[end]])
        if not reached:
            break
        hits = [(end - place + 1, payload) for node in reached for payload in node.payloads]
        found = hits + found
        level = reached
    return found


def phrases_cut(tree: PhraseTree[Payload], words: Sequence[str], least: int) -> list[Payload]:
    """Find the phrases that `words` are but for the end of the last word.

    least: letters that a last word must have left; a whole word is not cut. Returns what they stand for, in the order in which
    the tree was given them. A phrase of one word is never found: too little of it would be left to tell it by.
    """
    *head, last = words or ("",)
    if not head or len(last) < least:
        return []
    node = tree
    for word in head:
        if word not in node.following:
            return []
        node = node.following[word]
    whole = (word for word in node.following if word.startswith(last) and word != last)
    return [payload for word in whole for payload in node.following[word].payloads]

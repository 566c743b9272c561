"""Which names share words, and how much of each name the shared words make up."""

# pyright: reportAttributeAccessIssue=false
# pyarrow makes the functions of its compute module when it is imported: no type checker sees them.

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.linkage.model import KIND_WORD_SHARE, PRIOR
from pipeline.linkage.names.words import GENERIC
from pipeline.schemas.frames import text_array


def _tokens(forms: pd.Series) -> tuple[pd.DataFrame, pd.Index]:
    """Return columns row (position in `forms`), code: the distinct words of each canonical form, one a row; and the words in
    order, to which the codes belong."""
    lists = pc.ascii_split_whitespace(text_array(forms))
    words = pc.dictionary_encode(lists.flatten())
    row = np.repeat(np.arange(len(forms)), np.diff(lists.offsets.to_numpy()))
    order = pc.sort_indices(words.dictionary).to_numpy()
    rank = np.empty(len(order), dtype="int64")
    rank[order] = np.arange(len(order))
    vocabulary = pd.Index(words.dictionary.take(pa.array(order)).to_pylist(), dtype="str")
    tokens = pd.DataFrame({"row": row, "code": rank[words.indices.to_numpy()]})
    if len(vocabulary) and vocabulary[0] == "":  # what a blank form is split into
        tokens, vocabulary = tokens[tokens["code"] > 0].assign(code=lambda kept: kept["code"] - 1), vocabulary[1:]
    again = (tokens["row"] * max(len(vocabulary), 1) + tokens["code"]).duplicated()
    return tokens[~again].reset_index(drop=True), vocabulary


def _weights(forms: pd.Series, tokens: pd.DataFrame, vocabulary: pd.Index) -> np.ndarray:
    """Return the weight of each word of the vocabulary: log(names / names with it), less for kind words. tokens: those of `forms`.

    Equal forms are one name. PRIOR names are added to the names at hand, so that a word common among few names is not taken for a
    common word.
    """
    distinct = ~forms.duplicated().to_numpy()
    counts = np.bincount(tokens["code"].to_numpy()[distinct[tokens["row"]]], minlength=len(vocabulary))
    names = np.count_nonzero(distinct & (forms != "").to_numpy())
    weight = np.log((names + PRIOR) / counts.astype("float64"))
    return np.maximum(np.where(vocabulary.isin(GENERIC), weight * KIND_WORD_SHARE, weight), 0.1)


class Overlap:
    """Two lists of canonical forms, left and right, with the weights of their words; compares pairs of positions."""

    def __init__(self, left: pd.Series, right: pd.Series, weights: pd.Series | None = None) -> None:
        """Index both lists. `weights` as of `weights` of longer lists; None: taken from both. Words without one count as the heaviest."""
        both = pd.concat([left, right], ignore_index=True)
        tokens, self.vocabulary = _tokens(both)
        if weights is None:
            self.token_weight = _weights(both, tokens, self.vocabulary)
        else:
            heaviest = float(weights.max()) if len(weights) else 1.0
            self.token_weight = weights.reindex(self.vocabulary).fillna(heaviest).to_numpy(dtype="float64")
        self.size = len(self.vocabulary)
        on_left = (tokens["row"] < len(left)).to_numpy()
        self.left_tokens = tokens[on_left]
        self.right_tokens = tokens[~on_left].assign(row=lambda mine: mine["row"] - len(left))
        self.left_total = self._totals(self.left_tokens, len(left))
        self.right_total = self._totals(self.right_tokens, len(right))
        self.left_starts = np.searchsorted(self.left_tokens["row"].to_numpy(), np.arange(len(left) + 1))
        right_keys = self.right_tokens["row"].to_numpy() * self.size + self.right_tokens["code"].to_numpy()
        self.right_keys = np.sort(right_keys)

    def weights(self) -> pd.Series:
        """Return the weight of each word of both lists. Index token, values float."""
        return pd.Series(self.token_weight, index=self.vocabulary)

    def _totals(self, tokens: pd.DataFrame, rows: int) -> np.ndarray:
        weight = self.token_weight[tokens["code"].to_numpy()]
        return np.bincount(tokens["row"].to_numpy(), weights=weight, minlength=rows)

    def shared(self, left_rows: np.ndarray, right_rows: np.ndarray) -> np.ndarray:
        """Return the weight of the words that each pair of rows shares."""
        counts = self.left_starts[left_rows + 1] - self.left_starts[left_rows]
        pair = np.repeat(np.arange(len(left_rows)), counts)
        offset = np.arange(len(pair)) - np.repeat(np.cumsum(counts) - counts, counts)
        code = self.left_tokens["code"].to_numpy()[self.left_starts[left_rows][pair] + offset]
        keys = right_rows[pair] * self.size + code
        place = np.searchsorted(self.right_keys, keys)
        found = (
            self.right_keys[np.minimum(place, len(self.right_keys) - 1)] == keys
            if len(self.right_keys)
            else np.zeros(len(keys), dtype=bool)
        )
        return np.bincount(pair[found], weights=self.token_weight[code[found]], minlength=len(left_rows))

    def containment(self, left_rows: np.ndarray, right_rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the share, 0 to 1, of the left name's weight that the right name holds, and the other way round."""
        shared = self.shared(left_rows, right_rows)
        return (
            shared / np.maximum(self.left_total[left_rows], 1e-9),
            shared / np.maximum(self.right_total[right_rows], 1e-9),
        )

    def candidates(
        self, left_block: pd.Series | None, right_block: pd.Series | None, *, least_weight: float, most_pairs: int = 400
    ) -> pd.DataFrame:
        """Return pairs left_row, right_row that share a word of weight >= `least_weight` in the same block (null: in none).

        `left_block`, `right_block`: a value for each row, e.g. the state; None: all rows are in one block. A word whose
        block holds more than `most_pairs` right rows is passed over.
        """
        left = self._blocked(self.left_tokens, left_block, least_weight)
        present = np.zeros(self.size, dtype=bool)
        present[left["code"]] = True
        tokens = self.right_tokens[present[self.right_tokens["code"].to_numpy()]]
        right = self._blocked(tokens, right_block, least_weight)
        size = right.groupby(["block", "code"])["row"].transform("size") if len(right) else right["row"]
        right = right[size <= most_pairs]
        pairs = left.merge(right, on=["block", "code"], suffixes=("_left", "_right"))
        pairs = pairs[["row_left", "row_right"]].drop_duplicates()
        return pairs.rename(columns={"row_left": "left_row", "row_right": "right_row"}).sort_values(
            ["left_row", "right_row"], ignore_index=True
        )

    def _blocked(self, tokens: pd.DataFrame, block: pd.Series | None, least_weight: float) -> pd.DataFrame:
        heavy = tokens[self.token_weight[tokens["code"].to_numpy()] >= least_weight]
        if block is None:
            return pd.DataFrame({"row": heavy["row"], "code": heavy["code"], "block": 0})
        values = block.to_numpy()[heavy["row"].to_numpy()]
        frame = pd.DataFrame({"row": heavy["row"].to_numpy(), "code": heavy["code"].to_numpy(), "block": values})
        return frame[frame["block"].notna()]

"""Which names share words, and how much of each name the shared words make up."""

# pyright: reportAttributeAccessIssue=false
# pyarrow makes the functions of its compute module when it is imported: no type checker sees them.

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.linkage.names.words import GENERIC

PRIOR: Final = 1000
GENERIC_SHARE: Final = 0.3  # a kind word weighs this part of what its rarity alone would give it


def token_table(forms: pd.Series) -> pd.DataFrame:
    """Return columns row (position in `forms`), token: the distinct words of each canonical form, one a row."""
    lists = pc.ascii_split_whitespace(pa.array(forms.to_numpy(dtype=object), pa.string()))
    words = pc.dictionary_encode(lists.flatten())
    row = np.repeat(np.arange(len(forms)), np.diff(lists.offsets.to_numpy()))
    table = pd.DataFrame({"row": row, "word": words.indices.to_numpy()}).drop_duplicates(ignore_index=True)
    table["token"] = pd.Series(words.dictionary.to_pylist(), dtype="str").take(table["word"].to_numpy()).to_numpy()
    return table.loc[table["token"] != "", ["row", "token"]].astype({"token": "str"})


def word_weights(forms: pd.Series) -> pd.Series:
    """Return the weight of each word of the distinct canonical forms: log(names / names with it), less for kind words.

    PRIOR names are added to the names at hand, so that a word common among few names is not taken for a common word.
    Index token, values float.
    """
    distinct = forms[forms != ""].drop_duplicates()
    counts = token_table(distinct)["token"].value_counts().sort_index()
    weight = np.log((len(distinct) + PRIOR) / counts.to_numpy(dtype="float64"))
    weight = np.where(counts.index.isin(GENERIC), weight * GENERIC_SHARE, weight)
    return pd.Series(np.maximum(weight, 0.1), index=counts.index)


class Overlap:
    """Two lists of canonical forms, left and right, with the weights of their words; compares pairs of positions."""

    def __init__(self, left: pd.Series, right: pd.Series, weights: pd.Series | None = None) -> None:
        """Index both lists. `weights` as of `word_weights`; None: taken from both lists. Words without one count as the heaviest."""
        self.weights = word_weights(pd.concat([left, right])) if weights is None else weights
        self.left_tokens = token_table(left)
        self.right_tokens = token_table(right)
        heaviest = float(self.weights.max()) if len(self.weights) else 1.0
        vocabulary = pd.Index(
            pd.concat([self.left_tokens["token"], self.right_tokens["token"]]).drop_duplicates().sort_values()
        )
        self.size = len(vocabulary)
        self.vocabulary = vocabulary
        self.token_weight = self.weights.reindex(vocabulary).fillna(heaviest).to_numpy(dtype="float64")
        for table in (self.left_tokens, self.right_tokens):
            table["code"] = vocabulary.get_indexer(pd.Index(table["token"]))
        self.left_total = self._totals(self.left_tokens, len(left))
        self.right_total = self._totals(self.right_tokens, len(right))
        self.left_starts = np.searchsorted(self.left_tokens["row"].to_numpy(), np.arange(len(left) + 1))
        right_keys = self.right_tokens["row"].to_numpy() * self.size + self.right_tokens["code"].to_numpy()
        self.right_keys = np.sort(right_keys)

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
        right = self._blocked(self.right_tokens, right_block, least_weight)
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

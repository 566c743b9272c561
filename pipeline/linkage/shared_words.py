"""Words that names have in common, and which of them tell that it is one body: spellings under one tax id, a petitioner and an institution.

A word tells it that is no kind word, not common among employers and no state's name, and that does not merely describe what many do:
`SEMICONDUCTOR` and `HOUSTON` end the names of many who begin with other words, and four digits are shared by chance. Such a word counts
together with the word beside it or with the first word of the name; one that fewer bear (`EYE`, `PAYMENT`) within one city, too.
What a petitioner has in common with an institution tells nothing if other employers near bear it (`HARLEM`).
"""

# pyright: reportAttributeAccessIssue=false
# pyarrow makes the functions of its compute module when it is imported: no type checker sees them.
from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.linkage.model import DESCRIBES, DESCRIBES_AFAR, OWN_INDUSTRIES, TELLING_LETTERS
from pipeline.linkage.names.differences import UNSPECIFIC
from pipeline.linkage.names.normalise import printed_words
from pipeline.linkage.names.printed import are_cut
from pipeline.linkage.names.words import GENERIC
from pipeline.linkage.petitions import COUNTS
from pipeline.linkage.places import with_places
from pipeline.linkage.scoring import WHOLE_NAME
from pipeline.schemas.frames import among

# Offices that people elect sign under the tax id of their county, as its hospital does.
_ELECTED: Final = r"\bSHERIFF\b|\bCOUNTY\b.*\b(?:ATTORNEY|DEFENDER|PROSECUTOR|CORONER|ASSESSOR)\b"
# Levels of `model.LEVELS` at which names may have no more than a word in common.
_BY_WORDS: Final = ("kin", "system", "typed", "cut_kin")
_NOT_OTHER: Final = (*OWN_INDUSTRIES, "99")  # 99: not classified


class Words(NamedTuple):
    """Words that tell, one value each: the row of its spelling, a number of the tax id and state, and one of the word."""

    rows: np.ndarray
    homes: np.ndarray
    codes: np.ndarray


def telling_words(spellings: pd.DataFrame, filed: pd.DataFrame) -> Words:
    """Return the telling words of spellings, and the pairs of a describing word and another or a city: one number for each word or pair.

    spellings: columns employer, form, state_code and home, a number of tax id and state. filed: columns row (of `spellings`) and
    city, null where petitions do not say from where.
    """
    owner, word, printed = printed_words(spellings["form"])
    common = pc.is_in(printed, pa.array(sorted(UNSPECIFIC), pa.string()))
    long = pc.greater_equal(pc.utf8_length(printed), TELLING_LETTERS)
    specific = pc.and_not(long, common).to_numpy(zero_copy_only=False)[word]
    # The last word of a cut name is a fragment: it would never meet its whole, and may meet another's.
    cut = are_cut(spellings["employer"]).to_numpy(dtype=bool)
    ends = np.append(owner[1:] != owner[:-1], True)[: len(owner)]
    whole = ~(ends & cut[owner])
    specific &= whole
    first = _first_words(owner, word)
    behind = _first_words_before(owner, word, first, len(printed), spellings["state_code"].to_numpy(), specific)
    describes = specific & (behind >= DESCRIBES_AFAR)
    elected = spellings["form"].str.contains(_ELECTED, regex=True).to_numpy(dtype=bool)
    homes = (spellings["home"].to_numpy() * 2 + elected)[owner]
    rows = spellings.index.to_numpy()[owner]
    beside = np.flatnonzero((describes[:-1] | describes[1:]) & whole[:-1] & whole[1:] & ~ends[:-1])
    near, city = _cities(rows, np.flatnonzero(describes & (behind < DESCRIBES)), filed)
    size = len(printed)
    places = [np.flatnonzero(specific & ~describes), beside, np.flatnonzero(describes), near]
    codes = [
        word[places[0]],
        (word[beside] + 1) * size + word[beside + 1],
        -first[places[2]] * size - word[places[2]] - 1,
        (size + 1 + city) * size + word[near],
    ]
    at = np.concatenate(places)
    return Words(rows[at], homes[at], np.concatenate(codes))


def _cities(rows: np.ndarray, places: np.ndarray, filed: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return each of the places once a city of its row, and a number of the city. rows: the spelling of each word."""
    words = pd.DataFrame({"row": rows[places], "place": places})
    known = filed.loc[filed["row"].isin(words["row"]), ["row", "city"]].dropna()
    both = words.merge(known, on="row")
    return both["place"].to_numpy(), pd.factorize(both["city"])[0]


def _first_words(owner: np.ndarray, word: np.ndarray) -> np.ndarray:
    """Return the first word of the name of each word. owner: the name of each word, in order."""
    begins = np.append(True, owner[1:] != owner[:-1])[: len(owner)]
    return word[begins][np.cumsum(begins) - 1]


def _first_words_before(
    owner: np.ndarray, word: np.ndarray, first: np.ndarray, words: int, states: np.ndarray, specific: np.ndarray
) -> np.ndarray:
    """Return behind how many different first words each word stands in its state. owner: the name of each word, in order."""
    of_state = states[owner] * words + word
    behind = specific & (first != word)
    pairs = np.unique(of_state[behind] * words + first[behind]) // words
    found, counts = np.unique(pairs, return_counts=True)
    place = np.searchsorted(found, of_state).clip(max=max(len(found) - 1, 0))
    return np.where(found[place] == of_state, counts[place], 0) if len(found) else np.zeros(len(word), dtype="int64")


def words_in_common(one: str, other: str) -> tuple[str, ...]:
    """Return the words that two canonical forms have in common; none if a kind word is among them.

    A place and a kind word say more than the place: `BATON ROUGE GENERAL`, `UNIVERSITY OF CINCINNATI`.
    """
    words = other.split()
    common = tuple(dict.fromkeys(word for word in one.split() if word in words))
    return common if GENERIC.isdisjoint(common) else ()


def common_words(pairs: pd.DataFrame) -> list[str]:
    """Return `words_in_common` of pairs that compare by their words only, in one text; "" of others.

    pairs: columns form, alias_form, how.
    """
    columns = (pairs[name].tolist() for name in ("form", "alias_form", "how"))
    return [
        " ".join(words_in_common(one, other)) if how in _BY_WORDS else ""
        for one, other, how in zip(*columns, strict=True)
    ]


def bearers_near(
    candidates: pd.DataFrame, sites: pd.DataFrame, forms: pd.Series, petitions: pd.DataFrame
) -> np.ndarray:
    """Return how many unrelated employers near bear the words that the names of each candidate link have in common.

    candidates: columns common (of `common_words`), how, institution_id, petitioner_id, state, place, metro. sites: columns name (the
    place of its canonical form in `forms`), petitioner_id, state, city. petitions: columns petitioner_id, naics and COUNTS. An
    employer is unrelated if most of its petitions are of an industry that is not the sponsors' and it has no name of the
    institution; near is the city or the metropolitan area of the site.
    """
    found = np.zeros(len(candidates), dtype="int64")
    place = np.flatnonzero((candidates["common"] != "").to_numpy(dtype=bool))
    if not len(place):
        return found
    pair = ["institution_id", "petitioner_id"]
    columns = ["common", *pair, "state", "place", "metro"]
    sharing = candidates[columns].iloc[place]
    number = sharing.groupby(columns, sort=False, dropna=False).ngroup().to_numpy()
    distinct = sharing.assign(number=number).drop_duplicates("number")
    bearers = _bearers(distinct["common"].unique(), sites, forms, petitions)
    near = pd.concat(
        [
            distinct.dropna(subset=by[-1:]).merge(bearers, on=by)[["number", "bearer", *pair]]
            for by in (["common", "state", "place"], ["common", "metro"])
        ]
    ).drop_duplicates()
    own = candidates.loc[candidates["how"].str.contains(WHOLE_NAME), pair]
    its_own = pd.MultiIndex.from_frame(near[["institution_id", "bearer"]]).isin(pd.MultiIndex.from_frame(own))
    near = near[~its_own & (near["bearer"] != near["petitioner_id"])]
    found[place] = np.bincount(near["number"], minlength=len(distinct))[number]
    return found


def _bearers(phrases: np.ndarray, sites: pd.DataFrame, forms: pd.Series, petitions: pd.DataFrame) -> pd.DataFrame:
    """Return columns common, bearer, state, place, metro: the employers of other industries whose names hold each of the phrases."""
    # Most names are left out already here: the main industry is counted for those alone that bear a phrase.
    outside = petitions.loc[~among(petitions["naics"], _NOT_OTHER), "petitioner_id"]
    sites = sites[among(sites["petitioner_id"], outside)]
    used, name = np.unique(sites["name"], return_inverse=True)
    forms = forms.take(used)
    searched = pd.DataFrame({"common": phrases, "word": [phrase.partition(" ")[0] for phrase in phrases]}).astype("str")
    owner, word, printed = printed_words(forms)
    wanted = among(printed, searched["word"])[word]
    words = printed.take(pa.array(word[wanted])).to_pylist()
    borne = pd.DataFrame({"name": owner[wanted], "word": pd.Series(words, dtype="str")}).drop_duplicates()
    borne = searched.merge(borne, on="word")
    texts = zip(borne["common"].tolist(), forms.take(borne["name"].to_numpy()).tolist(), strict=True)
    borne = borne[np.array([f" {phrase} " in f" {form} " for phrase, form in texts], dtype=bool)]
    named = sites[["petitioner_id", "state", "city"]].assign(name=name)[np.isin(name, borne["name"])]
    others = _of_other_industries(petitions[among(petitions["petitioner_id"], named["petitioner_id"])])
    named = with_places(named[among(named["petitioner_id"], others)]).rename(columns={"petitioner_id": "bearer"})
    return borne[["common", "name"]].merge(named, on="name")[["common", "bearer", "state", "place", "metro"]]


def _of_other_industries(petitions: pd.DataFrame) -> pd.Series:
    """Return the ids of the petitioners most of whose petitions are of another industry than the sponsors'."""
    weight = petitions[["petitioner_id", "naics"]].assign(weight=petitions[COUNTS].sum(axis=1))
    sums = weight.groupby(["petitioner_id", "naics"])["weight"].sum().reset_index()
    main = sums.sort_values(["petitioner_id", "weight", "naics"], ascending=[True, False, True])
    main = main.drop_duplicates("petitioner_id")
    return main.loc[~main["naics"].isin(_NOT_OTHER), "petitioner_id"]

"""The linkage model: every level, weight and threshold by which spellings are held to be one petitioner, and petitioners, registers,
employers, pages and positions of the Match are linked to institutions, in one table.

The score of a petitioner is the sum of the weights of name, tax id and place, 0 to 100. What each is worth was set on the development
cases and is held by them, by the cases of a second reader and by the pairs of `tests/gold/linkage/traps.csv`; figures are in
docs/methods/linkage.md. How a level is found belongs to `comparison.py`, what follows from a score to `decisions.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Level:
    """How a printed name compares with a name of an institution. weight: points; reason: how it is explained."""

    weight: float
    reason: str


LEVELS: Final = {
    "equal": Level(70.0, "name equal to"),
    "equal_trade": Level(66.0, "trade name (d/b/a) equal to"),
    "equal_root": Level(64.0, "name is that of a school of"),
    # Cut off at 34 characters, and neither another year nor another spelling of the petitioner tells how it goes on.
    "equal_cut": Level(62.0, "name, which may be cut off, is equal to"),
    "equal_former": Level(62.0, "former name equal to"),
    "cut": Level(55.0, "name, cut off, is the beginning of"),
    # The same rare words, other kind words: hospital and medical center, school of medicine and health sciences center.
    "kin": Level(58.0, "name differs in kind words only from"),
    # A health system with the words of a hospital: the hospital's legal entity unless the hospital signs for itself.
    "system": Level(58.0, "name is that of a health system with the words of"),
    "placeless": Level(54.0, "name lacks only the place of"),
    "of_state": Level(54.0, "name adds only the state to"),
    "cut_kin": Level(52.0, "name, cut off, differs in kind words only from"),
    # A medical group, foundation, health plan, research institute or clinic beside the hospital: an affiliate.
    "typed": Level(58.0, "name adds a kind of body to"),
    "prefixed": Level(58.0, "name ends in"),
    "shorter": Level(45.0, "name lacks words of"),
    "longer": Level(36.0, "name has more words than"),
    "similar": Level(28.0, "name is similar to"),
    # Spellings under one tax id and state, with a rare word in common, are one petitioner.
    "tax_id": Level(46.0, "same petitioner as the linked spelling"),
}
# Where names of legal entities of health systems come from; and the sources that say in which state a name is printed.
SYSTEM: Final = "system"
COUNTY: Final = "county"  # the county that owns a hospital, by CMS
# Names that count whole or cut off only: what is near to a legal entity or a county says nothing.
WHOLE_ONLY: Final = (SYSTEM, COUNTY)
PRINTED_IN: Final = ("alias", SYSTEM)
CURATED: Final = 6.0  # the name is one that a person wrote

TAX_EQUAL: Final = 20.0  # the tax id is known for the institution
# Another one is known; nothing where the very spelling is linked under that: one-digit slips are common.
TAX_OTHER: Final = -6.0
TAX_OF_ANOTHER: Final = -26.0  # a public register gives it to another institution with a like name

CITY_EQUAL: Final = 14.0  # the institution's own city
METRO_EQUAL: Final = 8.0  # another city of its metropolitan area
PROGRAM_CITY: Final = 7.0  # a city in which the institution has programs, in another metropolitan area than its own
STATE_EQUAL: Final = 2.0  # somewhere in its state
STATE_UNKNOWN: Final = -12.0  # nothing where the very spelling is linked under the same tax id
STATE_OTHER: Final = -24.0  # an equal name with an equal tax id stays a link, one without does not

# The city of another campus under the same EIN: a curated name with the tax id falls below review, but for the institution's area and the
# cities of its programs.
OTHER_CAMPUS: Final = -49.0
NEED_UNMET: Final = -40.0  # the place or tax id without which the name says too little is missing
DISTINGUISHED: Final = -20.0  # a word names another body: a place, a direction, children's, veterans, any rare word
RIVAL: Final = -30.0  # the printed name is another school's in IPEDS
# All that the names have in common is borne by unrelated employers near, too: a place or a quarter beside other words of kind. With the
# city (58 + 14) a name falls just below acceptance, and those under review stay there. Nothing where the tax id is known.
SHARED_NEARBY: Final = -8.0
# So many employers of other industries near bear it. With three 16 accepted links go, eight of them wrong and eight doubtful; with two,
# right ones go from review.
BEARERS: Final = 3
# Science, education and health care: who files there may be a body of the sponsor's, universities' research institutes among them.
OWN_INDUSTRIES: Final = ("54", "61", "62")

# Without curated rows 60 makes precision 0.967 and four links of others `same`, 70 makes recall 0.804; 65 has 0.977, 0.908 and two.
ACCEPT: Final = 65.0  # an equal name in the state without any tax id stays below with a need unmet, above with the city
REVIEW: Final = 50.0  # from here on a person decides
KEEP: Final = 38.0  # a near miss, kept to explain
MARGIN: Final = 6.0  # by so many points one institution leads another for the same petitioner site

# Names (`names/`). A word weighs log((names + PRIOR) / names with it): so many names are added, lest a word be rare in few of them.
PRIOR: Final = 1000
KIND_WORD_SHARE: Final = 0.3  # a kind word weighs this part of what its rarity alone would give it
MISSPELT: Final = 5  # words of so many letters may differ by one and still be the same, ...
MISSPELT_TWICE: Final = 8  # ... of so many by two
# So many letters in front of an institution's whole name say nothing else: HH MedStar Health.
LEADING_INITIALS: Final = 2

# Blocking: a word is rare if it weighs this part of what a word borne by one name only would.
RARE_SHARE: Final = 0.39
# A word that more names of institutions in one state have than this is passed over.
MOST_PAIRS: Final = 80
# Shares of the words' weight that two names must have in common: of both, or of one alone.
SHARED_BY_BOTH: Final = 0.55
SHARED_BY_ONE: Final = 0.92

ID_SHARE: Final = 0.02  # a tax id is the institution's own if it is on this share of its approvals ...
ID_APPROVALS: Final = 5  # ... and on so many of them: fewer may be misprints
# A tax id with fewer approvals in the institution's state than this part of those in another is a misprint here: 5 of 1,142.
MISPRINTED: Final = 0.05
SCHOOL_APPROVALS: Final = 20  # a school of medicine signs for itself from so many approvals on
# A health system with fewer is not taken for its hospital's employer: 8 of 12 such were affiliates.
SYSTEM_APPROVALS: Final = 10
SPREAD_SHARE: Final = 0.3  # of a petitioner's approvals must be linked by name before its other spellings follow

# Grouping (`clustering.py`): the spellings of one petitioner, under one tax id and state. Chance is measured by exchanging tax ids.
TELLING_LETTERS: Final = 3  # a shorter word tells nothing of who it is
# A word describes if it stands behind so many different first words in the names of a state: it tells with the word beside it or the
# first word only.
DESCRIBES: Final = 20
# From so many on it tells within one city only: 20 of 139 pairs with one such word and no city in common are chance, 9 of 1,193 with one.
DESCRIBES_AFAR: Final = 3
MISPRINT: Final = 92.0  # forms so alike, of 100, are one name with a letter or two changed
INITIALS: Final = 3  # initials of fewer letters mean too much, ...
INITIALS_BEHIND: Final = 2  # ... but for so many behind words that both names begin with
MOST_INITIALS: Final = 6  # more letters are a word
# Spellings that name one record of a register are joined if this share of the petitions of each is from one city: it may be a system.
IN_ONE_CITY: Final = 0.8
# Under a tax id of so many public bodies that nothing joins, a state's or a system's, a place joins none. Two may be one under two names.
SEVERAL_BODIES: Final = 3
ABBREVIATED: Final = 2  # of a public body's name words may be others in short from so many letters on: UN, University
STRAY_TIMES: Final = 5  # a name is at home under another tax id that has so many times its petitions, ...
STRAY_PETITIONS: Final = 5  # ... and strayed here on so many of them at most, ...
STRAY_SHARE: Final = 0.02  # ... or on this share of its petitioner's: of 60 such names five were another company
SUCCESSION_YEARS: Final = 1  # a renamed petitioner begins in the year in which its old name ends, or so many later
# Where more petitioners have the city and industry, succession is chance too often: 7 of 455 pairs up to here, 10 of 222 up to 50.
SUCCESSION_BEARERS: Final = 20
SUCCESSION_PETITIONS: Final = 2  # fewer follow only a name with a word in common: one may bear a tax id by a slip
CUT_HEAP: Final = 1.25  # a year's file cuts names off at 34 characters if so many times more have 34 than 33

# Sponsors of several lists (`sponsor_evidence.py`): one was renamed if this share of its programs that return is under one new name ...
RENAMED_SHARE: Final = 0.75
RENAMED_PROGRAMS: Final = 2  # ... and these many are, or half of all it had

# Anchors (`anchors.py`): a unit of IPEDS is the institution's from this fit of name, place and degree on ...
UNIT_FIT: Final = 4.0
UNIT_LEAD: Final = 0.5  # ... and with this lead over the next
UNIT_NAMED: Final = 5.0  # the institution bears the unit's very name, or the name with the unit's city
UNIT_EQUAL: Final = 3.0  # the university named in it is the unit, or the unit with nothing but a place behind it
UNIT_SAME_UNIVERSITY: Final = 2.5  # the unit's name goes on in words that name no other campus
UNIT_LONGER: Final = 1.0  # it goes on in other words
UNIT_SHORTER: Final = 2.5  # the unit's name of three words or more begins the university's
UNIT_MUCH_SHORTER: Final = 2.0  # so does one of two words
UNIT_MEDICAL: Final = 1.0  # the unit grants medical degrees
UNIT_HOSPITAL: Final = 0.5  # it has a hospital
UNIT_CITY: Final = 2.0  # it is in the institution's city
UNIT_METRO: Final = 1.5  # in its metropolitan area

# Petitioners and records of registers (`links/registers.py`).
REGISTER_RARE: Final = 5.0  # two names are compared by likeness if a word that they share weighs so much ...
REGISTER_PAIRS: Final = 60  # ... and no more names than these have it in the state
REGISTER_SHARED: Final = 0.6  # and if so much of the weight of each is in the other
# Of 100 points, an equal tax id and state given: what of the one name the other has, by weight, the larger share and the smaller.
REGISTER_CONTAINED: Final = (70.0, 30.0)
REGISTER_LIKE: Final = (0.5, 50.0)  # without a tax id: likeness of the sorted words, of 100, and the smaller share
REGISTER_TAX_ID: Final = 0.35  # with an equal tax id and state this share must agree: four digits meet by chance
REGISTER_SIMILAR: Final = 90.0  # a similar name is a hint, never more, from this score on
REGISTER_LEAD: Final = 3.0  # the best similar record leads the next by so much

# Employers of applications (`links/employers.py`): a name that other bodies of the state bear, too, counts for itself if it has this
# share of the approvals of the name.
EMPLOYER_SHARE: Final = 0.8

# Pages (`links/page_institutions.py`). How well a name fits: the institution's own, another of its names, its university, a longer or
# shorter form; and the place: its city, the city of one of its programs, its metropolitan area, no city. The name decides before the place.
OWN_NAME, OTHER_NAME, UNIVERSITY, KIN = 4, 3, 2, 1
OWN_CITY, CITY_OF_PROGRAM, SAME_METRO, NO_CITY = 3, 2, 1, 0

# Programs of the Match (`links/match_programs.py`): shares of the weight of NRMP's name that the listed names hold.
MATCH_SURE: Final = 0.9  # a name that fits by itself
MATCH_ALIKE: Final = 0.75  # a name that leaves a program in doubt wherever it is in the state
MATCH_IN_CITY: Final = 0.4  # in the very city a name fits that shares so much: NRMP abbreviates
MATCH_ALIAS: Final = 0.85  # an institution's other names are partly those of bodies tied to it: its own ones come first
MATCH_CITY: Final = 0.25  # what the city adds where two programs fit ...
MATCH_METRO: Final = 0.1  # ... and what the metropolitan area does

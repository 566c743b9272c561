"""What the rules read: the closed set of signals that sources raise, on one petitioner or on all at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import numpy as np
import pandas as pd

Mask = np.ndarray

# Every signal a source may raise, and whether it speaks for an exemption (+1), against one (-1) or neither (0).
SIGNALS: Final[Mapping[str, int]] = {
    "school_public": 1,  # IPEDS CONTROL 1, degree-granting
    "school_nonprofit": 1,  # IPEDS CONTROL 2, degree-granting
    "school_for_profit": -1,  # IPEDS CONTROL 3, or a listed for-profit school
    "school_name_public": 1,  # legal name of a public school in schools.csv
    "school_name_nonprofit": 1,
    "school_lab": 1,  # federally funded lab that is a part of a school
    "for_profit_owner": -1,  # CMS proprietary or physician ownership
    "for_profit_system": -1,  # AHRQ investor-owned system, or hospital of one in 2018
    "for_profit_listed": -1,  # for_profit.csv
    "for_profit_mixed": -1,  # listed group that has a foundation with hospitals of its own
    "lab_nonprofit": 1,
    "lab_nonprofit_unread": 1,
    "lab_mixed": 0,
    "government_research": 1,
    "research_institute": 1,  # institutes.csv
    "research_code": 1,  # NTEE H, U, V or IRS medical research organization
    "federal_awards": 1,  # federal science and engineering obligations to a nonprofit
    "federal_awards_large": 1,  # at least LARGE_AWARDS in one year
    "control": 1,  # prongs i-iii, affiliates.csv
    "principal_affiliate": 1,  # prong iv, affiliates.csv
    "school_relative": 1,  # ROR: a school as parent or relative
    "school_of_sponsor": 1,  # IPEDS school with a medical degree named with the sponsor that the petitioner is
    "major_teaching": 1,  # AHRQ teaching intensity 2
    "minor_teaching": 1,
    "medical_school_affiliation": 1,  # CMS Provider of Services: major
    "limited_school_affiliation": 1,  # CMS Provider of Services: limited, or for graduate training
    "resident_programs": 1,  # CMS Provider of Services: switches on residency programs
    "attested_higher_education": 1,  # DOL PWD: the employer calls itself an institution of higher education
    "attested_affiliate": 1,  # DOL PWD: … a nonprofit affiliated with one
    "attested_research": 1,  # DOL PWD: … a nonprofit or governmental research organization
    "attested_acwia": 1,  # DOL PWD: covered by ACWIA, without saying as what
    "attested_not_covered": -1,  # DOL PWD: not covered; weak, for independent teaching hospitals say so too
    "trains_physicians": 1,  # accepted link `same` to an ACGME sponsor
    "training_affiliate": 1,  # accepted link `affiliate` to one
    "trainee_starts": 1,  # physician trainees who start in June or July
    "nonprofit_irs": 1,  # 501(c)(3), (4) or (6)
    "nonprofit_owner": 1,  # CMS voluntary non-profit
    "nonprofit_listed": 1,  # NCSES list of nonprofits, ROR type nonprofit, or says so in its name
    "government_owner": 0,  # CMS government ownership, or a public hospital by name
    "federal_care": 0,
    "government_name": 0,  # city, county or state by name
    "community_health_center": 0,
    "k12": -1,
    "company_form": -1,  # LLC, PC and the like in the name
    "ror_company": -1,
    "association_name": 0,  # foundation, society, council and the like
    "care_name": 0,
    "practice_name": 0,
    "hospital_name": 0,
    "school_word": 0,
    "research_word": 0,
    "naics_61": 0,
    "naics_62": 0,
    "naics_54": 0,
    "naics_81": 0,
    "naics_92": 0,
    "naics_unknown": 0,
    "naics_other": -1,
}


def numbers(column: pd.Series, values: Mapping[str, int]) -> np.ndarray:
    """Return the number of each entry of a column with few distinct ones: many times as quick as `Series.map`."""
    codes, distinct = pd.factorize(column)
    return np.array([values[str(entry)] for entry in distinct], dtype="int64")[codes]


class Facts:
    """Which signals hold, as boolean arrays of one length: one record, or all petitioners."""

    def __init__(self, flags: Mapping[str, np.ndarray], size: int) -> None:
        """Take one array of `size` for each signal that holds anywhere. Raises KeyError where a signal is unknown."""
        unknown = set(flags) - set(SIGNALS)
        if unknown:
            raise KeyError(f"unknown signals {sorted(unknown)}")
        self._flags = flags
        self._none = np.zeros(size, dtype=bool)

    @classmethod
    def of(cls, signals: Collection[str]) -> Facts:
        """Return one record on which these signals hold. Raises KeyError where one is unknown."""
        return cls({signal: np.ones(1, dtype=bool) for signal in signals}, 1)

    def has(self, *signals: str) -> Mask:
        """Return where any of the signals holds. Raises KeyError where one is unknown."""
        any_of = self._none.copy()
        for signal in signals:
            if signal not in SIGNALS:
                raise KeyError(f"unknown signal {signal}")
            any_of |= self._flags.get(signal, self._none)
        return any_of

    def count(self, *signals: str) -> np.ndarray:
        """Return how many of the signals hold. Raises KeyError where one is unknown."""
        total = np.zeros(len(self._none), dtype=int)
        for signal in signals:
            total += self.has(signal)
        return total

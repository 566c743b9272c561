"""Names of petitioners as a person writes them."""

from __future__ import annotations

import pytest

from pipeline.applicants.written_names import as_written


@pytest.mark.parametrize(
    ("printed", "like", "written"),
    [
        ("BETH ISRAEL DEACONESS MEDICAL CENTER INC", "", "Beth Israel Deaconess Medical Center Inc"),
        ("BRIGHAM AND WOMEN S HOSPITAL", "", "Brigham and Women's Hospital"),
        ("THE UNIV OF TEXAS MED BRANCH", "", "The University of Texas Medical Branch"),
        ("MCLEOD REGIONAL MEDICAL CENTER", "", "McLeod Regional Medical Center"),
        ("UPMC MEDICAL EDUCATION", "", "UPMC Medical Education"),
        ("NYU LANGONE HOSPITALS", "", "NYU Langone Hospitals"),
        ("RCHP FLORENCE LLC DBA NORTH ALABAMA MEDICAL CTR", "", "RCHP Florence LLC dba North Alabama Medical Center"),
        ("GENERAL HEALTH SYSTEM D B A BATON ROUGE GENERAL", "", "General Health System d/b/a Baton Rouge General"),
        ("UNIV OF NM", "", "University of NM"),
        ("HOUSTON CO HEALTHCARE AUTHORITY", "", "Houston Co Healthcare Authority"),
        ("COREWELL HEALTH", "CoreWell Health East", "CoreWell Health"),
        ("ST LUKE'S HOSPITAL", "", "St Luke's Hospital"),
        ("O'CONNOR HOSPITAL", "", "O'Connor Hospital"),
        ("Mass General Brigham", "", "Mass General Brigham"),
        ("", "", ""),
    ],
)
def test_as_written(printed: str, like: str, written: str) -> None:
    assert as_written(printed, like) == written

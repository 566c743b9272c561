"""The workbook of a release in LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pandas as pd

from pipeline.release.reader import Release
from tests.conftest import needed


def test_libreoffice_opens_the_list_of_a_release(sample_release: Path, tmp_path: Path) -> None:
    needed("LibreOffice (soffice)", there=shutil.which("soffice") is not None)
    command = [
        "soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76,1", "--outdir", str(tmp_path), str(sample_release / "functional_h1b_sponsors.xlsx"),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    read = pd.read_csv(tmp_path / "functional_h1b_sponsors.csv", dtype="str", keep_default_na=False)
    listed = Release.open(sample_release).sponsors(["program_code", "visa_category"])
    assert sorted(read["program_code"]) == sorted(listed["program_code"])
    shown = dict(zip(read["program_code"], read["visa_category"], strict=True))
    assert shown == dict(zip(listed["program_code"], listed["visa_category"], strict=True))

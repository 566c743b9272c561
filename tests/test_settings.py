"""Where data lie: as the environment says, in the checkout, or in the user's own folder; never among installed packages."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import settings
from pipeline.settings import DATA_DIR_VARIABLE, PROJECT, data_folder


def test_the_variable_comes_first_then_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA_DIR_VARIABLE, str(tmp_path / "elsewhere"))
    assert data_folder().raw == tmp_path / "elsewhere" / "raw"
    monkeypatch.delenv(DATA_DIR_VARIABLE)
    assert data_folder().root == PROJECT / "data"


@pytest.mark.parametrize(
    ("variable", "expected"), [("", "home/.local/share"), ("relative", "home/.local/share"), ("{}/xdg", "xdg")]
)
def test_an_installed_package_keeps_data_in_the_users_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, expected: str
) -> None:
    monkeypatch.setattr(settings, "PROJECT", tmp_path / "site-packages")
    monkeypatch.delenv(DATA_DIR_VARIABLE, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_DATA_HOME", variable.format(tmp_path))
    assert data_folder().root == tmp_path / expected / "h1b-sponsors"

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


@pytest.mark.parametrize(
    ("named", "url", "model"),
    [
        ("http://localhost:11434/v1/qwen3:8b", "http://localhost:11434/v1", "qwen3:8b"),
        ("https://x.org/api/v1/org/model-2", "https://x.org/api/v1", "org/model-2"),
        ("https://x.org/v1beta/openai/model", "https://x.org/v1beta/openai", "model"),
        ("http://[::1]:8080/model", "http://[::1]:8080", "model"),
        ("http://127.0.0.1:8080/served/model", "http://127.0.0.1:8080/served", "model"),
    ],
)
def test_a_third_reader_is_an_address_and_a_model(
    monkeypatch: pytest.MonkeyPatch, named: str, url: str, model: str
) -> None:
    monkeypatch.delenv("H1B_READER_KEY", raising=False)
    monkeypatch.setenv("H1B_READER", named)
    reader = settings.reader_settings()
    assert reader is not None and (reader.url, reader.model, reader.key) == (url, model, "")
    monkeypatch.setenv("H1B_READER", " ")
    assert settings.reader_settings() is None


@pytest.mark.parametrize(
    ("named", "key"),
    [
        ("localhost:11434/v1/m", ""), ("http://localhost", ""), ("http://localhost/v1/", ""), ("file:///etc/v1/m", ""),
        ("https://user:sk-secret@x.org/v1/m", ""), ("https://x.org/v1?key=sk-secret/m", ""), ("https://x.org/v1/m", "sk secret"),
        ("https://x.org/v1/m", "sk-\nsecret"), ("http://x.org/v1/m", "sk-secret"), ("http://8.8.8.8/v1/m", "sk-secret"),
        ("http://x.org:port/v1/m", ""), ("http:///v1/m", ""), ("https://x y.org/v1/m", ""), ("https://x.org/v1/m\nn", ""),
    ],
)  # fmt: skip
def test_a_third_reader_that_can_not_be_used_is_refused_and_no_secret_is_told(
    monkeypatch: pytest.MonkeyPatch, named: str, key: str
) -> None:
    monkeypatch.setenv("H1B_READER_KEY", key)
    with pytest.raises(settings.SettingsError, match="H1B_READER") as caught:
        settings.reader_named(named)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "192.168.1.7", "[::1]"])
def test_a_key_may_go_unencrypted_to_a_machine_nearby(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("H1B_READER_KEY", "sk-secret")
    assert settings.reader_named(f"http://{host}:1/v1/m").key == "sk-secret"


@pytest.mark.parametrize(
    ("name", "value"),
    [("PRICES", "cheap"), ("PRICES", "1"), ("PRICES", "-1/2"), ("TOKENS", "0"), ("DOLLARS", "inf"), ("SECONDS", "x"), ("MINUTES", "0")],
)  # fmt: skip
def test_bounds_of_a_third_reader_are_numbers(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"H1B_READER_{name}", value)
    with pytest.raises(settings.SettingsError, match=f"H1B_READER_{name}"):
        settings.reader_named("http://localhost/v1/m")

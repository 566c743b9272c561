"""How pages are fetched, as the environment sets it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.settings import (
    CONTACT_VARIABLE,
    DELAY_VARIABLE,
    PAGES_VARIABLE,
    FetchSettings,
    SettingsError,
    fetch_settings,
)


def of_environment(monkeypatch: pytest.MonkeyPatch, **values: str) -> Callable[[], FetchSettings]:
    for name in (CONTACT_VARIABLE, DELAY_VARIABLE, PAGES_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return fetch_settings


def test_the_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = of_environment(
        monkeypatch, H1B_FETCH_CONTACT="https://x.org/about", H1B_FETCH_DELAY="9", H1B_FETCH_PAGES="7"
    )()
    assert (settings.contact, settings.delay, settings.pages_per_site) == ("https://x.org/about", 9.0, 7)
    assert not settings.private_addresses


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "Set H1B_FETCH_CONTACT"),
        ({"H1B_FETCH_CONTACT": "me"}, "no web address"),
        ({"H1B_FETCH_CONTACT": "https://x.org/\r\nX: y"}, "no web address"),
        ({"H1B_FETCH_CONTACT": "https://x.org", "H1B_FETCH_DELAY": "4.9"}, "a number from 5 to"),
        ({"H1B_FETCH_CONTACT": "https://x.org", "H1B_FETCH_DELAY": "nan"}, "a number from 5 to"),
        ({"H1B_FETCH_CONTACT": "https://x.org", "H1B_FETCH_PAGES": "many"}, "a number from 1 to"),
    ],
)
def test_settings_that_are_refused(monkeypatch: pytest.MonkeyPatch, values: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        of_environment(monkeypatch, **values)()

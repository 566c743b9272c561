"""`explore` opens the explorer of the latest release, as a file or served to this machine alone."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.commands import explore
from pipeline.settings import DATA_DIR_VARIABLE


def run(data: Path, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["explore", *words], env={DATA_DIR_VARIABLE: str(data)})
    return result.exit_code, result.output


def test_the_file_is_opened(sample_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(explore.webbrowser, "open", asked.append)
    code, said = run(sample_data, "--file")
    expected = (sample_data / "curated/latest").resolve() / "explorer/index.html"
    assert code == 0 and asked == [expected.as_uri()] and asked[0] in said.replace("\n", "")
    assert run(sample_data, "--file", "--no-browser")[0] == 0 and len(asked) == 1


def test_a_release_without_one_is_told(tmp_path: Path) -> None:
    assert "there is no release" in run(tmp_path, "--file")[1]
    release = tmp_path / "curated" / "latest"
    release.mkdir(parents=True)
    (release / "manifest.json").write_text(
        '{"release_id": "x", "as_of": "2026-01-01", "code_version": "", "schema_version": "1.0.0", "files": [], "snapshots": []}'
    )
    code, said = run(tmp_path, "--file")
    assert code == 1 and "has no explorer" in said


def test_the_address_stays_the_same_unless_it_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with explore.server(tmp_path, 0) as other:
        monkeypatch.setattr(explore, "USUAL_PORT", other.server_port)
        with explore.usual_server(tmp_path) as serving:
            assert serving.server_port != other.server_port and "is taken" in capsys.readouterr().out
    with explore.usual_server(tmp_path) as serving:
        assert serving.server_port == other.server_port


def test_only_the_folder_is_served_and_only_to_this_machine(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "index.html").write_text("here")
    (tmp_path / "out.txt").write_text("not here")
    with explore.server(tmp_path / "in", 0) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{serving.server_port}"
        assert serving.server_address[0] == "127.0.0.1"
        assert urllib.request.urlopen(f"{base}/index.html").read() == b"here"
        for outside in ("/../out.txt", "/%2e%2e/out.txt", "/..%2fout.txt"):
            with pytest.raises(urllib.error.HTTPError):
                urllib.request.urlopen(base + outside)
        serving.shutdown()

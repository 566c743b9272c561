"""A release on a web server: read as in a folder, each file by its hash, and nothing but what the caller named is asked for."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from h1b_sponsors import Release, ReleaseError

UPMC = "1304121045"
EARLIER = "2026-10-20_00000000"


@pytest.fixture
def curated(sample_data: Path, tmp_path: Path) -> Path:
    """A curated folder with one release, for the test to change."""
    copy = tmp_path / "curated"
    shutil.copytree(sample_data / "curated", copy, symlinks=True, ignore=shutil.ignore_patterns(".work", "programs"))
    return copy


@pytest.fixture
def address(curated: Path, httpserver: HTTPServer) -> str:
    """The address of that folder on a server of files."""

    def serve(request: Request) -> Response:
        path = curated / request.path.removeprefix("/data/curated/")
        return Response(path.read_bytes()) if path.is_file() else Response("", 404)

    httpserver.expect_request(re.compile("/data/curated/.*")).respond_with_handler(serve)
    return httpserver.url_for("/data/curated")


def asked(server: HTTPServer) -> list[str]:
    return [request.path.removeprefix("/data/curated/") for request, _ in server.log]


def test_it_is_read_as_in_a_folder(address: str, sample_release: Path, httpserver: HTTPServer) -> None:
    here, there = Release.open(sample_release), Release.open(f"{address}/")
    assert there.id == here.id and asked(httpserver) == ["latest/manifest.json"]
    pd.testing.assert_frame_equal(there.sponsors(), here.sponsors())
    there.table("functional_h1b_sponsors", ["state"])
    assert asked(httpserver)[1:] == [f"releases/{here.id}/functional_h1b_sponsors.parquet"]
    assert there.explain(UPMC) == here.explain(UPMC)
    assert there.damage() == [] and there.diff(here).empty
    with there.database() as connection:
        assert connection.sql("SELECT count(*) FROM sponsors").fetchall() == [(len(here.sponsors()),)]
    for code, told in (("0000000000", "has no program"), ("../x", "is no program code")):
        with pytest.raises(ReleaseError, match=told):
            there.explain(code)
    with pytest.raises(ReleaseError, match="has no table nothing"):
        there.path("nothing")


def test_latest_is_resolved_once_and_files_go_with_the_object(address: str, curated: Path) -> None:
    release = Release.open(address, "latest")
    (curated / "latest").unlink()
    assert len(release.sponsors()) and Release.open(address, release.id).id == release.id
    folder = release.folder
    del release
    assert not folder.exists()


def test_a_file_that_is_not_as_the_manifest_says_is_never_read(address: str, curated: Path) -> None:
    release = Release.open(address)
    path = (curated / "latest").resolve() / "petitions.parquet"
    content = path.read_bytes()
    for changed in (content[:-1], content + b"x", bytes([content[0] ^ 1]) + content[1:]):
        path.write_bytes(changed)
        with pytest.raises(ReleaseError, match=r"petitions\.parquet (is not as the manifest says|can't be fetched)"):
            release.table("petitions")
        assert list(release.folder.iterdir()) == [release.folder / "manifest.json"]
    assert any("petitions.parquet" in line for line in release.damage(tables_only=True))


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ("name", "../../outside.parquet"), ("name", "/etc/passwd"), ("name", "x\\y.parquet"), ("name", "http://else/x.parquet"),
        ("bytes", 1 << 40), ("bytes", -1), ("bytes", "12"), ("bytes", None),
    ],
)  # fmt: skip
def test_a_hostile_manifest_is_refused(address: str, curated: Path, entry: str, value: object) -> None:
    path = curated / "latest" / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["files"][0][entry] = value
    path.write_text(json.dumps(manifest))
    with pytest.raises(ReleaseError, match="which is not fetched"):
        Release.open(address)


def test_the_manifest_names_the_release_that_was_asked_for(address: str, curated: Path) -> None:
    shutil.copytree((curated / "latest").resolve(), curated / "releases" / EARLIER)
    with pytest.raises(ReleaseError, match="is release 2026-11-20"):
        Release.open(address, EARLIER)
    with pytest.raises(ReleaseError, match="answered 404"):
        Release.open(address, "2026-01-01_00000000")
    path = curated / "latest" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"release_id": "../../.."}))
    with pytest.raises(ReleaseError, match="is no manifest of a release"):
        Release.open(address)
    path.write_text("<html>Welcome</html>")
    with pytest.raises(ReleaseError, match="is no manifest of a release"):
        Release.open(address)


def test_no_redirect_is_followed(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/old/latest/manifest.json").respond_with_data("", 302, {"Location": "/new"})
    with pytest.raises(ReleaseError, match=r"answered 302.*no redirect is followed"):
        Release.open(httpserver.url_for("/old"))
    assert len(httpserver.log) == 1


def test_a_manifest_has_its_bounds(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.fetch.releases.MOST_OF_MANIFEST", 100)
    httpserver.expect_request("/x/latest/manifest.json").respond_with_data(b" " * 101)
    with pytest.raises(ReleaseError, match="can't be fetched"):
        Release.open(httpserver.url_for("/x"))


@pytest.mark.parametrize(
    "where",
    [
        "ftp://host/curated", "s3://key:word@bucket/curated", "sftp://bucket/curated", "https://", "https://user:word@host/curated", "https://host/curated?x=1",
        "file://host/curated", "http://[::1/curated", "http://host:99999/curated", "javascript://x", "http://127.0.0.1:1/curated",
    ],
)  # fmt: skip
def test_what_is_no_address_of_releases_is_a_line(where: str) -> None:
    with pytest.raises(ReleaseError, match=r"is no address of releases|can't be fetched") as told:
        Release.open(where)
    assert "\n" not in str(told.value)


def test_a_folder_may_be_named_as_an_address(sample_data: Path) -> None:
    assert Release.open((sample_data / "curated").as_uri()).id == Release.open(sample_data).id

"""A release in an object store: whole before it is pointed to, whatever fails on the way. The store is moto's, on this machine."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

import h1b_sponsors
from pipeline.release.inputs import ReleaseInputs
from pipeline.release.mirror import mirror
from pipeline.release.publish import publish
from pipeline.release.reader import MANIFEST, Release, ReleaseError
from pipeline.release.remote import POINTER, Store, StoreError, open_store
from pipeline.schemas.frames import to_arrow
from tests.conftest import STORE_SECRET

# What the client had still to send when one sending failed.
pytestmark = pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")


def made(curated: Path, day: int, code: str = "0+x", tables: dict[str, pa.Table] | None = None) -> Release:
    """A release of a day of November 2026, without tables or with those given."""
    return Release.open(publish(curated, ReleaseInputs(dt.date(2026, 11, day), code, ()), tables or {}, {}).folder)


def quarantined() -> dict[str, pa.Table]:
    rows = pd.DataFrame(
        {"source": ["uscis"], "snapshot_id": ["uscis/x"], "row": [2], "reason": ["bad"], "content": ["1,2"]}
    )
    return {"quarantine": to_arrow(rows, "quarantine")}


def damage_there(store: Store) -> list[str]:
    """What a reader of the store finds wrong: the manifest against the pointer, each file against the manifest."""
    pointer = store.pointer()
    assert pointer
    folder = f"releases/{pointer.release_id}"
    manifest = store.read(f"{folder}/{MANIFEST}", 1 << 20)
    wrong = [] if hashlib.sha256(manifest).hexdigest() == pointer.manifest_sha256 else [MANIFEST]
    there = store.listed(folder)
    for file in [one for key in ("files", "documents") for one in json.loads(manifest)[key]]:
        if file["name"].endswith("/"):
            below = sorted(name for name in there if name.startswith(file["name"]))
            digests = ((name, hashlib.sha256(store.read(f"{folder}/{name}", 1 << 24)).hexdigest()) for name in below)
            digest = hashlib.sha256("".join(f"{digest}  {name}\n" for name, digest in digests).encode()).hexdigest()
        else:
            digest = hashlib.sha256(store.read(f"{folder}/{file['name']}", 1 << 28)).hexdigest()
        wrong += [] if digest == file["sha256"] else [file["name"]]
    return wrong


def test_a_release_is_sent_whole_and_pointed_to_and_sent_once(bucket: str, tmp_path: Path) -> None:
    store = open_store(bucket)
    assert store.pointer() is None
    first = made(tmp_path, 1)
    files = sum(path.is_file() for path in first.folder.rglob("*"))
    assert mirror(first, store).sent == files
    assert (pointer := store.pointer()) and pointer.release_id == first.id and damage_there(store) == []
    assert mirror(first, store).sent == 0
    second = made(tmp_path, 2)
    assert mirror(second, store).latest == second.id and damage_there(store) == []
    assert json.loads(store.read(POINTER, 1 << 10))["as_of"] == "2026-11-02"


def failing_after(count: int, then: Callable[[], None]) -> Callable[..., Any]:
    """The client's way to send a file, at which `then` happens once after so many files."""
    import s3fs

    sends = s3fs.S3FileSystem._put_file
    sent = [0]

    async def send(self: Any, *given: Any, **named: Any) -> Any:
        sent[0] += 1
        if sent[0] == count:
            then()
        return await sends(self, *given, **named)

    return send


def refused() -> None:
    raise OSError("the connection was reset")


@pytest.mark.parametrize("count", [1, 60, 80])
def test_a_failure_in_the_middle_leaves_the_old_release_and_the_next_run_goes_on(
    bucket: str, tmp_path: Path, small_tables: dict[str, pa.Table], monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    import s3fs

    store, old, new = open_store(bucket), made(tmp_path, 1), made(tmp_path, 2, tables=small_tables)
    mirror(old, store)
    with monkeypatch.context() as patched:
        patched.setattr(s3fs.S3FileSystem, "_put_file", failing_after(count, refused))
        with pytest.raises(StoreError, match=f"{bucket} can't be used .*the connection was reset"):
            mirror(new, store)
    assert (pointer := store.pointer()) and pointer.release_id == old.id and damage_there(store) == []
    there = len(store.listed(f"releases/{new.id}"))
    files = sum(path.is_file() for path in new.folder.rglob("*"))
    again = mirror(new, store)
    assert again.latest == new.id and again.sent == files - there and (there > 0 or count == 1)
    assert damage_there(store) == []


def test_a_server_that_goes_away_in_the_middle(
    bucket: str, s3_server: Any, tmp_path: Path, small_tables: dict[str, pa.Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    import s3fs

    store, old, new = open_store(bucket), made(tmp_path, 1), made(tmp_path, 2, tables=small_tables)
    mirror(old, store)
    host, port = s3_server.get_host_and_port()
    monkeypatch.setattr(s3fs.S3FileSystem, "retries", 1)
    with monkeypatch.context() as patched:
        patched.setattr(s3fs.S3FileSystem, "_put_file", failing_after(50, s3_server.stop))
        with pytest.raises(StoreError, match="Check the address, the network") as told:
            mirror(new, store)
    assert "\n" not in str(told.value) and STORE_SECRET not in str(told.value)
    s3_server.__init__(ip_address=host, port=port)  # what it held is still there
    s3_server.start()
    store = open_store(bucket)
    assert (pointer := store.pointer()) and pointer.release_id == old.id and damage_there(store) == []
    assert mirror(new, store).latest == new.id and damage_there(store) == []


def overtaken(monkeypatch: pytest.MonkeyPatch, store: Store, other: Release) -> None:
    """Let another publisher move the pointer once, after this one has looked at it."""
    points = Store.point

    def point(self: Store, *given: Any) -> bool:
        monkeypatch.setattr(Store, "point", points)
        mirror(other, store)
        tag = Store._pointer
        monkeypatch.setattr(Store, "_pointer", lambda _: (given[1], '"0"'))  # as this one saw it
        try:
            return points(self, *given)
        finally:
            monkeypatch.setattr(Store, "_pointer", tag)

    monkeypatch.setattr(Store, "point", point)


@pytest.mark.parametrize("empty", [True, False])
def test_of_two_publishers_the_later_loses_unless_its_day_is_later(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty: bool
) -> None:
    store = open_store(bucket)
    if not empty:
        mirror(made(tmp_path, 1), store)
    mine, theirs, newer = made(tmp_path, 5), made(tmp_path, 5, "0+y"), made(tmp_path, 6)
    overtaken(monkeypatch, store, theirs)
    with pytest.raises(StoreError, match=f"has just pointed {bucket} to {theirs.id}: it stays there") as told:
        mirror(mine, store)
    assert "\n" not in str(told.value)
    assert (pointer := store.pointer()) and pointer.release_id == theirs.id and damage_there(store) == []
    overtaken(monkeypatch, store, mine)
    assert mirror(newer, store).latest == newer.id
    assert (pointer := store.pointer()) and pointer.release_id == newer.id and damage_there(store) == []


def test_the_pointer_never_moves_back_unless_somebody_says_so(bucket: str, tmp_path: Path) -> None:
    store, older, newer = open_store(bucket), made(tmp_path, 1), made(tmp_path, 2)
    mirror(newer, store)
    assert mirror(older, store).latest == newer.id and (pointer := store.pointer()) and pointer.release_id == newer.id
    assert mirror(older, store, back=True).latest == older.id and damage_there(store) == []


def test_one_release_made_in_two_places_is_that_of_the_first(bucket: str, tmp_path: Path) -> None:
    """The bytes of the DuckDB file differ from one making to the next; other differences are an error."""
    store, first, second = open_store(bucket), made(tmp_path / "a", 1), made(tmp_path / "b", 1)
    assert first.id == second.id and mirror(first, store).sent > mirror(second, store).sent == 0
    assert damage_there(store) == []
    with pytest.raises(StoreError, match="has other content"):
        mirror(Release(second.folder, {**second.manifest, "figures": {"programs": 7}}), store)
    assert damage_there(store) == []


def test_two_that_send_the_same_release_do_not_mix_it(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, mine, theirs = open_store(bucket), made(tmp_path / "a", 1), made(tmp_path / "b", 1)
    sends = Store.send

    def send(self: Store, paths: Any) -> None:
        monkeypatch.setattr(Store, "send", sends)
        mirror(theirs, store)
        sends(self, paths)

    monkeypatch.setattr(Store, "send", send)
    with pytest.raises(StoreError, match=r"another publisher sends release .* Run the same again later"):
        mirror(mine, store)
    assert mirror(mine, store).sent == 0 and damage_there(store) == []


def test_a_reader_of_the_store_stays_with_the_release_that_it_found(bucket: str, tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="there is no release at"):
        h1b_sponsors.Release.open(bucket)
    store, first = open_store(bucket), made(tmp_path, 1, tables=quarantined())
    mirror(first, store)
    read = h1b_sponsors.Release.open(bucket, "latest")
    mirror(made(tmp_path, 2), store)
    assert read.id == first.id and read.table("quarantine")["row"].tolist() == [2]
    with read.connect() as connection:
        assert connection.execute("SELECT count(*) FROM quarantine").fetchall() == [(1,)]
    assert h1b_sponsors.Release.open(bucket, first.id).damage(tables_only=True) == []
    assert h1b_sponsors.Release.open(bucket).id != first.id
    with pytest.raises(ReleaseError):
        h1b_sponsors.Release.open(bucket, "2026-01-01_00000000")


def test_what_was_changed_in_the_store_is_never_read(bucket: str, tmp_path: Path) -> None:
    store, release = open_store(bucket), made(tmp_path, 1, tables=quarantined())
    mirror(release, store)
    read = h1b_sponsors.Release.open(bucket)
    for name in ("quarantine.parquet", MANIFEST):
        place = f"{store.root}/releases/{release.id}/{name}"
        changed = bytearray(store.files.cat_file(place))
        changed[-3] ^= 1
        store.files.pipe_file(place, bytes(changed))
    with pytest.raises(ReleaseError, match=r"quarantine\.parquet is not as the manifest says"):
        read.table("quarantine")
    with pytest.raises(ReleaseError, match=r"manifest\.json is not as latest\.json says"):
        h1b_sponsors.Release.open(bucket)


def test_a_damaged_release_is_not_sent(bucket: str, tmp_path: Path) -> None:
    release = made(tmp_path, 1)
    (release.folder / "data_dictionary.md").write_text("other")
    with pytest.raises(StoreError, match=r"damaged \(data_dictionary.md .*it is not sent"):
        mirror(release, open_store(bucket))
    assert open_store(bucket).pointer() is None


def test_a_bucket_that_is_not_there_is_told_in_a_line(bucket: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="s3://nobody-has-this/h1b can't be used") as told:
        mirror(made(tmp_path, 1), open_store("s3://nobody-has-this/h1b"))
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("pointer", [b"{", b"[]", b'{"release_id": "x"}', b"\xff", b"[" * 4000])
def test_a_pointer_that_nobody_here_wrote_is_told_in_a_line(bucket: str, pointer: bytes) -> None:
    store = open_store(bucket)
    store.create(POINTER, pointer)
    with pytest.raises(StoreError, match=r"latest\.json can't be read\. Remove it"):
        store.pointer()


def test_a_store_without_conditions_takes_releases_too(tmp_path: Path) -> None:
    store = open_store("memory://mirror-of-a-test/h1b")
    for day in (1, 2):
        assert mirror(made(tmp_path, day), store).latest.startswith(f"2026-11-0{day}")
        assert damage_there(store) == []


@pytest.mark.parametrize(
    "address",
    ["s3://key:secret@bucket/h1b", "s3://bucket?secret=1", "bucket", "/data", "https2//x", "no-such://bucket", "s3://"],
)
def test_what_is_no_address_is_told_and_never_shown(address: str) -> None:
    with pytest.raises(StoreError) as told:
        open_store(address)
    assert "secret" not in str(told.value) and "\n" not in str(told.value)


def test_the_manifest_comes_last_and_the_pointer_after_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, release = open_store("memory://order-of-a-test/h1b"), made(tmp_path, 1)
    written: list[str] = []
    pipe, put = store.files.pipe_file, store.files.put_file

    def noted_pipe(path: str, body: bytes) -> None:
        written.append(path.rpartition("/")[2])
        pipe(path, body)

    def noted_put(path: str, place: str, **named: Any) -> None:
        written.append(place.rpartition("/")[2])
        put(path, place, **named)

    monkeypatch.setattr(store.files, "pipe_file", noted_pipe)
    monkeypatch.setattr(store.files, "put_file", noted_put)
    mirror(release, store)
    assert written[-2:] == [MANIFEST, POINTER] and len(written) == len(set(written)) > 3

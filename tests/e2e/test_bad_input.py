"""Bad input at the door: a clear line or a quarantined row with its reason, and the rest goes on."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.pdfgen import canvas

from pipeline.archive.intake import Outcome, Provenance, add
from pipeline.archive.loading import load_chosen
from pipeline.archive.reading import open_archive
from pipeline.archive.store import snapshots
from pipeline.sources.catalogue import SOURCES, source

HEADER = "Fiscal Year,Employer,Initial Approvals,Initial Denials,Continuing Approvals,Continuing Denials,NAICS,Tax ID,State,City,ZIP"
GOOD = "2021,GOOD HOSPITAL,1,0,2,0,62,1234,MA,BOSTON,02118"
NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
URL = "https://hospital.example/gme"


def pdf(*, text: str = "", password: str | None = None) -> bytes:
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer, encrypt=password)
    page.drawString(72, 720, text) if text else page.rect(72, 72, 200, 200, fill=1)
    page.showPage()
    page.save()
    return buffer.getvalue()


def zipped(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def table(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *rows, ""]).encode()


def big_page() -> bytes:
    return b"<html><body>" + b"<p>word word word</p>" * 2_600_000 + b"</body></html>"


REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "empty file": ("a.csv", lambda: b"", "empty"),
    "HTML error page named .csv": ("a.csv", lambda: b"<html><head><title>Access Denied</title></head><body>Access Denied</body></html>", "error page"),
    "unknown header": ("a.csv", lambda: table("1,2", header="alpha,beta"), "no known layout"),
    "renamed column": ("a.csv", lambda: table(GOOD, header=HEADER.replace("Tax ID", "Tax Number")), "missing 'Tax ID'; not in it 'Tax Number'"),
    "duplicated header": ("a.csv", lambda: table(GOOD, header=HEADER.replace("City", "State")), "twice"),
    "wrong encoding": ("a.csv", lambda: table(GOOD.replace("GOOD", "CLÍNICA")).decode().encode("latin-1"), "line 2"),
    "unknown state": ("a.csv", lambda: table(GOOD, GOOD.replace("MA", "ZZ")), "line 3: unknown state 'ZZ'"),
    "10 MB line": ("a.csv", lambda: table(GOOD, "2021," + "A" * 10_000_000 + ",1,0,2,0,62,1234,MA,BOSTON,02118"), "line"),
    "header only": ("a.csv", table, "row"),
    "zip bomb": ("a.zip", lambda: zipped("a.csv", bytes(64 << 20)), "far more than its size"),
    "path-escaping zip": ("a.zip", lambda: zipped("../a.csv", table(GOOD)), "leave the archive's folder"),
    "password-protected PDF": ("a.pdf", lambda: pdf(text="Residency", password="secret"), "password"),
    "scanned PDF": ("a.pdf", pdf, "text"),
    "page of 50 MB": ("a.html", big_page, "MB"),
}  # fmt: skip


def offer(folder: Path, name: str, content: bytes) -> list[Outcome]:
    incoming = folder / "incoming"
    incoming.mkdir()
    (incoming / name).write_bytes(content)
    (incoming / "zz_good.csv").write_bytes(table(GOOD))
    provenance = Provenance(url=URL if not name.endswith((".csv", ".zip")) else None)
    outcomes = list(add([incoming / name], folder / "raw", SOURCES, lambda: NOW, provenance))
    return [*outcomes, *add([incoming / "zz_good.csv"], folder / "raw", SOURCES, lambda: NOW)]


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_refused_in_a_line_and_the_rest_goes_on(tmp_path: Path, case: str) -> None:
    name, content, words = REFUSED[case]
    bad, good = offer(tmp_path, name, content())
    assert bad.verdict == "refused" and "\n" not in bad.detail and name in bad.detail
    assert words in bad.detail, bad.detail
    assert good.verdict == "took"
    assert len(snapshots(tmp_path / "raw")) == 1


QUARANTINED: dict[str, tuple[bytes, str]] = {
    "truncated file": (table(GOOD, "2021,CUT HOSP")[:-1], "cells where the header has 11"),
    "negative count": (table(GOOD, GOOD.replace(",1,0,2,0,", ",-1,0,2,0,")), "negative"),
    "no number": (table(GOOD, GOOD.replace(",1,0,2,0,", ",many,0,2,0,")), "number"),
}


@pytest.mark.parametrize("case", sorted(QUARANTINED))
def test_a_broken_row_is_quarantined_with_its_reason(tmp_path: Path, case: str) -> None:
    content, reason = QUARANTINED[case]
    [outcome] = add_one(tmp_path, content)
    assert outcome.verdict == "took" and "1 rows quarantined" in outcome.detail
    loaded = load_chosen(source("uscis_h1b_employers"), open_archive(tmp_path / "raw"))
    assert loaded.quarantine["row"].tolist() == [3] and reason in loaded.quarantine["reason"].iloc[0]
    [archived] = snapshots(tmp_path / "raw")
    manifest = archived.manifest
    assert manifest.rows_in == len(loaded.tables["uscis_petition_rows"]) + len(loaded.quarantine) == 2


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + table(GOOD),
        table(GOOD.replace(",1,0,2,0,", ',"1,001",0,2,0,')),
        table(GOOD).replace(b"\n", b"\r\n"),
    ],
    ids=["BOM", "thousands commas", "CRLF"],
)
def test_harmless_oddities_are_read(tmp_path: Path, content: bytes) -> None:
    [outcome] = add_one(tmp_path, content)
    assert outcome.verdict == "took" and "quarantined" not in outcome.detail


def add_one(folder: Path, content: bytes) -> list[Outcome]:
    (folder / "in.csv").write_bytes(content)
    return list(add([folder / "in.csv"], folder / "raw", SOURCES, lambda: NOW))


def test_a_page_in_another_encoding_is_kept_byte_for_byte(tmp_path: Path) -> None:
    page = '<html><head><meta charset="windows-1252"><title>GME</title></head><body><p>We sponsor the J-1 visa – naïve.</p></body></html>'
    content = page.encode("windows-1252")
    bad, _ = offer(tmp_path, "a.html", content)
    assert bad.verdict == "took"
    kept = next(one for one in snapshots(tmp_path / "raw") if one.manifest.source == "program_pages")
    assert kept.path.read_bytes() == content and kept.manifest.coverage[0].name == f"page:{URL}"

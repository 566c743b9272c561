"""Files and folders that a person downloaded, one file at a time; zip archives are opened with care.

What belongs here: getting at files, without a look at what they hold. Format: PKWARE APPNOTE (zip).
"""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from pipeline.errors import system_error
from pipeline.sources.base import ZIP_FAULTS, SourceError
from pipeline.text.characters import harmless

MAX_MEMBERS: Final = 1_000
MAX_UNPACKED_BYTES: Final = 4 << 30
# DEFLATE can't do better than about 1030:1, and honest tables seldom pass 50:1.
MAX_RATIO: Final = 200
SMALL: Final = 16 << 20  # below this size a high ratio harms nobody
_BLOCK: Final = 1 << 20
_IGNORED: Final = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


@dataclass(frozen=True)
class Offered:
    """A file to look at. path: of its bytes; label: what to call it before people (`outer.zip!inner.csv` for a member); name: its own."""

    path: Path
    label: str
    name: str


def walk(paths: list[Path]) -> Iterator[Path]:
    """Yield the files of `paths`, folders gone through in the order of their names. Links are not followed out of a folder.

    A folder that can't be read is yielded itself, and so is what is no file (a named pipe, a device): see `unusable`.
    """
    for path in paths:
        if path.is_dir():
            inside = sorted(item for item in _inside(path) if not item.is_symlink())
            yield from (item for item in inside if item.name not in _IGNORED and "__MACOSX" not in item.parts)
        else:
            yield path


def _inside(folder: Path) -> Iterator[Path]:
    """Yield all that is no folder below a folder, and the folders that can't be read."""
    unreadable: list[Path] = []
    for place, _, names in os.walk(folder, onerror=lambda error: unreadable.append(Path(error.filename))):
        yield from (Path(place) / name for name in names)
    yield from unreadable


def unusable(path: Path) -> str | None:
    """Return why a path is no file that can be read, with what to do, in a phrase; None where it is one."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return "its path is no UTF-8, which readers need. Rename it"
    try:
        mode = path.stat().st_mode
        if not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
            return "a named pipe, socket or device, not a file. Save what it gives as a file and use that"
        os.close(os.open(path, os.O_RDONLY))
        return "a folder, not a file. Name a file in it" if stat.S_ISDIR(mode) else None
    except FileNotFoundError:
        return "there is no such file. Check the path"
    except OSError as error:
        return system_error(error).removeprefix(f"{path}: ")


def is_zip_of_files(path: Path) -> bool:
    """Decide whether a file is a zip archive that is not itself an Office workbook."""
    if not zipfile.is_zipfile(path):
        return False
    with path.open("rb") as handle:
        if handle.read(2) != b"PK":
            return False
    try:
        with zipfile.ZipFile(path) as archive:
            return "[Content_Types].xml" not in archive.namelist()
    except ZIP_FAULTS:
        return True  # opening it as an archive will say what is wrong


def members(path: Path, into: Path) -> Iterator[Offered]:
    """Unpack `path` into the empty folder `into`, under made-up names; yields one member after the other, then removes it.

    Raises SourceError for a damaged or encrypted archive, for one with links or with paths that leave it, and for one that
    would unpack to more than MAX_UNPACKED_BYTES, or to more than SMALL and MAX_RATIO times its size. Declared sizes
    aren't believed: bytes are counted.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [
                info
                for info in archive.infolist()
                if not info.is_dir() and PurePosixPath(info.filename).name not in _IGNORED
            ]
            _check(path.name, infos)
            budget = min(MAX_UNPACKED_BYTES, max(path.stat().st_size * MAX_RATIO, SMALL))
            for number, info in enumerate(infos):
                target = into / f"member{number}"
                budget -= _extract(archive, info, target, budget, path.name)
                yield Offered(target, harmless(f"{path.name}!{info.filename}"), PurePosixPath(info.filename).name)
                target.unlink(missing_ok=True)
    except ZIP_FAULTS as error:
        raise SourceError(
            path.name,
            f"a zip archive that can't be opened ({error})",
            remedy="Download it again, or unpack it yourself",
        ) from error


def _check(name: str, infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > MAX_MEMBERS:
        raise SourceError(
            name, f"{len(infos):,} files in one archive", remedy=f"Unpack it and add at most {MAX_MEMBERS:,} at once"
        )
    for info in infos:
        inner = PurePosixPath(info.filename.replace("\\", "/"))
        if not inner.parts or inner.is_absolute() or ".." in inner.parts or ":" in inner.parts[0]:
            raise SourceError(
                name,
                f"the member {info.filename!r} would leave the archive's folder",
                remedy="Don't trust this archive",
            )
        if stat.S_ISLNK(info.external_attr >> 16):
            raise SourceError(name, f"the member {info.filename!r} is a link", remedy="Don't trust this archive")
        if info.flag_bits & 1:
            raise SourceError(
                name, "the archive is encrypted", remedy="Unpack it with its password and add what is inside"
            )


def _extract(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, budget: int, name: str) -> int:
    written = 0
    with archive.open(info) as packed, target.open("wb") as plain:
        while block := packed.read(_BLOCK):
            written += len(block)
            if written > budget:
                raise SourceError(
                    name, "the archive unpacks to far more than its size allows", remedy="Don't trust this archive"
                )
            plain.write(block)
    return written

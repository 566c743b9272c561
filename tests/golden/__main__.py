"""`make golden`: refresh with the code of a commit and with the working tree, and say which tables differ.

    make golden              # the working tree against HEAD; where nothing is changed, HEAD against the commit before
    make golden BASE=v0.1    # against any other commit

Inputs are the embedded sample and, where they lie beside the checkout, the national files. What the base makes is kept in
`.golden/` by commit and day, so that it is made once. Exits with 1 where a table differs. What belongs here: making both
sides. How two tables are compared is in `compare.py`.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.golden.compare import Difference, compare_folders

PROJECT: Final = Path(__file__).resolve().parents[2]
NATIONAL: Final = PROJECT.parent / "shared" / "raw"
KEPT: Final = PROJECT / ".golden"
AS_OF: Final = "2026-11-20"
_COMMAND: Final = "import sys; from pipeline.cli import main; sys.argv[0] = 'h1b-sponsors'; main()"


def main() -> int:
    """Run the comparison from the command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="make golden", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--base", default="", help="commit to compare with")
    parser.add_argument("--inputs", choices=["sample", "national", "all"], default="all")
    options = parser.parse_args()
    base = _git("rev-parse", "--short=12", options.base or ("HEAD" if _git("status", "--porcelain") else "HEAD~1"))
    names = ["sample", "national"] if options.inputs == "all" else [options.inputs]
    if not NATIONAL.is_dir():
        names = [name for name in names if name != "national"]
        print(f"golden: {NATIONAL} is not there: the sample alone is compared", file=sys.stderr)
    differing = 0
    for name in names:
        with tempfile.TemporaryDirectory() as scratch:
            before, after = _made_by_commit(base, name), Path(scratch)
            _refresh(PROJECT, name, after)
            differing += _report(name, base, compare_folders(before / "curated", after / "curated"))
    return 1 if differing else 0


def _report(name: str, base: str, differences: list[Difference]) -> int:
    print(f"golden {name}: " + (f"{len(differences)} tables differ from {base}" if differences else f"equal to {base}"))
    for difference in differences:
        print(f"  {difference.table}")
        print("".join(f"    {line}\n" for line in difference.lines), end="")
    return len(differences)


def _made_by_commit(commit: str, name: str) -> Path:
    """Data folder that the code of `commit` made of the inputs `name` today, made now unless it is kept."""
    kept = KEPT / f"{commit}-{name}-{dt.date.today()}"
    if not kept.is_dir():
        with tempfile.TemporaryDirectory() as scratch:
            tree, made = Path(scratch) / "tree", Path(scratch) / "data"
            _git("worktree", "add", "--force", "--detach", str(tree), commit)
            try:
                _refresh(tree, name, made)
            finally:
                _git("worktree", "remove", "--force", str(tree))
            KEPT.mkdir(exist_ok=True)
            shutil.move(made, kept)
    return kept


def _refresh(tree: Path, name: str, data: Path) -> None:
    """Add the inputs to an empty data folder and refresh it with the code below `tree`. A refresh that data stopped is not
    an error here: the tables that it made are compared all the same."""
    if name == "national":
        _run(tree, data, "add", str(NATIONAL))
        _added_at_one_moment(data)
    else:
        for manifest in sorted((tree / "data" / "raw").glob("*/*/manifest.json")):
            if '"sample": true' in manifest.read_text("utf-8"):
                shutil.copytree(manifest.parent, data / "raw" / manifest.parent.relative_to(tree / "data" / "raw"))
    code, said = _run(tree, data, "refresh", "--as-of", AS_OF)
    if code:
        print(f"golden {name}: the refresh of {tree} ended with {code}: {said.splitlines()[-1:]}", file=sys.stderr)


def _added_at_one_moment(data: Path) -> None:
    """Give all snapshots one time of filing: which of two files is the newer must not hang on how quick the machine was."""
    for path in (data / "raw").glob("*/*/manifest.json"):
        manifest = json.loads(path.read_text("utf-8"))
        moment = f"{manifest['added_at'][:10]}T00:00:00+00:00"
        path.write_text(json.dumps({**manifest, "added_at": moment}, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _run(tree: Path, data: Path, *words: str) -> tuple[int, str]:
    """Exit code and output of the command line of `tree` over the data folder `data`."""
    environment = {"PYTHONPATH": str(tree), "H1B_DATA_DIR": str(data), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-c", _COMMAND, *words], cwd=tree, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def _git(*words: str) -> str:
    return subprocess.run(
        ["git", "-C", str(PROJECT), *words], capture_output=True, text=True, check=True
    ).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())

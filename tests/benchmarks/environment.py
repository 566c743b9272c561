"""The benchmark's own environment: what the project does not depend on is installed there, from pinned requirements."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Final

ENVIRONMENT: Final = Path(__file__).resolve().parents[2] / ".venv-benchmark"
REQUIREMENTS: Final = tuple(Path(__file__).with_name(f"requirements-{name}.txt") for name in ("scikit-learn", "splink"))


def python() -> Path:
    """The environment's interpreter; the environment is made anew when its requirements have changed."""
    wanted = hashlib.sha256(b"".join(path.read_bytes() for path in REQUIREMENTS)).hexdigest()
    stamp = ENVIRONMENT / ".installed"
    interpreter = ENVIRONMENT / "bin" / "python"
    if not stamp.is_file() or stamp.read_text("utf-8") != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], check=True)
        files = [part for path in REQUIREMENTS for part in ("--requirement", str(path))]
        subprocess.run([str(interpreter), "-m", "pip", "install", "--quiet", *files], check=True)
        stamp.write_text(wanted, "utf-8")
    return interpreter

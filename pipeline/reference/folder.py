"""Where the curated tables lie."""

from __future__ import annotations

from pathlib import Path
from typing import Final

REFERENCE: Final = Path(__file__).parent

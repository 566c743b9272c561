"""What a release was made from, in words: own files, the embedded sample, or both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pipeline.sources import policy_facts

_SAMPLE: Final = "all programs of an older list, petitions of education and health care of FY2019-2023"


def made_from(manifest: Mapping[str, Any], *, in_short: bool = False) -> str:
    """Return it by the snapshots of a manifest: where both are, which sources one's own files are of.

    in_short: without what the sample covers, for each answer on the screen; `status` and the files of a release say it in full.
    Facts of policies come with the package and are in every release: they are neither.
    """
    given = [one for one in manifest["snapshots"] if one["id"].partition("/")[0] != policy_facts.SOURCE.id]
    kinds = {bool(snapshot["sample"]) for snapshot in given}
    if kinds == {True}:
        return "the embedded sample" if in_short else f"the embedded sample ({_SAMPLE})"
    if True not in kinds:
        return "your downloads"
    own = sorted({one["id"].partition("/")[0].replace("_", " ") for one in given if not one["sample"]})
    return f"your own files ({', '.join(own)}) and, for all that is not in them, the embedded sample"

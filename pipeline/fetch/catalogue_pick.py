"""The way through a publisher's catalogue (JSON) to the address of its newest file, as a line of `publications.csv` describes it."""

from __future__ import annotations

import json
from typing import Any

from pipeline.fetch.failures import DownloadError


def pick(catalogue: bytes, way: str) -> str:
    """Return the address to which `way` leads.

    Its steps stand between ` > `: a name (a member of an object), a number (an item of a list, from 0), `key=value` and `key~end` (the
    items of a list whose `key` is that or ends so), `max key` (the item whose `key` is the greatest). A name after a list is that of
    its first item. Raises DownloadError `catalogue` where a step leads nowhere, or where the catalogue is no JSON.
    """
    try:
        found = json.loads(catalogue)
        for step in way.split(" > "):
            found = _step(found, step)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        what = " ".join(f"{type(error).__name__}: {error}".split())[:120]
        raise DownloadError("catalogue", f"no file is found in it by {way!r} ({what})") from error
    if not isinstance(found, str):
        raise DownloadError("catalogue", f"{way!r} leads to no address")
    return found


def _step(found: Any, step: str) -> Any:
    """Return what one step leads to. Raises LookupError, TypeError or AttributeError where it leads nowhere."""
    if step.isdigit():
        return found[int(step)]
    if step.startswith("max "):
        name = step.removeprefix("max ")
        return max(found, key=lambda item: str(item[name]))
    for sign in ("=", "~"):
        name, found_sign, value = step.partition(sign)
        if found_sign and name.isidentifier():
            texts = [(item, str(item.get(name, ""))) for item in found]
            return [item for item, text in texts if (text == value if sign == "=" else text.endswith(value))]
    return (found[0] if isinstance(found, list) else found)[step]

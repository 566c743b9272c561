"""One page or sitemap: allowed by robots.txt, and found wherever redirects within its site lead."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pipeline.fetch.addresses import Site, normalise, origin_of, within
from pipeline.fetch.download import BodyLimits, Response
from pipeline.fetch.failures import DownloadError, RobotsRefusedError
from pipeline.fetch.robots import Robots
from pipeline.fetch.robots_request import robots_rules
from pipeline.fetch.throttled_request import REDIRECTS, FetchContext, throttled_request


def request_page(
    url: str,
    site: Site,
    context: FetchContext,
    limits: BodyLimits,
    conditions: Callable[[str], Mapping[str, str]] = lambda url: {},
    visited: Callable[[str], bool] = lambda url: False,
) -> tuple[str, Response | None]:
    """Return the address at which a page was found, after redirects within its site, and the response (200 or 304).

    conditions: headers of a conditional request for an address. visited: whether an address needs no request; then the
    response is None. Raises RobotsRefusedError and DownloadError.
    """
    seen: set[str] = set()
    while len(seen) <= context.settings.redirects:
        if url in seen:
            raise DownloadError("redirect_loop", f"comes back to {url}")
        if seen and visited(url):
            return url, None
        seen.add(url)
        rules = robots_rules(url, context)
        refusal = rules.refusal(url, context.settings.longest_wait)
        if refusal is not None:
            raise _refused(rules.robots, refusal)
        conditional = conditions(url)
        response = throttled_request(url, context, limits, conditional)
        if response.status == 200 or (response.status == 304 and conditional):
            return url, response
        if response.status not in REDIRECTS:
            raise DownloadError(f"http_{response.status}", f"{url} answers {response.status}")
        url = _target(url, response, site)
    raise DownloadError("redirect_loop", f"over {context.settings.redirects} redirects")


def _refused(robots: Robots, why: str) -> RobotsRefusedError | DownloadError:
    return DownloadError(robots.code, why) if robots.code else RobotsRefusedError(why)


def _target(url: str, response: Response, site: Site) -> str:
    location = response.headers.get("Location", "")
    target = normalise(location, url) if location.strip() else None
    if target is None:
        raise DownloadError("bad_redirect", f"{url} leads to {location[:80]!r}")
    if not within(target, site):
        raise DownloadError("off_site_redirect", f"{url} leads to {origin_of(target)}")
    return target

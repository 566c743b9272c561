"""Read releases of the functional H-1B sponsor list: the surface that others may build on. The rest is in package `pipeline`.

    from h1b_sponsors import Release

    release = Release.open("data/curated")              # a folder or an address of releases; the latest by default
    release.sponsors()                                  # the list as a pandas frame, one row a program
    release.table("visa_policies", ["program_code", "h1b", "evidence_quote", "url"])
    release.explain("1304121045")                       # the whole evidence of one program

What a release holds and promises is in docs/contract.md. All errors are ReleaseError: one line with what to do.
"""

from pipeline.fetch.releases import Release
from pipeline.release.reader import ReleaseError

__all__ = ["Release", "ReleaseError"]

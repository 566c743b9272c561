"""Citations on which the rules rest, as they are published. What a rule asks is in the module of its prong."""

from __future__ import annotations

from typing import Final

# 8 USC 1184(g)(5)(A): an institution of higher education, or a nonprofit related to or affiliated with one.
HIGHER_EDUCATION: Final = "INA 214(g)(5)(A)"
# (i) common ownership or control, (ii) operated by the school, (iii) its member, branch, cooperative or subsidiary, (iv) a
# written agreement with a working relationship, where serving the school's mission is a fundamental activity.
AFFILIATED: Final = f"{HIGHER_EDUCATION}, 8 CFR 214.2(h)(8)(iii)(F)(2)"
# 8 USC 1184(g)(5)(B): a nonprofit or governmental research organization. Research is a fundamental activity, not necessarily
# the first, since 17 January 2025 (89 FR 103054).
RESEARCH: Final = "INA 214(g)(5)(B), 8 CFR 214.2(h)(19)(iii)(C)"
# Exempt under 501(c)(3), (4) or (6) by determination of the IRS.
NONPROFIT: Final = "8 CFR 214.2(h)(19)(iv)"
# Public or other nonprofit, accredited, degree-granting.
SCHOOL: Final = "20 USC 1001(a)"
# Employed elsewhere, with at least half of the time for the mission of a qualifying body.
JOB: Final = "a job may still qualify under 8 CFR 214.2(h)(8)(iii)(F)(4)"

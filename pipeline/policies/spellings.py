"""How visas, negations and the sponsor of the J-1 are spelled: the patterns of one word or name in running text.

J-1, J1, J 1, J-1s; H-1B, H1B, H1-B, H.1.B, HIB, H-1; other classes (F-1, O-1, TN, E-3, J-2 ...), so that nobody takes them for
one of the two; "doesn" and "t" with whatever sign between them.
"""

from __future__ import annotations

import re

J1, H1B = "j1", "h1b"
ECFMG = "ecfmg"  # the text of its token, however the page spells it

# What people and damaged files put between the parts of a code: hyphens, dots, slashes, a sign without a letter.
_SIGN = r"(?: ?[-./_~•*\ufffd\ue000-\uf8ff–]{1,2} ?| )?"
_CODE = (
    r"(?P<h1b1>[Hh][- ]?1[Bb][- ]?1(?![\w-]))"
    rf"|(?P<h1b>[Hh]{_SIGN}1{_SIGN}[Bb](?:'?s)?(?![\w])(?: [Tt]emporary [Ww]orkers?\b)?|H-?[Il]-?B(?:'?s)?(?!\w)|Hib(?= visa))"
    r"|(?P<h1>[Hh] ?-? ?1(?![\w]|-\d)|H-[Il](?!\w))"
    r"|(?P<j1>[Jj](?: ?-{1,2} ?| |[./_~•*\ufffd\ue000-\uf8ff])?1(?:'?s)?(?![\w]|-\d)|J-[Il](?!\w)|J[Il](?= visa))"
    r"|(?P<other>[Jj] ?-? ?2(?!\w)|[Hh] ?-? ?(?:2[AaBb]?|3|4)(?!\w)|[FOLMKPQRSTUVpofl] ?- ?[1-8][ABab]?(?!\w)"
    r"|[FOLMKPRQ][1-3][ABR]?(?!\w)|[TUV](?= (?:visas?|status|nonimmigrant))|CW ?-? ?[12](?!\w)"
    r"|E ?-? ?[1-3][RSDrsd]?(?!\w)|B-?[12](?!\w)|EB-?[1-5][ABC]?(?!\w)|T[ND](?:/T[ND])?(?!\w)|IR-?[1-5](?!\w)|[ACGN] ?- ?[1-9](?= visas?)"
    r"|EVUS(?!\w)|CPT(?!\w)|OPT(?!\w))"
)
# "doesn" and "t" with whatever sign between them, or none, or in the wrong place: a negation with its verb.
_STEMS = r"do|does|did|is|are|was|were|has|have|had|could|would|should|must|might|need"
_NEGATED = (
    rf"(?<!\w)(?P<negated>(?i:(?P<stem>{_STEMS}|ca|wo|sha|ai)(?:n[^A-Za-z0-9]{{0,2}}t|[^A-Za-z0-9]n[^A-Za-z0-9]?t)"
    rf"|(?P<before_not>{_STEMS}|can)not|(?P<spoilt>does|did|is|are|was|were|has|have|had|could|would|should)n.t))(?!\w)"
)
# The letters a code begins with are looked at first: most words need not be tried as codes.
_BOX = r"(?P<ticked>\[ ?[xX✓✔] ?\]|\( ?[xX✓✔] ?\))|(?P<empty>\[[ _]{0,3}\]|\([ _]{1,3}\))"  # boxes drawn with brackets
TOKEN = re.compile(
    rf"(?<!\w)(?=[HhJjFOLMKPQRSTUVpoflEBCAIGN])(?:{_CODE})|(?=[DdIiAaWwHhCcSsMmNn]){_NEGATED}|{_BOX}"
    r"|(?P<word>[A-Za-z]+(?:'[A-Za-z]+)*|\d+(?:[.,]\d+)*)|(?P<symbol>[^\sA-Za-z0-9])"
)
NAMED = {"j1": J1, "longj": J1, "h1b": H1B, "h1": H1B, "longh": H1B}
BOXES = {"ticked": "☑", "empty": "☐"}
# Names without a code: "exchange visitor", "temporary worker in a specialty occupation".
LONG = re.compile(
    r"(?P<ecfmg>\b(?:the )?[Ee]ducation(?:al)? [Cc]ommission (?:for|of|on) [Ff]oreign [Mm]edical [Gg]raduates(?: ?\(ECFMG\))?"
    r"|\bINTEALTH\b|\b[Ii]ntealth\b)"
    r"|(?P<longj>\b[Ee]xchange[- ][Vv]isitors?(?: \(?[Aa]lien [Pp]hysicians?\)?)?(?: (?:visas?|status|category))?)\b"
    r"|(?P<longh>\b[Tt]emporary (?:non-?immigrant )?workers? in (?:a )?[Ss]pecialty [Oo]ccupations?"
    r"|\b(?:[Tt]emporary )?[Ss]pecialty[- ](?:[Oo]ccupation )?(?:[Ww]orkers?|[Oo]ccupations? visas?|[Oo]ccupations? status)(?: visas?)?)\b|"
    + TOKEN.pattern
)
_BEGINNINGS = (
    "foreign medical",
    "intealth",
    "exchange visitor",
    "exchange-visitor",
    "specialty occ",
    "specialty-occ",
    "specialty w",
    "specialty-w",
)


def has_long_name(text: str) -> bool:
    """Decide whether a name of several words may be in `text`: most sentences need only the shorter pattern."""
    lower = text.lower()
    return any(beginning in lower for beginning in _BEGINNINGS)

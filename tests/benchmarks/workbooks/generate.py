"""A workbook in the layout of the official disclosure files (FY2020 and later), as large as a year: nobody's real application.

Titles, employers and places are combinations of invented parts. Rows repeat a pool of patterns with their own case number
and days, so writing it takes a minute; cells are as spreadsheet programs write them (shared strings, styled days).
"""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from pipeline.sources.tabular.worksheet import letters_of

ROWS: Final = 600_000
_POOL: Final = 5_000
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_BLOCK: Final = 2_000
_FIRST_DAY: Final = 45_566  # 1 October 2024 as a serial number

# The 96 columns of the files of FY2024, in their order.
HEADER: Final = tuple(
    """CASE_NUMBER CASE_STATUS RECEIVED_DATE DECISION_DATE ORIGINAL_CERT_DATE VISA_CLASS JOB_TITLE SOC_CODE SOC_TITLE
    FULL_TIME_POSITION BEGIN_DATE END_DATE TOTAL_WORKER_POSITIONS NEW_EMPLOYMENT CONTINUED_EMPLOYMENT
    CHANGE_PREVIOUS_EMPLOYMENT NEW_CONCURRENT_EMPLOYMENT CHANGE_EMPLOYER AMENDED_PETITION EMPLOYER_NAME TRADE_NAME_DBA
    EMPLOYER_ADDRESS1 EMPLOYER_ADDRESS2 EMPLOYER_CITY EMPLOYER_STATE EMPLOYER_POSTAL_CODE EMPLOYER_COUNTRY
    EMPLOYER_PROVINCE EMPLOYER_PHONE EMPLOYER_PHONE_EXT EMPLOYER_FEIN NAICS_CODE EMPLOYER_POC_LAST_NAME
    EMPLOYER_POC_FIRST_NAME EMPLOYER_POC_MIDDLE_NAME EMPLOYER_POC_JOB_TITLE EMPLOYER_POC_ADDRESS1 EMPLOYER_POC_ADDRESS2
    EMPLOYER_POC_CITY EMPLOYER_POC_STATE EMPLOYER_POC_POSTAL_CODE EMPLOYER_POC_COUNTRY EMPLOYER_POC_PROVINCE
    EMPLOYER_POC_PHONE EMPLOYER_POC_PHONE_EXT EMPLOYER_POC_EMAIL AGENT_REPRESENTING_EMPLOYER AGENT_ATTORNEY_LAST_NAME
    AGENT_ATTORNEY_FIRST_NAME AGENT_ATTORNEY_MIDDLE_NAME AGENT_ATTORNEY_ADDRESS1 AGENT_ATTORNEY_ADDRESS2
    AGENT_ATTORNEY_CITY AGENT_ATTORNEY_STATE AGENT_ATTORNEY_POSTAL_CODE AGENT_ATTORNEY_COUNTRY AGENT_ATTORNEY_PROVINCE
    AGENT_ATTORNEY_PHONE AGENT_ATTORNEY_PHONE_EXT AGENT_ATTORNEY_EMAIL_ADDRESS LAWFIRM_NAME_BUSINESS_NAME
    LAWFIRM_BUSINESS_FEIN STATE_OF_HIGHEST_COURT NAME_OF_HIGHEST_STATE_COURT WORKSITE_WORKERS SECONDARY_ENTITY
    SECONDARY_ENTITY_BUSINESS_NAME WORKSITE_ADDRESS1 WORKSITE_ADDRESS2 WORKSITE_CITY WORKSITE_COUNTY WORKSITE_STATE
    WORKSITE_POSTAL_CODE WAGE_RATE_OF_PAY_FROM WAGE_RATE_OF_PAY_TO WAGE_UNIT_OF_PAY PREVAILING_WAGE PW_UNIT_OF_PAY
    PW_TRACKING_NUMBER PW_WAGE_LEVEL PW_OES_YEAR PW_OTHER_SOURCE PW_OTHER_YEAR PW_SURVEY_PUBLISHER PW_SURVEY_NAME
    TOTAL_WORKSITE_LOCATIONS AGREE_TO_LC_STATEMENT H_1B_DEPENDENT WILLFUL_VIOLATOR SUPPORT_H1B STATUTORY_BASIS
    APPENDIX_A_ATTACHED PUBLIC_DISCLOSURE PREPARER_LAST_NAME PREPARER_FIRST_NAME PREPARER_EMAIL""".split()  # noqa: SIM905
)
_DAYS: Final = {"RECEIVED_DATE", "DECISION_DATE", "BEGIN_DATE", "END_DATE"}
_COUNTS: Final = {
    "TOTAL_WORKER_POSITIONS", "NEW_EMPLOYMENT", "CONTINUED_EMPLOYMENT", "CHANGE_PREVIOUS_EMPLOYMENT",
    "NEW_CONCURRENT_EMPLOYMENT", "CHANGE_EMPLOYER", "AMENDED_PETITION", "WORKSITE_WORKERS", "TOTAL_WORKSITE_LOCATIONS",
}  # fmt: skip
_WAGES: Final = {"WAGE_RATE_OF_PAY_FROM", "PREVAILING_WAGE"}
# Left empty in two rows of three, as in the published files.
_SPARSE: Final = ("PROVINCE", "EXT", "MIDDLE_NAME", "ADDRESS2", "PREPARER", "PW_SURVEY", "PW_OTHER", "ORIGINAL", "TRADE", "SECONDARY_ENTITY_B", "PW_TRACKING", "STATUTORY", "APPENDIX", "WAGE_RATE_OF_PAY_TO")  # fmt: skip
_WORDS: Final = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gum", "Hazel", "Juniper", "Larch", "Maple", "Oak")
_CHOICES: Final = {
    "CASE_STATUS": ("Certified",) * 8 + ("Certified - Withdrawn", "Withdrawn", "Denied"),
    "VISA_CLASS": ("H-1B",) * 20 + ("E-3 Australian", "H-1B1 Singapore"),
    "FULL_TIME_POSITION": ("Y",) * 9 + ("N",),
    "WAGE_UNIT_OF_PAY": ("Year",) * 9 + ("Hour",),
    "PW_UNIT_OF_PAY": ("Year",),
    "PW_WAGE_LEVEL": ("I", "II", "III", "IV", "N/A"),
    "SOC_CODE": ("15-1252.00", "15-1211.00", "13-2011.00", "17-2141.00", "29-1229.00", "29-1216.00", "25-1071.00"),
    "SECONDARY_ENTITY": ("Yes", "No", "No"),
}
# Endings of names -> what such a cell says.
_MADE: Final[dict[str, Callable[[random.Random], str]]] = {
    "STATE": lambda chance: chance.choice(("CA", "NY", "TX", "MA", "IL", "WA", "NJ")),
    "POSTAL_CODE": lambda chance: f"{chance.randrange(1_000, 99_950):05d}",
    "FEIN": lambda chance: f"{chance.randrange(10, 99)}-{chance.randrange(10**6, 10**7)}",
    "NAICS_CODE": lambda chance: str(chance.choice((541511, 622110, 611310, 522110))),
    "PAY_TO": lambda _: "",
}


def write_workbook(path: Path, rows: int = ROWS, seed: int = 1) -> None:
    """Write the workbook: one sheet, a header, and `rows` applications."""
    chance = random.Random(seed)
    strings: dict[str, int] = {}
    patterns = [_pattern(chance, strings) for _ in range(_POOL)]
    heads = [_number(strings, name) for name in HEADER]
    first_case = len(strings)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in _frame().items():
            archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            cells = "".join(f'<c r="{letters_of(at)}1" t="s"><v>{head}</v></c>' for at, head in enumerate(heads))
            sheet.write(f'<row r="1" spans="1:{len(HEADER)}">{cells}</row>'.encode())
            for start in range(0, rows, _BLOCK):
                block = range(start, min(start + _BLOCK, rows))
                lines = (
                    chance.choice(patterns).replace("#", str(at + 2)).replace("@", str(first_case + at)) for at in block
                )
                sheet.write("".join(lines).encode())
            sheet.write(b"</sheetData></worksheet>")
        with archive.open("xl/sharedStrings.xml", "w", force_zip64=True) as shared:
            shared.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<sst xmlns="{_MAIN}">'.encode())
            shared.write("".join(f"<si><t>{text}</t></si>" for text in strings).encode())
            cases = (f"<si><t>I-200-{24_000 + at // 2_000:05d}-{at:06d}</t></si>" for at in range(rows))
            shared.write("".join(cases).encode())
            shared.write(b"</sst>")


def _number(strings: dict[str, int], text: str) -> int:
    return strings.setdefault(text, len(strings))


def _pattern(chance: random.Random, strings: dict[str, int]) -> str:
    """XML of a row with `#` for its number and `@` for the string of its case number."""
    cells = []
    for at, name in enumerate(HEADER):
        reference = f'r="{letters_of(at)}#"'
        if name == "CASE_NUMBER":
            cells.append(f'<c {reference} t="s"><v>@</v></c>')
        elif any(part in name for part in _SPARSE) and chance.random() < 2 / 3:
            continue
        elif name in _DAYS:
            cells.append(f'<c {reference} s="1"><v>{_FIRST_DAY + chance.randrange(360)}</v></c>')
        elif name in _COUNTS:
            cells.append(f"<c {reference}><v>{chance.randrange(1, 4)}</v></c>")
        elif name in _WAGES:
            cells.append(f"<c {reference}><v>{chance.randrange(60_000, 300_000)}</v></c>")
        else:
            cells.append(f'<c {reference} t="s"><v>{_number(strings, _text(name, chance))}</v></c>')
    return f'<row r="#" spans="1:{len(HEADER)}">{"".join(cells)}</row>'


def _text(name: str, chance: random.Random) -> str:
    for ending, make in _MADE.items():
        if name.endswith(ending):
            return make(chance)
    if name in _CHOICES:
        return chance.choice(_CHOICES[name])
    return f"{name.title().replace('_', ' ')} {chance.choice(_WORDS)} &amp; {chance.choice(_WORDS)} {chance.randrange(900)}"


def _frame() -> dict[str, str]:
    """The small parts around the sheet."""
    office = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    package = "http://schemas.openxmlformats.org/package/2006"
    kinds = {"workbook.xml": "sheet.main", "worksheets/sheet1.xml": "worksheet", "sharedStrings.xml": "sharedStrings", "styles.xml": "styles"}  # fmt: skip
    overrides = "".join(
        f'<Override PartName="/xl/{part}" ContentType="{office}.{kind}+xml"/>' for part, kind in kinds.items()
    )
    related = {"worksheet": "worksheets/sheet1.xml", "sharedStrings": "sharedStrings.xml", "styles": "styles.xml"}
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(related.items(), start=1)
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets><sheet name="LCA" sheetId="1" '
        'r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{links}</Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/>'
        '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
    }

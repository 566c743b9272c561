"use strict";

/* The rows that are shown as a CSV file, in their order. */
h1b.csv = (() => {
  const { text, number, word } = h1b.data;
  const PLAIN = ["program_code", "specialty", "program_name", "institution", "city", "state", "metro_area"];
  const CODED = ["visa_category", "sponsor_tier", "step3", "cap_exempt_category", "freeze", "accreditation"];
  const HEAD = [...PLAIN, ...CODED, "likelihood_percent_inferred", "trainee_filings_24_months", "evidence_date", "release_id"];
  // What a spreadsheet would take for a formula.
  const ACTS = /^[=+\-@\t\r]/;

  /** @param {string | number | null} value @returns {string} a cell: quoted, and never a formula; blank where unknown */
  function cell(value) {
    const said = value === null ? "" : String(value);
    return `"${(ACTS.test(said) ? `'${said}` : said).replaceAll('"', '""')}"`;
  }

  /** @param {number} row @returns {string} */
  function line(row) {
    const coded = CODED.map((column) => {
      const value = text(column, row);
      return value === null ? null : word(column, value);
    });
    const rest = [number("percent", row), number("filed", row), text("evidence_date", row), h1b.about.release_id];
    return [...PLAIN.map((column) => text(column, row)), ...coded, ...rest].map(cell).join(",");
  }

  /** @param {number[]} rows what to save, as a download of the browser */
  function save(rows) {
    const file = new Blob([`\uFEFF${[HEAD.map(cell).join(","), ...rows.map(line)].join("\r\n")}\r\n`], { type: "text/csv;charset=utf-8" });
    const address = URL.createObjectURL(file);
    h1b.dom.el("a", { href: address, download: `h1b-sponsors_${h1b.about.as_of}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }

  return { save };
})();

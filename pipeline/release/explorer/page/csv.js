"use strict";

/* Rows as CSV: each cell quoted, none a formula. */
const csv = (() => {
  const { text, number, word } = data;
  const PLAIN = ["program_code", "specialty", "program_name", "institution", "city", "state", "metro_area"];
  const CODED = ["visa_category", "sponsor_tier", "step3", "cap_exempt_category", "freeze", "accreditation"];
  const HEAD = [...PLAIN, ...CODED, "likelihood_percent_inferred", "trainee_filings_24_months", "evidence_date", "release_id"];
  // What a spreadsheet would take for a formula.
  const ACTS = /^[=+\-@\t\r]/;
  const BYTE_ORDER_MARK = "\uFEFF";

  /** @param {string | number | null} value @returns {string} a cell: quoted, and never a formula; blank where unknown */
  function cell(value) {
    const said = value === null ? "" : String(value);
    return `"${(ACTS.test(said) ? `'${said}` : said).replaceAll('"', '""')}"`;
  }

  /** @param {(string | number | null)[][]} lines @returns {string} the text of a file that spreadsheets read as UTF-8 */
  function file(lines) {
    return `${BYTE_ORDER_MARK}${lines.map((line) => line.map(cell).join(",")).join("\r\n")}\r\n`;
  }

  /** @param {number} row @returns {(string | number | null)[]} the cells of a row, as HEAD names them */
  function line(row) {
    const coded = CODED.map((column) => {
      const value = text(column, row);
      return value === null ? null : word(column, value);
    });
    return [...PLAIN.map((column) => text(column, row)), ...coded, number("percent", row), number("filed", row), text("evidence_date", row), h1b.about.release_id];
  }

  /** @param {number[]} rows in their order @returns {string} the text of a CSV file with their columns */
  function list(rows) {
    return file([HEAD, ...rows.map(line)]);
  }

  return { file, line, list, HEAD };
})();

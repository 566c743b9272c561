"use strict";

/* What stands in the cells of the grid. Each is made of text: nothing is read as HTML. */
const cells = (() => {
  const { el, badge } = dom;
  const { text, number, word } = data;
  const { tones } = h1b.grid;
  const narrow = matchMedia("(max-width: 760px)").matches;

  const coded = (/** @type {string} */ column) => (/** @type {number} */ row) => {
    const value = text(column, row);
    return badge(value === null ? "unknown" : tones[column]?.[value] ?? "plain", value === null ? "not known" : word(column, value));
  };

  /** The visa category, and on a phone, where the column of tiers has no room, the tier below it. */
  const category = (/** @type {number} */ row) => el("div", {}, coded("visa_category")(row), narrow ? el("div", {}, coded("sponsor_tier")(row)) : null);

  const said = (/** @type {string} */ column, /** @type {string} */ none) => (/** @type {number} */ row) => {
    const value = text(column, row);
    const unknown = value === null || value === "not_stated" || value === "unknown";
    return el("span", unknown ? { class: "quiet" } : {}, value === null ? none : word(column, value));
  };

  /** The button that stars a program. @param {string} code @param {number} row */
  function starButton(code, row) {
    const name = `Star: ${text("specialty", row) ?? text("program_name", row)}, ${text("institution", row)}`;
    const { star } = own.of(code);
    const button = el("button", { type: "button", class: "star", "aria-pressed": String(star), "aria-label": name }, star ? "★" : "☆");
    button.addEventListener("click", () => own.mark(code, { star: !own.of(code).star }));
    return button;
  }

  /** The light of a row in words and colour, with its score; a dash where the profile isn't about it. On a phone what is stated stands below. @param {number} row */
  function light(row) {
    const one = marks.of(row);
    const shown = one ? el("span", {}, badge(`light-${one.light}`, one.light), ` ${one.score.toFixed(1)}`) : el("span", { class: "quiet" }, "–");
    return narrow ? el("div", {}, shown, el("div", {}, coded("visa_category")(row))) : shown;
  }

  /** @param {number} row @param {(code: string) => void} open */
  function program(row, open) {
    const code = text("program_code", row) ?? "";
    const button = el("button", { type: "button", class: "open", "data-code": code }, text("specialty", row) ?? text("program_name", row));
    button.addEventListener("click", () => open(code));
    const frozen = text("freeze", row) === "frozen" ? badge("other", "state order") : null;
    const star = starButton(code, row);
    const place = [text("city", row), text("state", row)].filter(Boolean).join(", ");
    return el("div", { class: "program" }, star, button, " ", frozen, el("div", {}, text("institution", row)), el("div", { class: "soft narrow" }, place));
  }

  const quiet = (/** @type {string | null} */ value) => (value === null ? el("span", { class: "quiet" }, "–") : document.createTextNode(value));

  /** @param {string} name @param {number} row @param {string} [unit] @returns {string | null} */
  function counted(name, row, unit = "") {
    const count = number(name, row);
    return count === null ? null : `${count.toLocaleString("en")}${unit}`;
  }

  return { coded, category, said, light, program, quiet, counted, narrow };
})();

"use strict";

/* Up to five programs side by side. */
const compare = (() => {
  const { el, badge } = dom;
  const { text, number, word, rowByCode } = data;
  const { tones, facets } = h1b.grid;
  const MOST = 5;
  const SHOWN = ["visa_category", "sponsor_tier", "likelihood", "routes", "step3", "cap_exempt_category", "freeze", "accreditation", "state", "metro_area"];
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("compare"));
  const opener = /** @type {HTMLButtonElement} */ (document.getElementById("compare-open"));
  /** @type {string[]} codes, in the order in which they were chosen */
  let chosen = [];
  /** @type {((codes: string[]) => void)[]} */
  const listeners = [];

  /** @param {string[]} codes those that the list has are compared, at most MOST */
  function set(codes) {
    chosen = [...new Set(codes)].filter((code) => rowByCode.has(code)).slice(0, MOST);
    opener.textContent = `Compare (${chosen.length || Math.min(MOST, own.starred().length)})`;
  }

  /** @param {string} code */
  function toggle(code) {
    set(chosen.includes(code) ? chosen.filter((one) => one !== code) : [...chosen, code]);
    for (const listener of listeners) listener(chosen);
  }

  /** The button of the drawer. @param {string} code */
  function button(code) {
    const made = el("button", { type: "button" });
    const show = () => {
      const there = chosen.includes(code);
      made.setAttribute("aria-pressed", String(there));
      made.textContent = there ? "compared" : "compare";
      made.disabled = !there && chosen.length >= MOST;
    };
    made.addEventListener("click", () => {
      toggle(code);
      show();
    });
    show();
    return made;
  }

  /** What a program says in a line of the table. @param {string} name @param {number} row @returns {Node | string} */
  function cell(name, row) {
    const facet = facets.find((one) => one.name === name);
    const { values } = h1b.grid.columns[name];
    const said = data.places(name, row).map((place) => (place < 0 ? facet?.null ?? "not known" : facet?.words[place] ?? word(name, values[place])));
    const value = text(name, row);
    return tones[name] ? badge(value === null ? "unknown" : tones[name][value], said.join("; ")) : said.join("; ");
  }

  /** @param {number} row */
  function light(row) {
    const one = marks.of(row);
    return one ? el("div", {}, badge(`light-${one.light}`, one.light), ` ${one.score.toFixed(2)}`, dom.lines(one.why)) : "–";
  }

  /** @param {number[]} rows @param {(code: string) => void} open @returns {[string, (Node | string)[]][]} */
  function body(rows, open) {
    const counted = (/** @type {string} */ name, unit = "") => rows.map((row) => (number(name, row) === null ? "–" : `${number(name, row)}${unit}`));
    const mark = (/** @type {number} */ row) => own.of(text("program_code", row) ?? "");
    return [
      ...(own.profile() ? [/** @type {[string, Node[]]} */ (["For you", rows.map(light)])] : []),
      ...SHOWN.map((name) => /** @type {[string, (Node | string)[]]} */ ([facets.find((one) => one.name === name)?.label ?? name, rows.map((row) => cell(name, row))])),
      ["Likely (inferred)", counted("percent", " %")], ["Filed for trainees in 24 months", counted("filed")],
      ["Statement of", rows.map((row) => text("evidence_date", row) ?? "no date")],
      ["Your interest", rows.map((row) => String(mark(row).interest || "–"))], ["Your notes", rows.map((row) => mark(row).notes || "–")],
      ["", rows.map((row) => chooser(text("program_code", row) ?? "", open))],
    ];
  }

  /** @param {string} code @param {(code: string) => void} open */
  function chooser(code, open) {
    const evidence = el("button", { type: "button", "aria-label": `evidence of ${code}` }, "evidence");
    evidence.addEventListener("click", () => {
      dialog.close();
      open(code);
    });
    const out = el("button", { type: "button", "aria-label": `take out ${code}` }, "take out");
    out.addEventListener("click", () => {
      if (!chosen.includes(code)) set(codes());
      toggle(code);
      show(open);
    });
    return el("span", {}, evidence, " ", out);
  }

  /** @returns {string[]} what is compared: what was chosen, else the first that are starred */
  const codes = () => (chosen.length ? chosen : own.starred().filter((code) => rowByCode.has(code)).slice(0, MOST));

  /** Show them. @param {(code: string) => void} open what opens the evidence of one */
  function show(open) {
    const rows = codes().map((code) => rowByCode.get(code) ?? 0);
    const title = el("h2", { id: "compare-title", tabindex: "-1" }, "Compared side by side");
    const close = el("button", { type: "button", class: "close", "aria-label": "Close" }, "×");
    close.addEventListener("click", () => dialog.close());
    const heads = rows.map((row) => el("th", { scope: "col" }, el("strong", {}, text("specialty", row) ?? text("program_name", row)), el("br", {}), text("institution", row), el("br", {}), text("city", row)));
    const lines = body(rows, open).map(([label, cells]) => el("tr", {}, el("th", { scope: "row" }, label), ...cells.map((one) => el("td", {}, one))));
    dialog.replaceChildren(el("header", {}, close, title), rows.length
      ? el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Comparison" }, el("table", {}, el("thead", {}, el("tr", {}, el("td", {}), ...heads)), el("tbody", {}, ...lines)))
      : el("p", {}, "Star programs, or choose “compare” where their evidence is shown: up to five stand side by side here."));
    if (!dialog.open) dialog.showModal();
    title.focus();
  }

  return { set, show, button, onChange: (/** @type {(codes: string[]) => void} */ listener) => void listeners.push(listener) };
})();

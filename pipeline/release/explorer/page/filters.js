"use strict";

/* Which rows are shown, how many each further choice would leave, and the boxes to tick. */
const filters = (() => {
  const { el } = dom;
  const { facets, columns } = h1b.grid;
  const { rows, places, searched, folded } = data;
  const LONG = 12;
  const OPEN = new Set(["visa_category", "sponsor_tier"]);
  /** @typedef {Map<number, {item: HTMLElement, box: HTMLInputElement, count: HTMLElement, text: string}>} Boxes */
  /** @type {Map<string, Boxes>} */
  const shown = new Map();
  /** @type {Map<string, HTMLElement>} how many are ticked */
  const ticked = new Map();

  /**
   * Count rows: those that satisfy all, and beside each choice those that satisfy everything but its own facet.
   * @param {State} state
   * @returns {{visible: Uint8Array, total: number, counts: Map<string, Int32Array>}} counts: by place + 1
   */
  function apply(state) {
    const visible = new Uint8Array(rows);
    const counts = facets.map((facet) => new Int32Array(columns[facet.name].values.length + 1));
    const wanted = facets.map((facet) => state.chosen.get(facet.name));
    const words = folded(state.q).split(/\s+/).filter(Boolean);
    let total = 0;
    for (let row = 0; row < rows; row += 1) {
      if (!words.every((word) => searched[row].includes(word))) continue;
      let failed = -1;
      let failures = 0;
      for (let at = 0; at < facets.length && failures < 2; at += 1) {
        const ticks = wanted[at];
        if (ticks && !places(facets[at].name, row).some((place) => ticks.has(place))) {
          failed = at;
          failures += 1;
        }
      }
      if (failures > 1) continue;
      if (failures === 0) {
        visible[row] = 1;
        total += 1;
      }
      for (let at = failures ? failed : 0; at < (failures ? failed + 1 : facets.length); at += 1) {
        for (const place of places(facets[at].name, row)) counts[at][place + 1] += 1;
      }
    }
    return { visible, total, counts: new Map(facets.map((facet, at) => [facet.name, counts[at]])) };
  }

  /**
   * Make the boxes.
   * @param {HTMLElement} into
   * @param {(facet: string, place: number, on: boolean) => void} changed
   */
  function build(into, changed) {
    into.append(...facets.map((facet) => section(facet, changed)));
  }

  /** @param {Facet} facet @param {(facet: string, place: number, on: boolean) => void} changed */
  function section(facet, changed) {
    /** @type {Boxes} */
    const choices = new Map();
    const unknown = new Set([-1, ...facet.unknown]);
    const order = [...facet.words.keys(), -1].sort((one, other) => Number(unknown.has(one)) - Number(unknown.has(other)));
    for (const place of order) {
      const box = el("input", { type: "checkbox" });
      box.addEventListener("change", () => changed(facet.name, place, box.checked));
      const count = el("span", { class: "n" });
      const text = place < 0 ? facet.null : facet.words[place];
      const item = el("li", unknown.has(place) ? { class: "unknown" } : {}, el("label", {}, box, el("span", {}, text), count));
      choices.set(place, { item, box, count, text: folded(text) });
    }
    shown.set(facet.name, choices);
    const mark = el("span", { class: "ticked" });
    ticked.set(facet.name, mark);
    const made = el("details", { "data-facet": facet.name }, el("summary", { title: facet.about }, facet.label, " ", mark));
    if (choices.size > LONG) made.append(narrowing(facet, choices));
    made.append(el("ul", { "aria-label": facet.label }, ...[...choices.values()].map((choice) => choice.item)));
    if (OPEN.has(facet.name)) made.setAttribute("open", "");
    return made;
  }

  /** Make the field that narrows a long list of choices. @param {Facet} facet @param {Boxes} choices */
  function narrowing(facet, choices) {
    const field = el("input", { type: "search", placeholder: "narrow …", "aria-label": `Narrow: ${facet.label}` });
    field.addEventListener("input", () => {
      const typed = folded(field.value);
      for (const { item, text } of choices.values()) item.classList.toggle("other", !text.includes(typed));
    });
    return field;
  }

  /**
   * Show ticks and counts. Choices that no row has are hidden unless they are ticked.
   * @param {State} state
   * @param {Map<string, Int32Array>} counts
   */
  function show(state, counts) {
    for (const [name, choices] of shown) {
      const chosen = state.chosen.get(name);
      const mark = ticked.get(name);
      const many = counts.get(name);
      if (!mark || !many) continue;
      mark.textContent = chosen ? `(${chosen.size})` : "";
      for (const [place, { item, box, count }] of choices) {
        box.checked = chosen?.has(place) ?? false;
        item.hidden = many[place + 1] === 0 && !box.checked;
        count.textContent = many[place + 1].toLocaleString("en");
      }
    }
  }

  return { apply, build, show };
})();

"use strict";

/* The states as tiles, a square each, where they lie: how many programs, and which share of them sponsors in writing. A square sets the filter. */
const map = (() => {
  const { el, svg } = dom;
  const { text } = data;
  const { values } = h1b.grid.columns.state;
  // Where each lies. What the list has and these rows have not comes below them.
  const TILES = [
    "AK .. .. .. .. .. .. .. .. .. ME", ".. .. .. .. .. WI .. .. .. VT NH", "WA ID MT ND MN IL MI .. NY MA ..", "OR NV WY SD IA IN OH PA NJ CT RI",
    "CA UT CO NE MO KY WV VA MD DE ..", ".. AZ NM KS AR TN NC SC DC .. ..", ".. .. .. OK LA MS AL GA .. .. ..", "HI .. .. TX .. .. .. .. FL .. PR",
  ].map((line) => line.split(" "));
  const SIDE = 60;
  const GAP = 3;
  const WRITTEN = new Set(["A", "B"]);
  /** @type {[number, string, string][]} share that is reached, class, words; the highest first */
  const BANDS = [[0.5, "s4", "half and more"], [0.25, "s3", "a quarter to half"], [0.1, "s2", "a tenth to a quarter"], [Number.MIN_VALUE, "s1", "less than a tenth"], [0, "s0", "none known: that is no no"]];
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("map"));
  const title = el("h2", { id: "map-title", tabindex: "-1" }, "Programs by state");

  /**
   * Count the rows that fit all but the choice of states.
   * @param {State} state
   * @returns {{programs: number, written: number}[]} by place + 1: first those of no known state. written: those that state an H-1B, always or case by case
   */
  function tally(state) {
    const { visible } = filters.apply({ ...state, chosen: new Map([...state.chosen].filter(([name]) => name !== "state")) });
    const counts = [-1, ...values.keys()].map(() => ({ programs: 0, written: 0 }));
    visible.forEach((shown, row) => {
      if (!shown) return;
      const one = counts[h1b.grid.columns.state.codes[row] + 1];
      one.programs += 1;
      one.written += WRITTEN.has(text("visa_category", row) ?? "") ? 1 : 0;
    });
    return counts;
  }

  /** @param {{programs: number, written: number}} one @returns {string} */
  const told = ({ programs, written }) => (programs ? `programs: ${programs.toLocaleString("en")}, sponsoring in writing: ${written.toLocaleString("en")} (${Math.round((100 * written) / programs)} %)` : "no program of the list");

  /** @param {{programs: number, written: number}} one @returns {string} the class of its colour */
  const band = ({ programs, written }) => BANDS.find(([least]) => programs && written / programs >= least)?.[1] ?? "s-none";

  /** @returns {[string, number, number][]} each state that is drawn, its column and line */
  function tiles() {
    const placed = TILES.flatMap((line, y) => line.map((code, x) => /** @type {[string, number, number]} */ ([code, x, y])).filter(([code]) => code !== ".."));
    const there = new Set(placed.map(([code]) => code));
    const others = values.filter((code) => !there.has(code));
    return [...placed, ...others.map((code, at) => /** @type {[string, number, number]} */ ([code, at % TILES[0].length, TILES.length + Math.floor(at / TILES[0].length)]))];
  }

  /**
   * Make a square. A state without a program of the list is none to choose.
   * @param {[string, number, number]} tile @param {{programs: number, written: number}} one @param {boolean} chosen @param {() => void} press
   */
  function square([code, x, y], one, chosen, press) {
    const shape = [
      svg("rect", { x: x * SIDE, y: y * SIDE, width: SIDE - GAP, height: SIDE - GAP, rx: 5 }),
      svg("text", { x: x * SIDE + 28, y: y * SIDE + 25, class: "code" }, code),
      " ",
      svg("text", { x: x * SIDE + 28, y: y * SIDE + 44 }, one.programs.toLocaleString("en")),
    ];
    const named = `${code} ${one.programs.toLocaleString("en")}: ${data.word("state", code)}, ${told(one)}`;
    if (!values.includes(code)) return svg("g", { class: "tile s-none", role: "img", "aria-label": named }, ...shape);
    const made = svg("g", { class: `tile ${band(one)}`, role: "button", tabindex: 0, "data-state": code, "aria-pressed": String(chosen), "aria-label": named }, ...shape);
    made.addEventListener("click", press);
    made.addEventListener("keydown", (event) => {
      if (!["Enter", " "].includes(event.key)) return;
      event.preventDefault();
      press();
    });
    return made;
  }

  /** @param {() => State} now @param {(facet: string, place: number, on: boolean) => void} tick */
  function draw(now, tick) {
    const counts = tally(now());
    const chosen = now().chosen.get("state") ?? new Set();
    const drawn = tiles();
    const squares = drawn.map((tile) => {
      const place = values.indexOf(tile[0]);
      return square(tile, place < 0 ? { programs: 0, written: 0 } : counts[place + 1], chosen.has(place), () => {
        tick("state", place, !chosen.has(place));
        draw(now, tick);
        /** @type {SVGElement | null} */ (dialog.querySelector(`[data-state="${tile[0]}"]`))?.focus();
      });
    });
    const lines = Math.max(...drawn.map(([, , y]) => y)) + 1;
    const close = el("button", { type: "button", class: "close", "aria-label": "Close" }, "×");
    close.addEventListener("click", () => dialog.close());
    const inWords = values.map((code, place) => [data.word("state", code), counts[place + 1].programs, counts[place + 1].written]);
    dialog.replaceChildren(el("header", {}, close, title),
      el("p", { class: "soft" }, "Of the programs that your other choices leave. A square adds its state to the choice, or takes it out. To sponsor in writing is to state an H-1B, always or case by case."),
      el("ul", { class: "legend" }, ...BANDS.map(([, tone, words]) => el("li", { class: tone }, words))),
      svg("svg", { viewBox: `0 0 ${TILES[0].length * SIDE} ${lines * SIDE}`, role: "group", "aria-label": "Map of states" }, ...squares),
      el("p", { class: "soft" }, counts[0].programs ? `Of a state not known: ${told(counts[0])}.` : "The state of each program is known."),
      el("details", {}, el("summary", {}, "The same as a table"), dom.table("Programs by state", ["state", "programs", "sponsor in writing"], inWords)));
  }

  /** Show it. @param {() => State} now @param {(facet: string, place: number, on: boolean) => void} tick what sets a filter */
  function show(now, tick) {
    draw(now, tick);
    dialog.showModal();
    title.focus();
  }

  return { show, tally, band, tiles };
})();

"use strict";

/* The rows, in Tabulator. Its own formatters, which read HTML, are not used: cells.js makes the cells. */
const grid = (() => {
  const { el } = dom;
  const { rows, text, number } = data;
  const { columns } = h1b.grid;
  const { coded, category, said, light, program, quiet, counted, narrow } = cells;
  const TITLES = {
    light: "For you", name: "Program", place: "Place", category: "Visa (stated)", tier: "Tier", percent: "Likely (inferred)", filed: "Filed in 24 months",
    step3: "Step 3 (stated)", cap: "Cap exemption (inferred)", dated: "Statement of",
  };
  /** @type {any} */
  let table = null;
  /** @type {HTMLElement} */
  let into;
  /** @type {Uint8Array} */
  let visible = new Uint8Array(rows).fill(1);

  /** @param {number} row */
  function record(row) {
    return {
      row,
      light: row,
      name: `${text("specialty", row) ?? text("program_name", row)} ${text("institution", row)}`,
      place: `${text("state", row) ?? "~"} ${text("city", row) ?? ""}`,
      category: columns.visa_category.codes[row],
      tier: columns.sponsor_tier.codes[row],
      percent: number("percent", row),
      filed: number("filed", row),
      step3: columns.step3.codes[row],
      cap: columns.cap_exempt_category.codes[row] < 0 ? 99 : columns.cap_exempt_category.codes[row],
      dated: text("evidence_date", row),
    };
  }

  const rowOf = (/** @type {any} */ cell) => cell.getRow().getData().row;

  /** What makes the content of a row's cells. @param {(code: string) => void} open @returns {Record<keyof typeof TITLES, (row: number) => Node>} */
  const makers = (open) => ({
    name: (row) => program(row, open),
    light,
    place: (row) => document.createTextNode([text("city", row), text("state", row)].filter(Boolean).join(", ")),
    category,
    tier: coded("sponsor_tier"),
    percent: (row) => quiet(counted("percent", row, " %")),
    filed: (row) => quiet(counted("filed", row)),
    step3: said("step3", "not known"),
    cap: said("cap_exempt_category", "no petitioner known"),
    dated: (row) => quiet(text("evidence_date", row)),
  });

  /**
   * Make the table.
   * @param {HTMLElement} element
   * @param {(code: string) => void} open
   * @param {(sort: string) => void} sorted `name` or `-name` of a column that a heading was clicked for
   * @param {string} first the order at first, written so
   */
  function build(element, open, sorted, first) {
    into = element;
    const last = { sorterParams: { alignEmptyValues: "bottom" } };
    const made = makers(open);
    const column = (/** @type {keyof typeof TITLES} */ field, /** @type {object} */ more) => ({ field, title: TITLES[field], formatter: (/** @type {any} */ cell) => made[field](rowOf(cell)), headerTooltip: false, sorter: "number", ...more });
    return /** @type {Promise<void>} */ (new Promise((done) => {
      table = new Tabulator(into, {
        data: Array.from({ length: rows }, (_, row) => record(row)),
        index: "row",
        layout: "fitColumns",
        // Its own way draws all rows anew whenever the grid comes back into view: the button under a pointer or the focus is gone then.
        autoResize: false,
        responsiveLayout: "hide",
        height: "100%",
        rowHeight: narrow ? 84 : 58,
        placeholder: "No program fits. Tick fewer choices.",
        initialSort: [sorting(first)],
        rowFormatter: (/** @type {any} */ row) => {
          row.getElement().dataset.light = marks.of(row.getData().row)?.light ?? "";
        },
        columns: [
          column("name", { sorter: "string", minWidth: narrow ? 190 : 250, widthGrow: 4, responsive: 0 }),
          column("light", { visible: Boolean(own.profile()), minWidth: narrow ? 120 : 92, responsive: 0, sorter: marks.inOrder }),
          column("place", { sorter: "string", minWidth: 105, widthGrow: 1, responsive: 6 }),
          column("category", { minWidth: 120, responsive: 1 }),
          column("tier", { minWidth: 105, responsive: 2 }),
          column("percent", { ...last, minWidth: 116, responsive: 3, hozAlign: "right" }),
          column("filed", { ...last, minWidth: 90, responsive: 4, hozAlign: "right" }),
          column("step3", { minWidth: 115, responsive: 7 }),
          column("cap", { minWidth: 140, responsive: 5 }),
          column("dated", { ...last, sorter: "string", minWidth: 100, responsive: 8 }),
        ],
      });
      into.addEventListener("keydown", step);
      // For the pointer alone: the keyboard has the buttons, which answer for themselves.
      table.on("rowClick", (/** @type {MouseEvent} */ event, /** @type {any} */ row) => {
        const on = /** @type {HTMLElement} */ (event.target);
        if (!on.closest("button, a, input, select, label") && !String(getSelection())) open(text("program_code", row.getData().row) ?? "");
      });
      table.on("headerClick", () => {
        const [by] = table.getSorters();
        if (by) sorted(`${by.dir === "desc" ? "-" : ""}${by.field}`);
      });
      table.on("tableBuilt", () => {
        // What scrolls holds buttons, so that it need not be a stop of its own between the roles of grid and row.
        into.querySelector(".tabulator-tableholder")?.removeAttribute("tabindex");
        table.setFilter((/** @type {{row: number}} */ one) => visible[one.row] === 1);
        followSize();
        done();
      });
    }));
  }

  /** Draw the rows anew when the room for them has another size. */
  function followSize() {
    const size = () => [into.clientWidth, into.clientHeight].join();
    let drawn = size();
    new ResizeObserver(() => {
      if (!into.clientWidth || size() === drawn) return;
      drawn = size();
      keepFocus(() => table.redraw());
    }).observe(into);
  }

  /** Change the rows; the focus stays where it was. @param {() => void} change */
  function keepFocus(change) {
    const before = /** @type {HTMLElement | null} */ (document.activeElement?.closest(".tabulator-row") ? document.activeElement : null);
    change();
    // A cell that was made anew has another button of the same name.
    const label = before?.isConnected ? null : before?.getAttribute("aria-label");
    const now = label ? /** @type {HTMLElement | null} */ (into.querySelector(`[aria-label="${CSS.escape(label)}"]`)) : before;
    now?.focus();
  }

  /**
   * Draw again what hangs on the person's own marks; the column of lights is there where a profile is.
   * @param {string | null} code of the program that was marked, null for all
   * @param {() => void} change what is done before; the focus stays where it was
   */
  function remark(code, change) {
    keepFocus(() => {
      change();
      const column = table.getColumn("light");
      if (column.isVisible() !== Boolean(own.profile())) column.toggle();
      if (code === null) table.redraw(true);
      else table.getRow(data.rowByCode.get(code) ?? -1)?.reformat?.();
    });
  }

  /** Go from program to program by the arrow keys. @param {KeyboardEvent} event */
  function step(event) {
    const from = /** @type {HTMLElement} */ (event.target);
    if (!["ArrowDown", "ArrowUp"].includes(event.key) || !from.matches("button.open")) return;
    const row = from.closest(".tabulator-row");
    const to = event.key === "ArrowDown" ? row?.nextElementSibling : row?.previousElementSibling;
    /** @type {HTMLElement | null} */ (to?.querySelector("button.open"))?.focus();
    event.preventDefault();
  }

  /** @param {Uint8Array} rowsToShow */
  function show(rowsToShow) {
    visible = rowsToShow;
    table.refreshFilter();
  }

  /** @returns {number[]} the rows that are shown, in their order */
  function shown() {
    return table.getData("active").map((/** @type {{row: number}} */ one) => one.row);
  }

  /** All rows that are shown, in their order, as a plain table: the grid draws only those on the screen. @returns {HTMLElement} */
  function whole() {
    const made = Object.entries(makers(() => {})).filter(([field]) => field !== "light" || own.profile());
    const heads = made.map(([field]) => el("th", { scope: "col" }, TITLES[/** @type {keyof typeof TITLES} */ (field)]));
    const lines = shown().map((row) => el("tr", {}, ...made.map(([, make]) => el("td", {}, make(row)))));
    return el("table", {}, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...lines));
  }

  /** @param {string} sort as of `build` */
  function sort(sort) {
    if (Object.hasOwn(TITLES, sort.replace(/^-/, ""))) table.setSort([sorting(sort)]);
  }

  /** @param {string} sort @returns {{column: string, dir: string}} by tier where it names no column */
  function sorting(sort) {
    const column = sort.replace(/^-/, "");
    return Object.hasOwn(TITLES, column) ? { column, dir: sort.startsWith("-") ? "desc" : "asc" } : { column: "tier", dir: "asc" };
  }

  return { build, show, shown, whole, sort, remark, TITLES };
})();

"use strict";

/* The page: state, filters, rows and drawer, joined. */
(async () => {
  const find = (/** @type {string} */ id) => /** @type {any} */ (document.getElementById(id));
  const [search, sort, toggle] = [find("q"), find("sort"), find("toggle")];
  const FIRST = "tier";
  let state = view.read();

  function refresh() {
    const { visible, total, counts } = filters.apply(state);
    filters.show(state, counts);
    grid.show(visible);
    find("count").textContent = `${total.toLocaleString("en")} of ${data.rows.toLocaleString("en")} programs`;
    find("clear").disabled = !state.q && !state.chosen.size;
  }

  function changed() {
    view.write(state);
    refresh();
  }

  function open(/** @type {string} */ code) {
    state.program = code;
    view.write(state, true);
    drawer.show(code, open);
  }

  function tick(/** @type {string} */ facet, /** @type {number} */ place, /** @type {boolean} */ on) {
    const chosen = new Set(state.chosen.get(facet));
    if (on) chosen.add(place);
    else chosen.delete(place);
    if (chosen.size) state.chosen.set(facet, chosen);
    else state.chosen.delete(facet);
    changed();
  }

  function sortBy(/** @type {string} */ by) {
    state.sort = by === FIRST ? "" : by;
    view.write(state);
    showSort();
  }

  function showSort() {
    sort.value = state.sort || FIRST;
  }

  /** Show what the address says: at first, and when it was changed by hand or by the way back. */
  function follow() {
    state = view.read();
    search.value = state.q;
    showSort();
    grid.sort(state.sort || FIRST);
    refresh();
    if (data.rowByCode.has(state.program)) drawer.show(state.program, open);
    else drawer.hide();
  }

  for (const [field, title] of Object.entries(grid.TITLES)) {
    sort.append(new Option(`${title} ↑`, field), new Option(`${title} ↓`, `-${field}`));
  }
  filters.build(find("facets"), tick);
  await grid.build(find("grid"), open, sortBy);
  search.addEventListener("input", () => {
    state.q = search.value;
    changed();
  });
  sort.addEventListener("change", () => {
    grid.sort(sort.value);
    sortBy(sort.value);
  });
  find("clear").addEventListener("click", () => {
    state = { ...state, q: "", chosen: new Map() };
    search.value = "";
    changed();
  });
  find("save").addEventListener("click", () => dom.download(`h1b-sponsors_${h1b.about.as_of}.csv`, csv.list(grid.shown())));
  toggle.addEventListener("click", () => {
    const expanded = find("facets").classList.toggle("expanded");
    toggle.setAttribute("aria-expanded", String(expanded));
  });
  find("filters").addEventListener("submit", (/** @type {Event} */ event) => event.preventDefault());
  drawer.onClose(() => {
    state.program = "";
    view.write(state);
  });
  addEventListener("popstate", follow);
  addEventListener("hashchange", follow);
  follow();
  document.documentElement.dataset.ready = "yes";
})();

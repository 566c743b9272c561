"use strict";

/* The page: state, filters, rows and drawer, joined. */
(async () => {
  const find = (/** @type {string} */ id) => /** @type {any} */ (document.getElementById(id));
  const [search, sort, toggle] = [find("q"), find("sort"), find("toggle")];
  /** The order of the list where none is asked for: that of the shortlist, where there is a profile. */
  const first = () => (own.profile() ? "light" : "tier");
  const LARGEST_COPY = 5_000_000;
  let state = view.read();

  function refresh() {
    const { visible, total, counts } = filters.apply(state);
    filters.show(state, counts);
    grid.show(visible);
    find("count").textContent = `${total.toLocaleString("en")} of ${data.rows.toLocaleString("en")} programs`;
    find("clear").disabled = !state.q && !state.chosen.size;
    for (const name of ["take-table", "take-confirmations"]) find(name).disabled = !own.starred().length;
    find("take-profile").disabled = !own.profile();
    find("refused").hidden = own.isKept();
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

  /** @param {Error | null} error what can't be done for want of a file; null takes the notice away */
  function trouble(error) {
    find("trouble").hidden = error === null;
    find("trouble").textContent = error ? `Your profile can't be used: ${error.message}. Are all files of the folder there?` : "";
  }

  const profileNow = () => JSON.stringify(own.profile());
  let judgedBy = "";

  /** Judge all rows by the profile, and hide what is nothing without one. */
  async function judgeAll() {
    judgedBy = profileNow();
    await marks.readProfile().then(() => trouble(null), trouble);
    /** @type {HTMLElement} */ (document.querySelector("details[data-facet=light]")).hidden = !own.profile();
  }

  /** Take up what the person marked: filters, lights, colours. @param {string | null} code of the one program that was marked */
  async function marked(code) {
    marks.readMarks();
    if (profileNow() === judgedBy) {
      grid.remark(code, refresh);
    } else {
      await judgeAll();
      grid.remark(null, refresh);
      grid.sort(state.sort || first());
      showSort();
    }
    compare.set(state.compared);
  }

  function sortBy(/** @type {string} */ by) {
    state.sort = by === first() ? "" : by;
    view.write(state);
    showSort();
  }

  function showSort() {
    sort.value = state.sort || first();
  }

  /** Show what the address says: at first, and when it was changed by hand or by the way back. */
  function follow() {
    state = view.read();
    search.value = state.q;
    showSort();
    grid.sort(state.sort || first());
    compare.set(state.compared);
    refresh();
    if (data.rowByCode.has(state.program)) drawer.show(state.program, open);
    else drawer.hide();
  }

  for (const [field, title] of Object.entries(grid.TITLES)) {
    sort.append(new Option(`${title} ↑`, field), new Option(`${title} ↓`, `-${field}`));
  }
  filters.build(find("facets"), tick);
  marks.readMarks();
  await judgeAll();
  await grid.build(find("grid"), open, sortBy, state.sort || first());
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
  own.onChange((code) => void marked(code));
  compare.onChange((codes) => {
    state.compared = codes;
    view.write(state);
  });
  find("profile-open").addEventListener("click", () => form.show().catch(trouble));
  find("compare-open").addEventListener("click", () => compare.show(open));
  find("map-open").addEventListener("click", () => map.show(() => state, tick));
  find("changes-open").addEventListener("click", () => void changes.show(open));
  find("take-table").addEventListener("click", () => dom.download(`h1b-sponsors_starred_${h1b.about.as_of}.csv`, starred.table()));
  find("take-confirmations").addEventListener("click", () => dom.download("confirmations.csv", starred.confirmations()));
  find("take-profile").addEventListener("click", () => dom.download("profile.toml", profiles.toml(own.profile() ?? profiles.blank()), "application/toml"));
  find("take-copy").addEventListener("click", () => dom.download("h1b-sponsors_own.json", own.copy(), "application/json"));
  find("bring-back").addEventListener("change", async () => {
    const [file] = find("bring-back").files;
    if (!file) return;
    const there = file.size <= LARGEST_COPY && own.bringBack(await file.text());
    find("brought").textContent = there ? "brought back" : "that is no copy of this page: nothing was changed";
    find("bring-back").value = "";
  });
  find("save").addEventListener("click", () => dom.download(`h1b-sponsors_${h1b.about.as_of}.csv`, csv.list(grid.shown())));
  find("print").addEventListener("click", () => print());
  paper.build(grid.whole);
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

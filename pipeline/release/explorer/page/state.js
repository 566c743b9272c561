"use strict";

/* What is shown, as the fragment of the address: each view is a link that can be kept and sent. */
const view = (() => {
  const { facets, columns } = h1b.grid;
  const NOT_KNOWN = "";

  /** @returns {State} the state of the address; values that this release doesn't have are left out */
  function read() {
    const said = new URLSearchParams(location.hash.slice(1));
    /** @type {Choices} */
    const chosen = new Map();
    for (const { name } of facets) {
      const places = said.getAll(name).map((value) => (value === NOT_KNOWN ? -1 : columns[name].values.indexOf(value)));
      const known = places.filter((place, at) => place >= 0 || said.getAll(name)[at] === NOT_KNOWN);
      if (known.length) chosen.set(name, new Set(known));
    }
    return { q: (said.get("q") ?? "").slice(0, 200), sort: said.get("sort") ?? "", program: said.get("program") ?? "", compared: said.getAll("compare").slice(0, 5), chosen };
  }

  /** @param {State} state @returns {string} its fragment, in one order */
  function fragment(state) {
    const said = new URLSearchParams();
    if (state.q) said.append("q", state.q);
    for (const { name } of facets) {
      const places = [...(state.chosen.get(name) ?? [])].sort((one, other) => one - other);
      for (const place of places) said.append(name, place < 0 ? NOT_KNOWN : columns[name].values[place]);
    }
    if (state.sort) said.append("sort", state.sort);
    for (const code of state.compared) said.append("compare", code);
    if (state.program) said.append("program", state.program);
    return `#${said}`;
  }

  /**
   * Put a state into the address.
   * @param {State} state
   * @param {boolean} [asStep] whether the browser's way back should lead to what was shown before
   */
  function write(state, asStep = false) {
    const to = fragment(state);
    if (to === (location.hash || "#")) return;
    history[asStep ? "pushState" : "replaceState"](null, "", to);
  }

  return { read, write };
})();

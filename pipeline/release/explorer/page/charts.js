"use strict";

/* Small charts, drawn as SVG, each with what it shows in words. */
const charts = (() => {
  const { el, svg } = dom;
  const [HIGH, STEP, BAR, FOOT, HEAD] = [70, 44, 30, 16, 14];

  /** @typedef {[year: number, part: number, whole: number]} Year */

  /**
   * Fill the years between the first and the last.
   * @param {Year[]} years in any order, some perhaps several times @returns {Year[]} each year once, in order
   */
  function filled(years) {
    if (!years.length) return [];
    const first = Math.min(...years.map(([year]) => year));
    const last = Math.max(...years.map(([year]) => year));
    const all = Array.from({ length: last - first + 1 }, (_, at) => /** @type {Year} */ ([first + at, 0, 0]));
    for (const [year, part, whole] of years) {
      all[year - first][1] += part;
      all[year - first][2] += whole;
    }
    return all;
  }

  /** @param {Year} year @param {string} of @returns {string} */
  const told = ([year, part, whole], of) => (whole ? `${year}: ${whole.toLocaleString("en")}, ${part.toLocaleString("en")} of ${of}` : `${year}: none at hand`);

  /**
   * Draw a bar for each year, its dark part what is of the one thing.
   * @param {string} caption @param {string} of the one thing, in words @param {Year[]} years as of `filled`
   * @returns {HTMLElement | null} null where there are fewer than two years: nothing to see then
   */
  function bars(caption, of, years) {
    const all = filled(years);
    if (all.length < 2) return null;
    const most = Math.max(1, ...all.map(([, , whole]) => whole));
    const bottom = HEAD + HIGH;
    const drawn = all.flatMap(([year, part, whole], at) => {
      const x = at * STEP + (STEP - BAR) / 2;
      const [tall, dark] = [whole, part].map((count) => Math.round((HIGH * count) / most));
      const label = { x: at * STEP + STEP / 2, "aria-hidden": "true" };
      return [
        svg("rect", { class: "whole", x, y: bottom - tall, width: BAR, height: tall }),
        svg("rect", { class: "part", x, y: bottom - dark, width: BAR, height: dark }),
        svg("text", { ...label, y: bottom - tall - 3 }, whole ? whole.toLocaleString("en") : "–"),
        svg("text", { ...label, y: bottom + FOOT - 3 }, String(year)),
      ];
    });
    const [width, height] = [all.length * STEP, bottom + FOOT];
    const said = `${caption}. ${all.map((one) => told(one, of)).join("; ")}.`;
    return el("figure", { class: "chart" },
      svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": said }, ...drawn),
      el("figcaption", { class: "soft" }, `${caption}; dark: ${of}.${all.some(([, , whole]) => !whole) ? " A dash: none at hand, which is no no." : ""}`));
  }

  return { bars, filled };
})();

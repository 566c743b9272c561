"use strict";

/* A person's own marks as columns to filter by: what is starred or noted, and the light that the profile gives. */
const marks = (() => {
  const { rows, rowByCode, text, number, load } = data;
  const NOT_ABOUT = "not what your profile is about";
  const yours = { values: ["starred", "noted"], sets: [[], [0], [1], [0, 1]], codes: new Array(rows).fill(0), numbers: [] };
  const light = { values: judge.LIGHTS, codes: new Array(rows).fill(-1), numbers: [] };
  /** @type {ReturnType<typeof judge.all>} */
  let judged = [];

  Object.assign(h1b.grid.columns, { yours, light });
  h1b.grid.facets.unshift(
    { name: "light", label: "Light, by your profile", about: "Green: good, recent, every must-have met. Yellow: ask first. Red: a must-have is not met, every acceptable visa is denied or closed to you, or the accreditation was withdrawn", words: judge.LIGHTS, unknown: [], null: NOT_ABOUT },
    { name: "yours", label: "Yours", about: "What you starred, and of what you noted interest or words", words: ["starred", "with your interest or notes"], unknown: [], null: "neither" },
  );

  /** Take up what was marked. */
  function readMarks() {
    yours.codes.fill(0);
    for (const code of own.noted()) {
      const row = rowByCode.get(code);
      const { star, interest, notes } = own.of(code);
      if (row !== undefined) yours.codes[row] = (star ? 1 : 0) + (interest || notes ? 2 : 0);
    }
  }

  /** Take up the profile. @returns {Promise<void>} done when all rows are judged; rejected where facts.js is not there */
  async function readProfile() {
    const profile = own.profile();
    if (profile && !h1b.facts) await load("facts.js");
    if (profile) profiles.keepKnown(profile);
    judged = profile ? judge.all(profile) : [];
    for (let row = 0; row < rows; row += 1) {
      const one = judged[row];
      light.codes[row] = one ? judge.LIGHTS.indexOf(one.light) : -1;
    }
  }

  /** @param {number} row @returns {ReturnType<typeof judge.one> | null} null without a profile, or where it isn't about the row */
  const of = (row) => judged[row] ?? null;

  /** What a row is ordered by, as in the shortlist: light, preferred visa, own interest, score, stated before inferred. @param {number} row @returns {number[]} the smallest first */
  function order(row) {
    const one = of(row);
    if (!one) return [judge.LIGHTS.length];
    const interest = own.of(text("program_code", row) ?? "").interest || h1b.facts.tables.unrated;
    const percent = number("percent", row);
    return [judge.LIGHTS.indexOf(one.light), one.second ? 1 : 0, -interest, -Math.round(100 * one.score), percent === null ? 0 : 1, -(percent ?? 0), -Math.round(100 * one.high)];
  }

  /** @param {number} one @param {number} other rows @returns {number} negative where `one` comes first */
  function inOrder(one, other) {
    const [first, second] = [order(one), order(other)];
    const at = first.findIndex((key, place) => key !== second[place]);
    return at < 0 ? one - other : first[at] - second[at];
  }

  return { readMarks, readProfile, of, inOrder };
})();

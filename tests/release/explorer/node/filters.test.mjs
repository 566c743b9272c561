import assert from "node:assert/strict";
import { test } from "node:test";
import { page, plain } from "./page.mjs";

const said = page(["dom", "data", "filters"]);

/** What a state shows and counts. @param {[string, number[]][]} chosen places by facet @param {string} [q] */
function shown(chosen, q = "") {
  const state = `{ q: ${JSON.stringify(q)}, sort: "", program: "", chosen: new Map(${JSON.stringify(chosen)}.map(([name, places]) => [name, new Set(places)])) }`;
  return plain(said(`(() => { const { visible, total, counts } = filters.apply(${state});
    return { visible: [...visible], total, counts: Object.fromEntries([...counts].map(([name, many]) => [name, [...many]])) }; })()`));
}

test("without a choice all rows are shown and counted, the unknown first", () => {
  const { visible, total, counts } = shown([]);
  assert.deepEqual(visible, [1, 1, 1, 1]);
  assert.equal(total, 4);
  assert.deepEqual(counts, { state: [1, 1, 2], visa_category: [0, 2, 2], routes: [2, 1, 2] });
});

test("choices of one facet add, facets narrow, and each counts without its own", () => {
  const { visible, counts } = shown([["state", [1]], ["visa_category", [1]]]);
  assert.deepEqual(visible, [0, 0, 1, 0]);
  assert.deepEqual(counts.state, [0, 1, 1]);
  assert.deepEqual(counts.visa_category, [0, 1, 1]);
  assert.deepEqual(shown([["state", [0, 1]]]).visible, [1, 1, 1, 0]);
});

test("unknown is a choice of its own, also of lists", () => {
  assert.deepEqual(shown([["state", [-1]]]).visible, [0, 0, 0, 1]);
  assert.deepEqual(shown([["routes", [-1]]]).visible, [1, 0, 0, 1]);
  assert.deepEqual(shown([["routes", [1]]]).visible, [0, 1, 1, 0]);
});

test("every word must be there, with or without accents", () => {
  assert.deepEqual(shown([], "pediatrics BÓSTON").visible, [1, 0, 1, 0]);
  assert.deepEqual(shown([], "pediatrics nowhere").visible, [0, 0, 0, 0]);
});

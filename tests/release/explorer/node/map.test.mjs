import assert from "node:assert/strict";
import { test } from "node:test";
import { page, plain } from "./page.mjs";

const document = { getElementById: () => null, createElement: () => ({ setAttribute() {}, append() {} }) };
const said = page(["dom", "data", "filters", "map"], { document, Node: class {} });
const state = (chosen) => `{ q: "", sort: "", program: "", compared: [], chosen: new Map(${JSON.stringify(chosen)}.map(([name, places]) => [name, new Set(places)])) }`;

test("states are counted without their own choice, the unknown first", () => {
  const nowhere = { programs: 1, written: 1 };
  assert.deepEqual(plain(said(`map.tally(${state([])})`)), [nowhere, { programs: 1, written: 0 }, { programs: 2, written: 1 }]);
  assert.deepEqual(plain(said(`map.tally(${state([["state", [0]], ["visa_category", [0]]])})`)), [nowhere, { programs: 0, written: 0 }, { programs: 1, written: 1 }]);
});

test("a share has its band, and none known is none of a no", () => {
  const band = (programs, written) => said(`map.band({ programs: ${programs}, written: ${written} })`);
  assert.deepEqual([[0, 0], [9, 0], [100, 1], [10, 1], [4, 1], [2, 1]].map(([programs, written]) => band(programs, written)), ["s-none", "s0", "s1", "s2", "s3", "s4"]);
});

test("each state has one square, no two in one place, and what lies nowhere comes below", () => {
  const tiles = plain(said("map.tiles()"));
  assert.equal(new Set(tiles.map(([code]) => code)).size, 52);
  assert.equal(new Set(tiles.map(([, x, y]) => `${x} ${y}`)).size, tiles.length);
  assert.deepEqual(plain(said("h1b.grid.columns.state.values.push('GU'), map.tiles().at(-1)")), ["GU", 0, 8]);
});

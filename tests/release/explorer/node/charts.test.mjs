import assert from "node:assert/strict";
import { test } from "node:test";
import { page, plain } from "./page.mjs";

class Node {
  constructor(tag) { Object.assign(this, { tag, children: [], attributes: {} }); }
  setAttribute(name, value) { this.attributes[name] = value; }
  append(...children) { this.children.push(...children); }
}
const made = (tag) => new Node(tag);
const said = page(["dom", "charts"], { Node, document: { createElement: made, createElementNS: (_, tag) => made(tag) } });
const bars = (years) => said(`charts.bars("Filed", "this specialty", ${JSON.stringify(years)})`);

test("years are summed, in order, without a gap", () => {
  assert.deepEqual(plain(said("charts.filled([[2024, 1, 2], [2022, 0, 3], [2024, 0, 5]])")), [[2022, 0, 3], [2023, 0, 0], [2024, 1, 7]]);
  assert.deepEqual(plain(said("charts.filled([])")), []);
});

test("what is drawn is told in words, and none at hand is no zero", () => {
  const [drawing] = bars([[2022, 0, 3], [2024, 1, 7]]).children;
  assert.equal(drawing.attributes["aria-label"], "Filed. 2022: 3, 0 of this specialty; 2023: none at hand; 2024: 7, 1 of this specialty.");
  const tall = (name) => drawing.children.filter((one) => one.attributes.class === name).map((one) => Number(one.attributes.height));
  assert.deepEqual([tall("whole"), tall("part")], [[30, 0, 70], [0, 0, 10]]);
  assert.deepEqual(drawing.children.filter((one) => one.tag === "text").map((one) => one.children[0]), ["3", "2022", "–", "2023", "7", "2024"]);
});

test("one year alone is no chart", () => {
  assert.equal(bars([[2024, 1, 2]]), null);
  assert.equal(bars([]), null);
});

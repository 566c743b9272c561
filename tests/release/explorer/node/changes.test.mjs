import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./page.mjs";

class Node {
  constructor(tag) { Object.assign(this, { tag, children: [], attributes: {} }); }
  setAttribute(name, value) { this.attributes[name] = value; }
  append(...children) { this.children.push(...children); }
  addEventListener() {}
}

const said = page(["dom", "data", "changes"], { Node, document: { getElementById: () => null, createElement: (tag) => new Node(tag) }, URL });
/** @param {any} node @returns {string} its text */
const text = (node) => (node instanceof Node ? node.children.map(text).join("") : node);
const told = (all) => said(`changes.told(${JSON.stringify(all)}, () => {})`);

test("no release before, and nothing that changed, are told in words", () => {
  assert.match(text(told({ previous: null, changes: [] })[0]), /first release at hand/);
  assert.match(text(told({ previous: "2026-10-20_a", changes: [] })[0]), /Nothing changed since release 2026-10-20_a/);
});

test("each change has its number, and only programs of the list open", () => {
  const row = { program: "One", institution: "Example", state: null, before: "", now: "H-1B yes", url: "javascript:alert(1)", quote: "<b>" };
  const [, group] = told({ previous: "2026-10-20_a", changes: [{ change: "left_list", meaning: "gone", rows: [{ ...row, code: "1" }, { ...row, code: "9" }] }] });
  const all = [];
  const walk = (node) => node instanceof Node && (all.push(node), node.children.forEach(walk));
  walk(group);
  assert.match(text(group), /left list \(2\): gone/);
  assert.equal(all.filter((node) => node.tag === "button").length, 1);
  assert.equal(all.filter((node) => node.tag === "a").length, 0);
  assert.ok(text(group).includes("<b>"));
});

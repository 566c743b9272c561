import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./page.mjs";

/** The page's paper, with what listens to the browser. @param {object | null} dialog that is open */
function printed(dialog) {
  const listeners = {};
  const shown = [];
  const paper = { replaceChildren: (...nodes) => shown.splice(0, shown.length, ...nodes) };
  const document = {
    getElementById: (id) => (id === "paper" ? paper : { textContent: "3 of 4 programs" }),
    querySelector: () => dialog,
    createElement: (tag) => ({ tag, children: [], setAttribute() {}, append(child) { this.children.push(child); } }),
  };
  class Node {}
  const said = page(["dom", "paper"], { document, Node, addEventListener: (name, listener) => { listeners[name] = listener; } });
  said("paper.build(() => 'all rows')");
  return { listeners, shown };
}

test("rows are printed with their number and taken away after", () => {
  const { listeners, shown } = printed(null);
  listeners.beforeprint();
  assert.deepEqual(shown.map((one) => one.children?.[0] ?? one), ["3 of 4 programs", "all rows"]);
  listeners.afterprint();
  assert.equal(shown.length, 0);
});

test("an open dialog is printed instead, without its ids and with what was typed", () => {
  const replaced = [];
  const unnamed = [];
  const copy = { childNodes: ["copied"], querySelectorAll: (what) => ({
    select: [{ replaceWith: (one) => replaced.push(one.children[0]) }],
    textarea: [{ value: "asked", replaceWith: (one) => replaced.push(one.children[0]) }],
    "[id]": [{ removeAttribute: (name) => unnamed.push(name) }],
  })[what] };
  const { listeners, shown } = printed({ cloneNode: () => copy, querySelectorAll: () => [{ selectedOptions: [{ text: "5, the most" }] }] });
  listeners.beforeprint();
  assert.deepEqual([shown, replaced, unnamed], [["copied"], ["5, the most", "asked"], ["id"]]);
});

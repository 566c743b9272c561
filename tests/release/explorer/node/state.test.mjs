import assert from "node:assert/strict";
import { test } from "node:test";
import { page, plain } from "./page.mjs";

/** What is read of an address, and the address that is made of it. */
function through(hash) {
  const written = [];
  const said = page(["state"], {
    location: { hash },
    history: { replaceState: (_, __, to) => written.push(["replace", to]), pushState: (_, __, to) => written.push(["push", to]) },
  });
  said("const state = view.read(); location.hash = '#other'; view.write(state)");
  return { state: plain(said("({ ...state, chosen: [...state.chosen].map(([name, places]) => [name, [...places]]) })")), written };
}

test("a view comes back from its own address", () => {
  const hash = "#q=genetics+boston&state=CA&state=MA&visa_category=%3F&sort=-filed&compare=3&compare=1&program=2";
  const { state, written } = through(hash);
  assert.deepEqual(state, { q: "genetics boston", sort: "-filed", program: "2", compared: ["3", "1"], chosen: [["state", [0, 1]], ["visa_category", [1]]] });
  assert.deepEqual(written, [["replace", hash]]);
});

test("not known can be chosen, and is no value of that name", () => {
  assert.deepEqual(through("#state=").state.chosen, [["state", [-1]]]);
});

test("what a release doesn't have is left out", () => {
  const { state, written } = through("#state=XX&nonsense=1&__proto__=2&visa_category=A");
  assert.deepEqual(state.chosen, [["visa_category", [0]]]);
  assert.deepEqual(written, [["replace", "#visa_category=A"]]);
});

test("a long search is cut", () => {
  assert.equal(through(`#q=${"x".repeat(1000)}`).state.q.length, 200);
});

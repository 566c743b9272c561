import assert from "node:assert/strict";
import { test } from "node:test";
import { page, plain } from "./page.mjs";

/** A storage that holds a text, or refuses. */
function kept(text, refuses = {}) {
  const held = new Map(text === null ? [] : [["h1b-sponsors", text]]);
  const refuse = (what) => {
    if (refuses[what]) throw new Error("refused");
  };
  return {
    held,
    getItem: (name) => (refuse("read"), held.get(name) ?? null),
    setItem: (name, value) => (refuse("write"), void held.set(name, value)),
    removeItem: (name) => void held.delete(name),
  };
}

const own = (storage) => page(["profiles", "own"], storage ? { localStorage: storage } : {});

test("marks come back, and what is taken back is gone", () => {
  const storage = kept(null);
  const said = own(storage);
  said('own.mark("1300000001", { star: true, interest: 3 }); own.mark("1300000002", { notes: "x" }); own.mark("1300000002", { notes: "" })');
  const again = own(kept(storage.held.get("h1b-sponsors")));
  assert.deepEqual(plain(again("own.noted()")), ["1300000001"]);
  assert.deepEqual(plain(again('own.of("1300000001")')), { star: true, interest: 3, notes: "" });
  assert.deepEqual(plain(again("own.starred()")), ["1300000001"]);
});

test("a storage that is refused, full or not there keeps until the page is closed, and says so", () => {
  for (const storage of [kept(null, { read: true, write: true }), kept(null, { write: true }), null]) {
    const said = own(storage);
    said('own.mark("1300000001", { star: true })');
    assert.equal(said("own.isKept()"), false);
    assert.deepEqual(plain(said("own.starred()")), ["1300000001"]);
  }
});

test("what can't be read is passed over, not lost before something is kept", () => {
  const storage = kept("{ damaged");
  const said = own(storage);
  assert.equal(said("own.isKept()"), true);
  assert.equal(storage.held.get("h1b-sponsors"), "{ damaged");
  assert.deepEqual(plain(own(kept('{"programs": {"__proto__": {"star": true}, "1300000001": {"star": 1, "interest": 9, "notes": 4}}}'))("own.starred()")), []);
});

test("a copy is brought back whole, anything else changes nothing", () => {
  const said = own(kept(null));
  said('own.mark("1300000001", { star: true, notes: "x" })');
  const other = own(kept(null));
  assert.equal(other(`own.bringBack(${JSON.stringify(said("own.copy()"))})`), true);
  assert.deepEqual(plain(other('own.of("1300000001")')), { star: true, interest: 0, notes: "x" });
  for (const junk of ["{", "[]", "3", "null", '{"profile": {}}', '{"programs": null}']) assert.equal(other(`own.bringBack(${JSON.stringify(junk)})`), false);
  assert.deepEqual(plain(other("own.starred()")), ["1300000001"]);
});

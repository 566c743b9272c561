import assert from "node:assert/strict";
import { test } from "node:test";
import { page, plain } from "./page.mjs";

const said = page(["data", "csv"]);
const cell = (value) => said(`csv.file([[${JSON.stringify(value)}]])`).slice(1, -2);

test("no cell is a formula", () => {
  for (const start of ["=", "+", "-", "@", "\t", "\r"]) assert.equal(cell(`${start}1`), `"'${start}1"`);
  assert.equal(cell("a=1"), '"a=1"');
});

test("quotes, commas and breaks stay in their cell, unknown is blank", () => {
  assert.equal(cell('say "yes", twice\nor not'), '"say ""yes"", twice\nor not"');
  assert.equal(cell(null), '""');
  assert.equal(cell(0), '"0"');
});

test("rows are saved in their order with words for values", () => {
  const [head, first, second] = said("csv.list([1, 0])").slice(1).split("\r\n");
  assert.equal(head.split(",").length, plain(said("csv.HEAD")).length);
  assert.ok(first.startsWith(`"2","Surgery","Two","Example","'=1+1","CA","","?: needs confirmation"`), first);
  assert.ok(second.endsWith('"","3","2026-01-02","2026-11-20_test"'), second);
});

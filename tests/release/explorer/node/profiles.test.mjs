import assert from "node:assert/strict";
import { test } from "node:test";
import { page, plain } from "./page.mjs";

const said = page(["profiles"]);

test("a profile is written as TOML: days bare, texts quoted", () => {
  const profile = { specialties: ['A "B"\\'], visas: ["J-1", "H-1B"], step3: "2027-02-15", must_haves: ["place"], places: { states: ["CA"], metros: [], only: true }, applicant: { name: "Łu\u007F", ecfmg: "certified" }, weights: { size: 2.5 } };
  assert.equal(said(`profiles.toml(${JSON.stringify(profile)})`), `# h1b-sponsors shortlist --profile profile.toml
visas = ["J-1", "H-1B"]
specialties = ["A \\"B\\"\\\\"]
step3 = 2027-02-15
must_haves = ["place"]

[places]
states = ["CA"]
metros = []
only = true

[applicant]
name = "Łu\\u007F"
ecfmg = "certified"

[weights]
size = 2.5
`);
});

test("of what is kept only what a profile may say is used", () => {
  assert.equal(said("profiles.usable(3)"), null);
  assert.deepEqual(plain(said('profiles.usable({ visas: ["H-1B", "X"], specialties: "x", applicant: { name: " a ", other: "b" }, weights: { size: -1, visa_fit: 0, place: 3 }, places: null })')),
    { specialties: [], visas: ["H-1B"], must_haves: [], places: { states: [], metros: [], only: false }, applicant: { name: "a" }, weights: { place: 3 } });
});

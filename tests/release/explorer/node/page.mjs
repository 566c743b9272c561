/* Scripts of the page in a context of their own, over a list of a few made-up rows: what needs no browser is tested so. */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import vm from "node:vm";

const FOLDER = new URL("../../../../pipeline/release/explorer/page/", import.meta.url);

export const LIST = {
  about: { release_id: "2026-11-20_test", as_of: "2026-11-20" },
  words: { visa_category: { A: "A: H-1B sponsored", "?": "?: needs confirmation" } },
  grid: {
    rows: 4,
    columns: {
      program_code: { values: ["1", "2", "3", "4"], codes: [0, 1, 2, 3] },
      program_name: { values: ["One", "Two"], codes: [0, 1, 0, 1] },
      specialty: { values: ["Pédiatrics", "Surgery"], codes: [0, 1, 0, -1] },
      institution: { values: ["Example"], codes: [0, 0, 0, 0] },
      institution_id: { values: ["inst_a0"], codes: [0, 0, 0, 0] },
      city: { values: ["=1+1", "Boston"], codes: [1, 0, 1, -1] },
      state: { values: ["CA", "MA"], codes: [1, 0, 1, -1] },
      metro_area: { values: [], codes: [-1, -1, -1, -1] },
      visa_category: { values: ["A", "?"], codes: [0, 1, 1, 0] },
      sponsor_tier: { values: ["sponsors", "unknown"], codes: [0, 1, 1, 0] },
      routes: { values: ["consulate", "transfer"], sets: [[], [0, 1], [1]], codes: [0, 1, 2, 0] },
      step3: { values: [], codes: [-1, -1, -1, -1] },
      cap_exempt_category: { values: [], codes: [-1, -1, -1, -1] },
      freeze: { values: [], codes: [-1, -1, -1, -1] },
      accreditation: { values: [], codes: [-1, -1, -1, -1] },
      evidence_date: { values: ["2026-01-02"], codes: [0, -1, -1, -1] },
      percent: { numbers: [null, 12, 30, null] },
      filed: { numbers: [3, 0, null, null] },
    },
    facets: [
      { name: "state", label: "State", about: "", words: ["California", "Massachusetts"], unknown: [], null: "not known" },
      { name: "visa_category", label: "Visa", about: "", words: ["A", "?"], unknown: [1], null: "not known" },
      { name: "routes", label: "Route", about: "", words: ["a", "b"], unknown: [], null: "not known" },
    ],
    tones: {},
  },
};

/** @param {object} given globals of the browser @param {[string, string][]} scripts name and text @returns {(expression: string) => any} */
function run(given, scripts) {
  const context = vm.createContext({ console, URLSearchParams, location: { hash: "" }, ...given });
  for (const [filename, text] of scripts) vm.runInContext(text, context, { filename });
  return (expression) => vm.runInContext(expression, context);
}

const read = (name, folder) => [name, readFileSync(new URL(name, folder), "utf-8")];
const scripts = (names) => names.map((name) => read(`${name}.js`, FOLDER));

/**
 * Run scripts of the page, in order, over LIST.
 * @param {string[]} names of files, without .js
 * @param {object} [given] globals of the browser that they need
 * @returns {(expression: string) => any} evaluates in their context
 */
export function page(names, given = {}) {
  return run(given, [["list.js", `const h1b = ${JSON.stringify(LIST)};`], ...scripts(names)]);
}

/**
 * Run scripts of the page over the list and the facts of an explorer.
 * @param {string} explorer its folder
 * @param {string[]} names as of `page`
 */
export function published(explorer, names) {
  const folder = pathToFileURL(`${explorer}/`);
  return run({}, [read("list.js", folder), read("facts.js", folder), ...scripts(names)]);
}

/** @param {any} value of another context @returns {any} the same, of this one, so that it can be compared */
export const plain = (value) => JSON.parse(JSON.stringify(value));

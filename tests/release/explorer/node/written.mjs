/* Letters of the page: node written.mjs EXPLORER, [profile, evidence script, program code] each as JSON on standard input. */
import { readFileSync } from "node:fs";
import { published } from "./page.mjs";

const said = published(process.argv[2], ["data", "letters"]);
said("let own; h1b.received = (id, value) => { own = value; }");
const letters = JSON.parse(readFileSync(0, "utf-8")).map(([profile, script, code]) => {
  said(readFileSync(`${process.argv[2]}/${script}`, "utf-8"));
  return said(`letters.write(${JSON.stringify(profile)}, own.programs["${code}"].letter, own.texts)`);
});
process.stdout.write(JSON.stringify(letters));

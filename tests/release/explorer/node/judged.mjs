/*
 * What the page makes of profiles: node judged.mjs EXPLORER, profiles as JSON on standard input.
 *
 * For each profile the light (null where the profile isn't about the row), score, score_low, score_high, why and must_haves of each row.
 */
import { readFileSync } from "node:fs";
import { published } from "./page.mjs";

const said = published(process.argv[2], ["data", "step3", "judge"]);
const profiles = readFileSync(0, "utf-8");
process.stdout.write(said(`JSON.stringify(${profiles}.map((profile) => judge.all(profile).map((one) => one && {
  light: one.light, score: one.score, score_low: one.low, score_high: one.high, why: one.why, must_haves: one.musts.map(([name, answer]) => name + ": " + answer),
})))`));

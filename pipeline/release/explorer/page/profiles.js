"use strict";

/* The profile as the page keeps it, and as the TOML file that `h1b-sponsors shortlist --profile` reads. */
const profiles = (() => {
  const DAY = /^\d{4}-\d{2}-\d{2}$/;
  const OF_APPLICANT = /** @type {const} */ (["name", "where", "school", "degree", "level", "citizenship", "ecfmg", "step1", "step2"]);
  const MOST = 40;

  const texts = (/** @type {unknown} */ value) =>
    Array.isArray(value) ? value.filter((one) => typeof one === "string" && one.length > 0 && one.length <= 200).slice(0, MOST) : [];

  /** @returns {Profile} what an empty form says */
  function blank() {
    return { specialties: [], visas: ["H-1B"], must_haves: [], places: { states: [], metros: [], only: false }, applicant: {}, weights: {} };
  }

  /** @param {any} value @returns {Profile | null} a profile of whatever is kept, null where it is none */
  function usable(value) {
    if (typeof value !== "object" || value === null) return null;
    const profile = blank();
    const visas = texts(value.visas).filter((visa) => visa === "H-1B" || visa === "J-1");
    if (visas.length) profile.visas = [...new Set(visas)];
    profile.specialties = texts(value.specialties);
    profile.must_haves = texts(value.must_haves);
    profile.places = { states: texts(value.places?.states), metros: texts(value.places?.metros), only: value.places?.only === true };
    if (typeof value.step3 === "string" && value.step3) profile.step3 = value.step3.slice(0, 20);
    for (const key of OF_APPLICANT) {
      const said = value.applicant?.[key];
      if (typeof said === "string" && said.trim()) profile.applicant[key] = said.trim().slice(0, 100);
    }
    for (const [name, weight] of Object.entries(value.weights ?? {})) {
      if (typeof weight === "number" && weight >= 0 && weight <= 100 && (weight > 0 || name !== "visa_fit")) profile.weights[name] = weight;
    }
    return profile;
  }

  /** Take out of a profile, which may be of another release, what facts.js doesn't know. @param {Profile} profile */
  function keepKnown(profile) {
    const { must_haves, where, schools, degrees, levels, visas } = h1b.facts.tables;
    profile.must_haves = profile.must_haves.filter((name) => must_haves.includes(name));
    profile.visas = profile.visas.filter((name) => visas.includes(name));
    for (const [key, allowed] of /** @type {const} */ ([["where", Object.keys(where)], ["school", schools], ["degree", degrees], ["level", levels]])) {
      if (!allowed.includes(profile.applicant[key] ?? "")) delete profile.applicant[key];
    }
  }

  /** @param {string} text @returns {string} a TOML text: what JSON escapes TOML does, too, but for DEL */
  const quoted = (text) => JSON.stringify(text).replaceAll("\u007F", "\\u007F");
  const list = (/** @type {string[]} */ values) => `[${values.map(quoted).join(", ")}]`;
  const wordOrDay = (/** @type {string} */ value) => (DAY.test(value) ? value : quoted(value));

  /** @param {Profile} profile @returns {string} the same as TOML */
  function toml(profile) {
    const { places, applicant, weights } = profile;
    const lines = ["# h1b-sponsors shortlist --profile profile.toml", `visas = ${list(profile.visas)}`];
    if (profile.specialties.length) lines.push(`specialties = ${list(profile.specialties)}`);
    if (profile.step3) lines.push(`step3 = ${wordOrDay(profile.step3)}`);
    if (profile.must_haves.length) lines.push(`must_haves = ${list(profile.must_haves)}`);
    if (places.states.length || places.metros.length) {
      lines.push("", "[places]", `states = ${list(places.states)}`, `metros = ${list(places.metros)}`, `only = ${places.only}`);
    }
    const own = OF_APPLICANT.filter((key) => applicant[key]);
    if (own.length) lines.push("", "[applicant]", ...own.map((key) => `${key} = ${wordOrDay(applicant[key] ?? "")}`));
    const weighed = Object.entries(weights);
    if (weighed.length) lines.push("", "[weights]", ...weighed.map(([name, weight]) => `${name} = ${weight}`));
    return `${lines.join("\n")}\n`;
  }

  return { blank, usable, keepKnown, toml };
})();

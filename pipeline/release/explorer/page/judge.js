"use strict";

/*
 * The list as one profile sees it: lights, scores and their reasons, as `h1b-sponsors shortlist` gives them.
 *
 * Each score and text that hangs on a program comes from facts.js; here they are looked up, put together and weighed
 * (docs/methods/shortlist.md). A test holds both against one another.
 */
const judge = (() => {
  const { text, places } = data;
  const LIGHTS = ["green", "yellow", "red"];
  const CRITERIA = /** @type {const} */ (["visa_fit", "evidence_strength", "recency", "place", "specialty_fit", "size", "img_share"]);
  const CLOSEST = ["same", "combined", "part", "subspecialty", "parent"];

  /** @param {string} name @param {number} row @returns {any} a fact of a row, null where unknown */
  function fact(name, row) {
    const column = h1b.facts.columns[name];
    if (column.numbers) return column.numbers[row];
    return column.codes[row] < 0 ? null : column.values[column.codes[row]];
  }

  /** @param {Profile} profile @returns {{h1b: Record<string, string>, j1: string | undefined, held: boolean}} what is closed to the applicant: the H-1B by the terms of a program, the J-1, and whether any route to an H-1B is */
  function closedTo({ applicant }) {
    const { closed } = h1b.facts;
    const kind = closed.countries[applicant.citizenship ?? ""] ?? 0;
    const where = applicant.where ?? "";
    return { h1b: closed.h1b[`${kind}|${where}|${applicant.school ?? ""}`] ?? {}, j1: closed.j1[`${kind}|${where}`], held: closed.held[kind] };
  }

  /** Which visa carries a row, and how well. @param {number} row @param {Profile} profile @param {ReturnType<typeof closedTo>} closed */
  function visa(row, profile, closed) {
    const { second_choice, nothing_known, step3_closed, step3_verdicts } = h1b.facts.tables;
    const stands = stepThree.standing(h1b.facts.due[fact("due", row)], profile);
    const late = stands?.verdict === step3_verdicts.too_late ? step3_closed.replace("{words}", stands.words) : undefined;
    const reason = closed.h1b[fact("terms", row)] ?? late;
    const base = reason ? 1 : fact("h1b", row);
    const baseJ1 = closed.j1 ? 1 : fact("j1", row);
    const [ownH1b, step3] = stepThree.fit(base, profile, stands);
    const counts = (/** @type {string} */ name, /** @type {number | null} */ fit) => {
      if (fit === null || !profile.visas.includes(name)) return null;
      return name === profile.visas[0] ? fit : second_choice[fit] ?? fit;
    };
    const [forH1b, forJ1] = [counts("H-1B", ownH1b), counts("J-1", baseJ1)];
    const fits = profile.visas.map((name) => (name === "H-1B" ? forH1b : forJ1));
    const known = fits.filter((fit) => fit !== null);
    let best = known.length ? Math.max(...known) : null;
    if (best !== null && best <= 2 && known.length < fits.length) best = null;
    const byH1b = profile.visas.includes("H-1B") && (forH1b ?? 0) >= (forJ1 ?? 0);
    const country = (/** @type {string | undefined} */ why) => (why ? `; ${why.replace("{citizenship}", profile.applicant.citizenship ?? "")}` : "");
    const why = byH1b ? `${fact("h1b_why", row)}${step3}${country(reason)}` : `${fact("j1_why", row)}${country(closed.j1)}`;
    return {
      byH1b,
      fit: best === null ? null : byH1b ? base : baseJ1,
      second: best !== null && byH1b !== (profile.visas[0] === "H-1B"),
      part: { score: best, why: best === null ? nothing_known.replace("{visas}", profile.visas.join(" or ")) : why },
    };
  }

  /** @typedef {{score: number | null, why: string}} Scored */
  /** @typedef {ReturnType<typeof visa>} Carried */

  /** @param {number} row @param {Carried} carried @returns {Scored} */
  function evidence(row, { byH1b, fit }) {
    const { against, doubtful, nothing } = h1b.facts.tables;
    if (fit === null) return { score: null, why: nothing };
    if (fit < 3) return { score: fit, why: fit === 1 ? against : doubtful };
    const name = byH1b ? "evidence_h1b" : "evidence_j1";
    return { score: fact(name, row), why: fact(`${name}_why`, row) };
  }

  /** @param {number} row @param {Carried} carried @returns {Scored} */
  function recency(row, { byH1b, fit }) {
    const { against, undated } = h1b.facts.tables;
    if (fit === null) return { score: null, why: undated };
    if (fit === 1) return { score: 1, why: against };
    const name = byH1b ? "recency_h1b" : "recency_j1";
    return { score: fact(name, row), why: fact(`${name}_why`, row) };
  }

  /** @param {number} row @param {Profile} profile @returns {Scored} */
  function place(row, { places: wanted }) {
    const { place_why } = h1b.facts.tables;
    const [state, area] = [text("state", row), text("metro_area", row)];
    if (area !== null && wanted.metros.some((metro) => area.toLowerCase().includes(metro.toLowerCase()))) return { score: 5, why: `in ${area}` };
    if (state !== null && wanted.states.includes(state)) return { score: 5, why: `in ${state}` };
    const near = state !== null && wanted.metros.some((metro) => h1b.facts.areas[metro]?.includes?.(state));
    if (state === null || (area === null && near)) return { score: null, why: place_why.unknown };
    return near ? { score: 2, why: place_why.near } : { score: 1, why: place_why.elsewhere };
  }

  /** @param {number} row @param {Profile} profile @returns {Scored} */
  function specialty(row, { specialties }) {
    const { specialty: scale, specialty_why, no_specialty } = h1b.facts.tables;
    const group = fact("group", row);
    if (group === null) return { score: null, why: no_specialty };
    const found = specialties.map((name) => h1b.facts.wanted[name]?.[group]);
    const closest = CLOSEST.find((relation) => found.includes(relation)) ?? "other";
    return { score: scale[closest], why: specialty_why[closest] };
  }

  /** The criteria that the profile asks for, with their weights. @param {Profile} profile @returns {[typeof CRITERIA[number], number][]} */
  function weighed(profile) {
    const silent = new Set();
    if (!profile.places.states.length && !profile.places.metros.length) silent.add("place");
    if (!profile.specialties.length) silent.add("specialty_fit");
    const weight = (/** @type {string} */ name) => profile.weights[name] ?? h1b.facts.tables.weights[name];
    return CRITERIA.filter((name) => weight(name) && !silent.has(name)).map((name) => [name, weight(name)]);
  }

  /** @param {number} row @param {Profile} profile @param {Record<string, Scored>} parts @returns {[string, string][]} each must-have with yes, no or unknown */
  function musts(row, profile, parts) {
    const full = (/** @type {Scored} */ part) => (part.score === null ? "unknown" : part.score === 5 ? "yes" : "no");
    return profile.must_haves.map((name) => {
      if (name === "place") return [name, full(parts.place)];
      return [name, name === "specialty" ? full(parts.specialty_fit) : fact(`must_${name}`, row)];
    });
  }

  /** Whether the profile is about a row: its specialties, its level, and its places where it wants no other. @param {number} row @param {Profile} profile @param {Record<string, Scored>} parts */
  function isAbout(row, profile, parts) {
    if (profile.specialties.length && parts.specialty_fit.score === 1) return false;
    if (profile.places.only && parts.place.score !== 5) return false;
    const { level } = profile.applicant;
    if (!level) return true;
    const own = places("level", row).map((at) => h1b.grid.columns.level.values[at]);
    if (level === "preliminary") return own.includes("preliminary");
    return own.includes("fellowship") === (level === "fellowship");
  }

  /** @param {[string, number][]} weights @param {Record<string, Scored>} parts @param {number} unknown what an unknown part counts */
  function total(weights, parts, unknown) {
    const sum = weights.reduce((before, [, weight]) => before + weight, 0);
    return weights.reduce((before, [name, weight]) => before + weight * (parts[name].score ?? unknown), 0) / sum;
  }

  /**
   * Judge one row.
   * @param {number} row
   * @param {Profile} profile
   * @param {ReturnType<typeof closedTo>} [closed] of the profile, where many rows are judged
   */
  function one(row, profile, closed = closedTo(profile)) {
    const { good, unknown_counts, withdrawn } = h1b.facts.tables;
    const carried = visa(row, profile, closed);
    /** @type {Record<typeof CRITERIA[number], Scored>} */
    const parts = {
      visa_fit: carried.part, evidence_strength: evidence(row, carried), recency: recency(row, carried), place: place(row, profile),
      specialty_fit: specialty(row, profile), size: { score: fact("size", row), why: fact("size_why", row) }, img_share: { score: fact("img", row), why: fact("img_why", row) },
    };
    const answers = musts(row, profile, parts);
    const gone = text("accreditation", row) === withdrawn;
    const red = parts.visa_fit.score === 1 || gone || answers.some(([, answer]) => answer === "no");
    const open = profile.applicant.where ? true : !fact("limited", row) && !closed.held;
    const fine = [parts.visa_fit, parts.evidence_strength, parts.recency].every(({ score }) => score !== null && score >= good);
    const green = fine && open && text("freeze", row) !== "frozen" && answers.every(([, answer]) => answer === "yes");
    const weights = weighed(profile);
    return {
      about: isAbout(row, profile, parts), light: red ? "red" : green ? "green" : "yellow", second: carried.second, gone, musts: answers,
      score: total(weights, parts, unknown_counts), low: total(weights, parts, 1), high: total(weights, parts, 5),
      why: weights.map(([name, weight]) => `${name.replaceAll("_", " ")} ${parts[name].score ?? "?"} (weight ${weight}): ${parts[name].why}`),
    };
  }

  /** @param {Profile} profile @returns {(ReturnType<typeof one> | null)[]} each row judged, null where the profile isn't about it */
  function all(profile) {
    const closed = closedTo(profile);
    return Array.from({ length: data.rows }, (_, row) => {
      const judged = one(row, profile, closed);
      return judged.about ? judged : null;
    });
  }

  return { one, all, LIGHTS };
})();

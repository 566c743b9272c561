"use strict";

/*
 * The letter about one program, in the applicant's voice, as `h1b-sponsors contact-list` writes it: all sentences come from Python
 * (applicants/letter.py), those about the program with its evidence and those about the applicant with facts.js.
 */
const letters = (() => {
  const MONTHS = "January February March April May June July August September October November December".split(" ");
  const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

  /** @param {string} day @returns {string} 9 February 2023 */
  function inWords(day) {
    const [, year, month, date] = DAY.exec(day) ?? [];
    return `${Number(date)} ${MONTHS[Number(month) - 1]} ${year}`;
  }

  /** @param {string[]} names @returns {string} A, B and C */
  function inOneList(names) {
    return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
  }

  /** Which certificates and steps the profile names, passed ones first. @param {Profile} profile @returns {string[]} */
  function exams(profile) {
    const { exams: words, steps } = h1b.facts.letter;
    const { certified, passed } = h1b.facts.tables;
    const { ecfmg, step1, step2 } = profile.applicant;
    const states = Object.entries({ step1, step2, step3: profile.step3 });
    const done = states.filter(([, state]) => state === passed).map(([key]) => steps[key]);
    const said = [
      ...(ecfmg === certified ? [words.certified] : []),
      ...(done.length ? [words.passed.replace("{steps}", inOneList(done))] : []),
      ...(ecfmg && DAY.test(ecfmg) ? [words.ecfmg_by.replace("{day}", inWords(ecfmg))] : []),
      ...states.flatMap(([key, state]) => (state && DAY.test(state) ? [words.step_by.replace("{step}", steps[key]).replace("{day}", inWords(state))] : [])),
    ];
    return said.length ? [`I ${inOneList(said)}.`] : [];
  }

  /** The questions that follow if an H-1B is possible. @param {Profile} profile @param {LetterParts} parts @param {(at: number) => string} text */
  function following(profile, parts, text) {
    const { routes, fees, step3_us } = h1b.facts.letter;
    const { where = "", school, degree } = profile.applicant;
    if (!parts.possible || !profile.visas.includes("H-1B")) return [];
    const way = !where && parts.alone !== null ? text(parts.alone) : parts.settled ? null : routes[where];
    const ofSchool = school === "US" ? step3_us[degree === "DO" ? "DO" : ""] : parts.step3 === null ? null : text(parts.step3);
    const step3 = profile.step3 === h1b.facts.tables.passed ? null : ofSchool;
    return [way, text(parts.files), fees[where], step3, parts.freeze === null ? null : text(parts.freeze)].filter((one) => one !== null);
  }

  /** As Python quotes it, so that both count the same characters. @param {string} text */
  const encoded = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  /** @param {string} subject @param {string} text */
  const link = (subject, text) => `mailto:?subject=${encoded(subject)}&body=${encoded(text.replaceAll("\n", "\r\n"))}`;

  /** @param {string[]} opening @param {string[]} first @param {string[]} further @param {Profile} profile @returns {string} the whole text */
  function whole(opening, first, further, { applicant: { name } }) {
    const { frame } = h1b.facts.letter;
    const numbered = [...first, ...further].map((question, at) => `${at + 1}. ${question}`);
    const asked = [frame.ask, ...numbered.slice(0, first.length), ...(further.length ? ["", frame.if_possible, ...numbered.slice(first.length)] : [])];
    return [frame.greeting, opening.join(" "), asked.join("\n"), frame.brief, frame.thanks, ...(name ? [`${frame.regards}\n${name}`] : [])].join("\n\n");
  }

  /**
   * Write a letter.
   * @param {Profile} profile
   * @param {LetterParts} parts of the program
   * @param {string[]} texts of its institution
   * @returns {{subject: string, text: string, mailto: string}} the link holds as much of it as mail programs take
   */
  function write(profile, parts, texts) {
    const { opening, standing, longest_link } = h1b.facts.letter;
    const { school = "", degree = "", where = "" } = profile.applicant;
    const at = (/** @type {number} */ place) => texts[place];
    const first = parts.first[[...profile.visas].sort().join(",")].map(at);
    const further = following(profile, parts, at);
    const who = [`${opening[`${school}|${degree}`]} ${at(parts.apply)}`, ...exams(profile), standing[`${where}|${profile.visas}`]];
    const subject = at(parts.subject);
    const text = whole([...who, at(parts.at_hand)], first, further, profile);
    let mailed = text;
    for (let count = first.length + further.length; count > 0 && link(subject, mailed).length > longest_link; count -= 1) {
      mailed = whole(who, first.slice(0, count), further.slice(0, Math.max(0, count - first.length)), profile);
    }
    return { subject, text, mailto: link(subject, mailed) };
  }

  return { write };
})();

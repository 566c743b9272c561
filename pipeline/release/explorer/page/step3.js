"use strict";

/* Whether the applicant's Step 3 comes in time for what a program states, as applicants/step3.py decides it. */
const stepThree = (() => {
  /**
   * How the applicant stands with the Step 3 of a program.
   * @param {Due | null} due @param {Profile} profile
   * @returns {{verdict: string, words: string} | null} null where Step 3 is passed, no matter, or not in the profile
   */
  function standing(due, { step3, applicant }) {
    const { passed, not_planned, not_yet, step3_words: words, step3_verdicts: verdicts } = h1b.facts.tables;
    const { as_of } = h1b.about;
    if (!step3 || step3 === passed || step3 === not_planned || applicant.school === "US") return null;
    const day = step3 === not_yet ? null : step3;
    if (day !== null && day <= as_of) return null;
    const mine = day === null ? words.mine_without_day : words.mine.replace("{day}", day);
    const said = (/** @type {string} */ name) => words[name].replace("{due}", due?.words ?? "").replace("{first}", due?.first ?? "")
      .replace("{year}", String(due?.of_year)).replace("{mine}", mine).replace("{day}", day ?? "");
    if (due === null) return day === null ? { verdict: verdicts.ask, words: said("not_passed") } : { verdict: verdicts.later, words: said("not_before") };
    if (due.of_year !== null) return { verdict: verdicts.ask, words: said("of_year") };
    if ((day ?? as_of) > due.last) return due.exact ? { verdict: verdicts.too_late, words: said("too_late") } : { verdict: verdicts.ask, words: said("seems_late") };
    return day !== null && day <= due.first ? { verdict: verdicts.in_time, words: said("in_time") } : { verdict: verdicts.ask, words: said("perhaps") };
  }

  /** The H-1B with the applicant's own Step 3, and what it is in words. @param {number | null} before @param {Profile} profile @param {ReturnType<typeof standing>} stands @returns {[number | null, string]} */
  function fit(before, { step3, applicant }, stands) {
    const { not_planned, good, step3_not_planned, step3_verdicts: verdicts } = h1b.facts.tables;
    if (step3 === not_planned && applicant.school !== "US") return [Math.min(before ?? 2, 2), step3_not_planned];
    if (!stands || stands.verdict === verdicts.too_late) return [before, ""];
    const costs = { [verdicts.later]: (before ?? 0) - 1, [verdicts.ask]: good - 1 }[stands.verdict];
    return [before !== null && before >= good && costs !== undefined ? costs : before, `; ${stands.words}`];
  }

  return { standing, fit };
})();

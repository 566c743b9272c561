"use strict";

/* What is starred as files to take along: a table, a file to fill in with answers, own notes. */
const starred = (() => {
  const { rowByCode } = data;
  /** As `h1b-sponsors add` reads confirmations.csv. */
  const ANSWERED = ["program_code", "date", "how", "j1", "h1b", "step3", "step3_deadline", "conditions", "routes", "note"];

  /** @returns {number[]} rows of the starred programs that this release has */
  const rows = () => own.starred().flatMap((code) => rowByCode.get(code) ?? []);

  /** @returns {string} a CSV file with the columns of the list, own interest and notes, and the light of the profile */
  function table() {
    const lines = rows().map((row) => {
      const { interest, notes } = own.of(data.text("program_code", row) ?? "");
      const one = marks.of(row);
      return [...csv.line(row), interest || null, notes, one?.light ?? null, one ? one.score.toFixed(2) : null];
    });
    return csv.file([[...csv.HEAD, "interest", "notes", "light", "score"], ...lines]);
  }

  /** @returns {string} confirmations.csv with a line for each, to fill in what it answers: one that is left blank is passed over */
  function confirmations() {
    return csv.file([ANSWERED, ...own.starred().map((code) => [code, ...ANSWERED.slice(1).map(() => "")])]);
  }

  return { table, confirmations };
})();

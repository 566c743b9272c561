"use strict";

/* The parts of the drawer about one program: stated, filed, inferred, unclear. */
const sections = (() => {
  const { el, link, table, lines, badge } = dom;
  const { word } = data;
  const { tones } = h1b.grid;
  /** @type {["h1b_stated" | "j1_stated" | "step3_required_for_h1b", string][]} */
  const FIELDS = [["h1b_stated", "H-1B"], ["j1_stated", "J-1"], ["step3_required_for_h1b", "Step 3"]];
  const SHOWN_PETITIONERS = 6;

  /** @typedef {Node | string | null} Part */
  const section = (/** @type {string} */ title, /** @type {Part[]} */ ...parts) => el("section", {}, el("h3", {}, title), ...parts);
  const note = (/** @type {Part[]} */ ...parts) => el("p", { class: "soft" }, ...parts);
  const more = (/** @type {Node | string} */ title, /** @type {Part[]} */ ...parts) => el("details", {}, el("summary", {}, title), ...parts);

  /** @param {Program} program */
  function stance(program) {
    const terms = (program.conditions ?? []).map((term) => word("conditions", term));
    const routes = (program.routes ?? []).map((route) => word("routes", route));
    return lines([
      ...FIELDS.map(([column, label]) => `${label}: ${word(column, program[column])}`),
      ...(program.step3_deadline ? [`Step 3, by when: ${program.step3_deadline}`] : []),
      ...(program.paused_until ? [`Paused until ${program.paused_until}`] : []),
      ...(terms.length ? [`On these terms: ${terms.join(", ")}`] : []),
      ...(routes.length ? [`Routes these terms leave open: ${routes.join("; ")}`] : []),
    ]);
  }

  /** @param {string | undefined} day @param {string | undefined} saved */
  function dated(day, saved) {
    if (day) return `dated ${day}`;
    return saved ? `without a date; its page was saved on ${saved}` : "without a date";
  }

  /** @param {string} quote @param {string} kind @param {string} scope @param {string} [day] @param {string} [saved] @param {string} [address] */
  function sentence(quote, kind, scope, day, saved, address) {
    return el("figure", {},
      el(kind === "page" ? "blockquote" : "p", { class: "said" }, quote),
      el("figcaption", { class: "soft" }, `${word("evidence_kind", kind)}; ${word("evidence_scope", scope)}; ${dated(day, saved)}. `,
        address ? link(address) : "No address."));
  }

  /** @param {Program} program @param {Own} own */
  function stated(program, own) {
    const said = program.evidence_quote
      ? sentence(program.evidence_quote, program.evidence_kind, program.evidence_scope, program.evidence_date, program.evidence_saved_on, program.evidence_url)
      : el("p", {}, badge("unknown", "unknown"), " Nothing is stated that we know of. That is neither a yes nor a no.");
    const others = [...(program.statements ?? []), ...own.statements].filter((one) => one.evidence_quote && (one.evidence_quote !== program.evidence_quote || one.counter_evidence));
    return section("What is stated", said, stance(program), others.length ? more(`Further statements: ${others.length}`, ...others.map(other)) : null);
  }

  /** @param {Statement} one */
  function other(one) {
    const against = lines((one.counter_evidence ?? []).map((line) => `Says otherwise: ${line}`));
    return el("div", {}, sentence(one.evidence_quote ?? "", one.evidence_kind, one.scope, one.page_date, one.retrieved_on, one.url),
      note(`H-1B ${word("h1b_stated", one.h1b)}, J-1 ${word("j1_stated", one.j1)}; confidence of the reading: ${one.confidence}`), against);
  }

  /** @param {Program} program */
  function inferred(program) {
    const share = program.sponsoring_likelihood;
    const percent = (/** @type {number} */ part) => Math.round(100 * part);
    return section("What follows (inferred)",
      el("p", {}, badge(tones.sponsor_tier[program.sponsor_tier], word("sponsor_tier", program.sponsor_tier)), ` tier, ${program.tier_confidence} confidence`),
      lines(program.tier_reasons ?? []),
      share === undefined ? null : el("p", {}, `Likelihood that it would answer H-1B if asked: ${percent(share)} % (${percent(program.sponsoring_likelihood_low)} to ${percent(program.sponsoring_likelihood_high)} %). No policy, no promise. `,
        el("span", { class: "soft" }, program.sponsoring_likelihood_basis)));
  }

  /** @param {Program} program @param {Own} own */
  function filed(program, own) {
    /** @type {Map<string, [string, string, string, number, number]>} */
    const sums = new Map();
    for (const [year, regime, employment, specialty, count] of own.filings) {
      const key = [year ?? "", regime, employment ?? ""].join("|");
      /** @type {[string, string, string, number, number]} */
      const sum = sums.get(key) ?? [year === null ? "not known" : String(year), word("payment_regime", regime ?? "not_known"), (employment ?? "not said").replaceAll("_", " "), 0, 0];
      sum[3] += specialty === program.specialty ? count : 0;
      sum[4] += count;
      sums.set(key, sum);
    }
    const years = own.filings.flatMap(([year, , , specialty, count]) => (year === null ? [] : [/** @type {[number, number, number]} */ ([year, specialty === program.specialty ? count : 0, count])]));
    return section("What was filed for trainees",
      charts.bars("Labor condition applications for trainees by year", "this specialty", years),
      sums.size
        ? table("Labor condition applications by year", ["year", "filed", "employment", "this specialty", "any specialty"], [...sums.values()].reverse())
        : el("p", {}, "No application for trainees is at hand that is its own. The files at hand cover a part of the time only."),
      note("An application is filed before a petition. What was filed is past practice, no present willingness."));
  }

  /** @param {Petitioner} one */
  function petitioner(one) {
    const shared = one.files_for > 1 ? `; files for ${one.files_for} institutions of the list${one.attributed ? "" : ", not counted here"}` : "";
    const years = one.years.map(([year, coverage, ...counts]) => [coverage === "full" ? String(year) : `${year} (${word("coverage", coverage)})`, ...counts]);
    return more(el("span", {}, one.name, el("span", { class: "soft" }, ` ${word("relation", one.relation)}${shared}`)),
      one.cap ? ground(one.cap) : note("Cap exemption: not judged."),
      years.length ? table("Petitions decided by fiscal year, all occupations", ["fiscal year", "initial approved", "denied", "continuing approved", "denied"], years) : null,
      note(`Linked because: ${one.reasons.join("; ")}`));
  }

  /** @param {Cap} cap */
  function ground(cap) {
    const pieces = (/** @type {Piece[]} */ list) => list.map(([field, value, source, locator, strength]) => `${field} = ${value} (${source}, ${locator}; strength ${strength})`);
    return el("div", {},
      el("p", {}, `Cap: ${word("cap_exempt_category", cap.category)} (inferred, ${cap.confidence} confidence). ${cap.basis}`),
      el("h4", {}, "For"), lines(pieces(cap.for)) ?? note("none known"),
      el("h4", {}, "Against"), lines(pieces(cap.against)) ?? note("none known"),
      lines((cap.overlays ?? []).map((overlay) => `Note: ${overlay}`)));
  }

  /** @param {Program} program @param {Own} own */
  function files(program, own) {
    const [first, rest] = [own.petitioners.slice(0, SHOWN_PETITIONERS), own.petitioners.slice(SHOWN_PETITIONERS)];
    const made = first.map(petitioner);
    made[0]?.setAttribute("open", "");
    const order = program.state_freeze
      ? el("p", {}, badge("other", "state order"), ` ${program.state_freeze}${program.state_freeze_until ? `, until ${program.state_freeze_until}` : ""}. It binds ${program.state_freeze_petitioner}. Excepted: ${program.state_freeze_exceptions ?? "nobody named"}.`)
      : note("No order of a state against new petitions is known to bind it.");
    return section("Who files, and the cap (inferred, never advice)", order, ...made,
      own.petitioners.length ? null : el("p", {}, "Who files is not known: no petitioner is linked. That is not a no."),
      rest.length ? more(`More petitioners: ${rest.length}`, ...rest.map(petitioner)) : null,
      own.in_review ? note(`Links to petitioners that wait for a person to decide: ${own.in_review}.`) : null);
  }

  /** @param {Program} program @param {Own} own @param {(code: string) => void} open */
  function related(program, own, open) {
    const rows = (program.related_programs ?? []).map((one) => {
      const button = el("button", { type: "button", class: "open" }, one.specialty ?? one.program_code);
      button.addEventListener("click", () => open(one.program_code));
      return el("span", {}, button, ` ${word("related", one.relation)}`);
    });
    return rows.length ? section(`Related programs of ${own.name}`, lines(rows)) : null;
  }

  /** @param {Program} program */
  function positions(program) {
    return [
      ["approved (ACGME)", program.positions_approved], ["filled (ACGME)", program.positions_filled],
      [`offered in the Match of ${program.match_year}`, program.positions_offered_in_match], ["filled in that Match", program.positions_matched],
    ].filter(([, count]) => count !== undefined).map(([label, count]) => `${count} positions ${label}`);
  }

  /** @param {Program} program */
  function facts(program) {
    return section("The program", lines([
      `Accreditation: ${word("accreditation", program.accreditation)}${program.list_year ? `, list of ${program.list_year}` : ""}`,
      ...positions(program),
      ...(program.website ? [el("span", {}, "Website: ", link(program.website))] : []),
    ]));
  }

  /** @param {Program} program */
  function unclear(program) {
    return section("What is unclear, and what to ask the GME office",
      lines(program.open.map((point) => word("open_points", point))), el("h4", {}, "Ask"), lines(program.ask));
  }

  /** @param {Program} program @param {Own} own @param {(code: string) => void} open what opens another program @returns {Part[]} all, in order */
  function all(program, own, open) {
    return [stated(program, own), inferred(program), unclear(program), filed(program, own), files(program, own), related(program, own, open), facts(program)];
  }

  return { all, section, note, more };
})();

"use strict";

/* The form of the profile: what a person wants and is, with the keys of a profile for `h1b-sponsors shortlist`. */
const form = (() => {
  const { el } = dom;
  const { word } = data;
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("profile"));
  /** @typedef {{node: HTMLElement, value: () => any}} Field */

  /** @param {string} label @param {[string, string][]} options value and words @param {string} value @returns {Field} */
  function choice(label, options, value) {
    const field = el("select", {}, ...options.map(([one, text]) => new Option(text, one)));
    field.value = value;
    return { node: el("label", {}, el("span", {}, label), field), value: () => field.value };
  }

  /** A word of `words`, or a day. @param {string} label @param {string[]} words @param {string} value @returns {Field} */
  function wordOrDay(label, words, value) {
    const isDay = /^\d/.test(value);
    const day = el("input", { type: "date", "aria-label": `${label}: day` });
    day.value = isDay ? value : "";
    const field = el("select", {}, new Option("not said", ""), ...words.map((one) => new Option(one, one)), new Option("by a day …", "day"));
    field.value = isDay ? "day" : value;
    const show = () => void (day.hidden = field.value !== "day");
    field.addEventListener("change", show);
    show();
    return { node: el("div", {}, el("label", {}, el("span", {}, label), field), day), value: () => (field.value === "day" ? day.value : field.value) };
  }

  /** Several of many: typed, found in a list, added, each taken out again. @param {string} label @param {[string, string][]} options value and words @param {string[]} chosen @returns {Field} */
  function several(label, options, chosen) {
    const values = new Map(options.map(([value, text]) => [text, value]));
    const words = new Map(options);
    const id = `options-${label.replace(/\W+/g, "-")}`;
    const input = el("input", { list: id, autocomplete: "off" });
    const add = el("button", { type: "button", "aria-label": `Add: ${label}` }, "Add");
    const said = el("span", { role: "status", class: "soft" });
    const list = el("ul", { class: "chips", "aria-label": label });
    let picked = [...chosen];
    const show = () => list.replaceChildren(...picked.map((value) => {
      const out = el("button", { type: "button", title: "take out" }, `${words.get(value) ?? value} ×`);
      out.addEventListener("click", () => {
        picked = picked.filter((one) => one !== value);
        show();
        input.focus();
      });
      return el("li", {}, out);
    }));
    const take = () => {
      const typed = data.folded(input.value.trim());
      const text = [...values.keys()].find((one) => data.folded(one) === typed) ?? [...values.keys()].find((one) => typed && data.folded(one).includes(typed));
      said.textContent = text ? "" : typed ? " nothing is called so: take one of the list" : "";
      if (!text) return;
      picked = [...new Set([...picked, values.get(text) ?? text])];
      input.value = "";
      show();
    };
    add.addEventListener("click", take);
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      take();
    });
    show();
    return { node: el("div", {}, el("label", {}, el("span", {}, label), input), add, said, el("datalist", { id }, ...options.map(([, text]) => new Option(text))), list), value: () => picked };
  }

  /** @param {string} label @param {boolean} value @returns {Field} */
  function check(label, value) {
    const field = el("input", { type: "checkbox" });
    field.checked = value;
    return { node: el("label", { class: "check" }, field, ` ${label}`), value: () => field.checked };
  }

  /** @param {string} label @param {Record<string, string>} attributes @param {string} value @returns {Field} */
  function typed(label, attributes, value) {
    const field = el("input", attributes);
    field.value = value;
    return { node: el("label", {}, el("span", {}, label), field), value: () => field.value.trim() };
  }

  /** @param {string[] | Record<string, string>} from @returns {[string, string][]} */
  const options = (from) => [["", "not said"], ...(Array.isArray(from) ? from.map((one) => /** @type {[string, string]} */ ([one, one.replaceAll("_", " ")])) : Object.entries(from))];

  /** @param {Profile} profile */
  function fields({ specialties, visas, step3 = "", must_haves, places, applicant, weights }) {
    const { tables, wanted, areas, closed } = h1b.facts;
    const states = h1b.grid.columns.state.values.map((code) => /** @type {[string, string]} */ ([code, word("state", code)]));
    const same = (/** @type {string[]} */ names) => names.map((name) => /** @type {[string, string]} */ ([name, name]));
    const pairs = /** @type {[string, string][]} */ ([["H-1B", "H-1B"], ["H-1B,J-1", "H-1B, else J-1"], ["J-1,H-1B", "J-1, else H-1B"], ["J-1", "J-1"]]);
    return {
      specialties: several("Specialties", same(Object.keys(wanted)), specialties),
      visas: choice("Visas that you would take", pairs, visas.join(",")),
      step3: wordOrDay("USMLE Step 3", [tables.passed, tables.not_yet, tables.not_planned], step3),
      states: several("States", states, places.states),
      metros: several("Metropolitan areas", same(Object.keys(areas)), places.metros),
      only: check("only these places", places.only),
      musts: tables.must_haves.map((name) => /** @type {[string, Field]} */ ([name, check(name.replaceAll("_", " "), must_haves.includes(name))])),
      applicant: {
        where: choice("Where you are", options(tables.where), applicant.where ?? ""),
        school: choice("Medical school", options(tables.schools), applicant.school ?? ""),
        degree: choice("Degree", options(tables.degrees), applicant.degree ?? ""),
        level: choice("Level", options(tables.levels), applicant.level ?? ""),
        citizenship: choice("Citizenship, where the law lists it", [["", "not said, or none of these"], ...same(Object.keys(closed.countries))], applicant.citizenship ?? ""),
        ecfmg: wordOrDay("ECFMG", [tables.certified], applicant.ecfmg ?? ""),
        step1: wordOrDay("Step 1", [tables.passed], applicant.step1 ?? ""),
        step2: wordOrDay("Step 2 CK", [tables.passed], applicant.step2 ?? ""),
        name: typed("Name, as letters end", { type: "text", maxlength: "100" }, applicant.name ?? ""),
      },
      weights: Object.entries(tables.weights).map(([name, usual]) => /** @type {[string, number, Field]} */ ([name, usual, typed(name.replaceAll("_", " "), { type: "number", min: name === "visa_fit" ? "0.5" : "0", max: "100", step: "0.5" }, String(weights[name] ?? usual))])),
    };
  }

  /** @param {ReturnType<typeof fields>} made @returns {Profile | null} */
  function read(made) {
    const somewhere = made.states.value().length + made.metros.value().length > 0;
    const musts = made.musts.filter(([, field]) => field.value()).map(([name]) => name);
    const own = made.weights.filter(([, usual, field]) => field.value() !== "" && Number(field.value()) !== usual);
    return profiles.usable({
      specialties: made.specialties.value(), visas: made.visas.value().split(","), step3: made.step3.value(),
      // What names no specialty or place can't be asked for.
      must_haves: musts.filter((name) => (name === "specialty" ? made.specialties.value().length > 0 : name !== "place" || somewhere)),
      places: { states: made.states.value(), metros: made.metros.value(), only: somewhere && made.only.value() },
      applicant: Object.fromEntries(Object.entries(made.applicant).map(([name, field]) => [name, field.value()])),
      weights: Object.fromEntries(own.map(([name, , field]) => [name, Number(field.value())])),
    });
  }

  /** Show the form. @returns {Promise<void>} rejected where facts.js is not there */
  async function show() {
    if (!h1b.facts) await data.load("facts.js");
    const made = fields(own.profile() ?? profiles.blank());
    const group = (/** @type {string} */ title, /** @type {Field[]} */ ...inner) => el("fieldset", {}, el("legend", {}, title), ...inner.map(({ node }) => node));
    const title = el("h2", { id: "profile-title", tabindex: "-1" }, "My profile");
    const [close, save, clear] = [el("button", { type: "button", class: "close", "aria-label": "Close" }, "×"), el("button", { type: "submit" }, "Save and colour the list"), el("button", { type: "button" }, "Forget it")];
    const whole = el("form", { method: "dialog" },
      group("What you want", made.specialties, made.visas, made.states, made.metros, made.only, made.applicant.level),
      group("Must-haves: a no is red, an unknown never green", ...made.musts.map(([, field]) => field)),
      group("What you are", made.applicant.where, made.applicant.school, made.applicant.degree, made.step3, made.applicant.ecfmg, made.applicant.step1, made.applicant.step2, made.applicant.citizenship, made.applicant.name),
      el("details", {}, el("summary", {}, "Weights of the score, 0 to 100"), ...made.weights.map(([, , field]) => field.node)),
      el("p", { class: "tools" }, save, clear));
    whole.addEventListener("submit", (event) => {
      event.preventDefault();
      own.setProfile(read(made));
      dialog.close();
    });
    clear.addEventListener("click", () => {
      own.setProfile(null);
      dialog.close();
    });
    close.addEventListener("click", () => dialog.close());
    dialog.replaceChildren(el("header", {}, close, title, el("p", { class: "soft" }, "It stays in this browser. Green, yellow and red are judgements, no advice and no promise.")), whole);
    dialog.showModal();
    title.focus();
  }

  return { show };
})();

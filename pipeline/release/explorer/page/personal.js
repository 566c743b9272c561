"use strict";

/* The part of the drawer that is the person's own: star, interest, notes, the light of the profile with its reasons, the letter. */
const personal = (() => {
  const { el, lines, badge } = dom;
  const { section, note, more } = sections;

  /** @param {string} label @param {HTMLElement} field */
  const labelled = (label, field) => el("label", {}, el("span", {}, label), field);

  /** @param {string} code */
  function starButton(code) {
    const button = el("button", { type: "button" });
    const show = () => {
      const { star } = own.of(code);
      button.textContent = star ? "★ starred" : "☆ star";
      button.setAttribute("aria-pressed", String(star));
    };
    button.addEventListener("click", () => {
      own.mark(code, { star: !own.of(code).star });
      show();
    });
    show();
    return button;
  }

  /** @param {string} code */
  function interest(code) {
    const field = el("select", {}, ...["none noted", "1", "2", "3", "4", "5, the most"].map((text, value) => new Option(text, String(value))));
    field.value = String(own.of(code).interest);
    field.addEventListener("change", () => own.mark(code, { interest: Number(field.value) }));
    return labelled("Your interest", field);
  }

  /** @param {string} code */
  function notes(code) {
    const field = el("textarea", { rows: "3", maxlength: "2000" }, own.of(code).notes);
    field.addEventListener("change", () => own.mark(code, { notes: field.value.trim() }));
    return labelled("Your notes, in this browser alone", field);
  }

  /** @param {number} row */
  function light(row) {
    const profile = own.profile();
    if (!profile || !h1b.facts) return note("With a profile of yours (“My profile”, beside the list) each program is green, yellow or red for you, with the reasons.");
    const one = judge.one(row, profile);
    const musts = one.musts.map(([name, answer]) => `must-have ${name.replaceAll("_", " ")}: ${answer}`);
    return el("div", { class: "judged" },
      el("p", {}, badge(`light-${one.light}`, one.light), ` score ${one.score.toFixed(2)} (${one.low.toFixed(2)} to ${one.high.toFixed(2)} by what is unknown)${one.about ? "" : "; your profile is not about it"}`),
      more("Why", lines([...(one.gone ? ["accreditation withdrawn"] : []), ...musts, ...one.why])));
  }

  /** @param {Program} program @param {Own} institution */
  function letter(program, institution) {
    const made = el("details", {}, el("summary", {}, "Letter to the program, in your voice"));
    made.addEventListener("toggle", async () => {
      if (!made.open || made.childElementCount > 1) return;
      try {
        if (!h1b.facts) await data.load("facts.js");
        made.append(...written(program, institution));
      } catch (error) {
        made.append(note(`It can't be written: ${/** @type {Error} */ (error).message}.`));
      }
    });
    return made;
  }

  /** @param {Program} program @param {Own} institution */
  function written(program, institution) {
    const { subject, text, mailto } = letters.write(own.profile() ?? profiles.blank(), program.letter, institution.texts);
    const field = el("textarea", { rows: "16", readonly: "", "aria-label": "Text of the letter" }, text);
    const copied = el("span", { role: "status", class: "soft" });
    const copy = el("button", { type: "button" }, "Copy");
    copy.addEventListener("click", async () => {
      copied.textContent = (await put(field)) ? " copied" : " select the text and copy it";
    });
    return [
      note(own.profile() ? "" : "Without a profile it says of you that you would need an H-1B, and no more.", " It names no recipient; your citizenship is never in it."),
      el("p", {}, el("strong", {}, "Subject: "), subject), field,
      el("p", {}, copy, " ", el("a", { href: mailto }, "Open in the mail program"), copied),
    ];
  }

  /** Copy what stands in a field. @param {HTMLTextAreaElement} field @returns {Promise<boolean>} */
  async function put(field) {
    try {
      await navigator.clipboard.writeText(field.value);
      return true;
    } catch {
      // A page from a folder may have no clipboard of its own.
      field.select();
      return document.execCommand("copy");
    }
  }

  /** @param {number} row @param {Program} program @param {Own} institution @returns {Node} */
  function part(row, program, institution) {
    const code = data.text("program_code", row) ?? "";
    return el("section", { class: "yours", "aria-label": "Yours" },
      el("p", {}, starButton(code), " ", compare.button(code)),
      own.isKept() ? null : el("p", { class: "warn" }, "This browser keeps nothing for this page: save your files before you close it."),
      light(row), el("div", { class: "fields" }, interest(code), notes(code)), letter(program, institution));
  }

  return { part };
})();

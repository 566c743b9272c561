"use strict";

/* What became of programs since the release before: changed.js, by change. */
const changes = (() => {
  const { el, link } = dom;
  const OPEN_UP_TO = 30;
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("changes"));

  /** @param {ChangedProgram} one @param {(code: string) => void} open */
  function program(one, open) {
    const name = one.program ?? one.code;
    if (!data.rowByCode.has(one.code)) return name;
    const button = el("button", { type: "button", class: "open" }, name);
    button.addEventListener("click", () => {
      dialog.close();
      open(one.code);
    });
    return button;
  }

  /** @param {Change} change @param {(code: string) => void} open */
  function group(change, open) {
    const name = change.change.replaceAll("_", " ");
    const lines = change.rows.map((one) => el("tr", {},
      el("td", {}, program(one, open), el("div", { class: "soft" }, [one.institution, one.state].filter(Boolean).join(", "))),
      el("td", {}, one.before || "–"), el("td", {}, one.now || "–"),
      el("td", {}, one.quote, one.url ? el("div", {}, link(one.url)) : null)));
    const heads = ["program", "before", "now", "evidence"].map((head) => el("th", { scope: "col" }, head));
    const made = el("details", { "data-change": change.change },
      el("summary", {}, el("strong", {}, `${name} (${change.rows.length.toLocaleString("en")})`), `: ${change.meaning}`),
      el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": name },
        el("table", {}, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...lines))));
    if (change.rows.length <= OPEN_UP_TO) made.setAttribute("open", "");
    return made;
  }

  /** @param {Changed} all @param {(code: string) => void} open @returns {Node[]} */
  function told(all, open) {
    if (all.previous === null) return [el("p", {}, "This is the first release at hand: there is none before it to compare it with.")];
    if (!all.changes.length) return [el("p", {}, `Nothing changed since release ${all.previous}: programs, what they state, orders of states and who files are as they were.`)];
    return [el("p", { class: "soft" }, `Against release ${all.previous}. What is no longer at hand is no no.`), ...all.changes.map((change) => group(change, open))];
  }

  /** Show them. @param {(code: string) => void} open what opens the evidence of one @returns {Promise<void>} done when they are shown */
  async function show(open) {
    const title = el("h2", { id: "changes-title", tabindex: "-1" }, "What changed since the release before");
    const close = el("button", { type: "button", class: "close", "aria-label": "Close" }, "×");
    close.addEventListener("click", () => dialog.close());
    dialog.replaceChildren(el("header", {}, close, title));
    dialog.showModal();
    title.focus();
    try {
      if (!h1b.changed) await data.load("changed.js");
      dialog.append(...told(h1b.changed, open));
    } catch (error) {
      dialog.append(el("p", { class: "warn" }, `It can't be shown: ${/** @type {Error} */ (error).message}. Are all files of the folder there?`));
    }
  }

  return { show, told };
})();

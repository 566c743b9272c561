"use strict";

/* The dialog that shows one program. What stands in it is made in sections.js and the scripts of its further parts. */
const drawer = (() => {
  const { el, badge } = dom;
  const { text, word, rowByCode, evidence } = data;
  const { tones } = h1b.grid;
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("drawer"));

  /**
   * Show a heading and what follows; the focus goes to the heading, so that it is read first.
   * @param {string} code @param {number} row @param {(Node | string | null)[]} parts
   */
  function fill(code, row, ...parts) {
    const title = el("h2", { id: "drawer-title", tabindex: "-1" }, `${text("specialty", row) ?? text("program_name", row)}, ${text("institution", row)}`);
    const close = el("button", { type: "button", class: "close", "aria-label": "Close" }, "×");
    close.addEventListener("click", () => dialog.close());
    const category = text("visa_category", row) ?? "?";
    dialog.replaceChildren(el("header", {}, close, title,
      el("p", {}, badge(tones.visa_category[category], word("visa_category", category)), " ",
        el("span", { class: "soft" }, `${[text("city", row), text("state", row)].filter(Boolean).join(", ")} [${code}]`))), ...parts.filter((part) => part !== null));
    title.focus();
  }

  /**
   * Show a program.
   * @param {string} code
   * @param {(code: string) => void} open what opens another one
   * @returns {Promise<void>} done when all of it is shown, or what went wrong is
   */
  async function show(code, open) {
    const row = rowByCode.get(code);
    if (row === undefined) return;
    if (!dialog.open) dialog.showModal();
    if (dialog.dataset.code === code) return;
    dialog.dataset.code = code;
    try {
      const institution = await evidence(text("institution_id", row) ?? "");
      if (dialog.dataset.code !== code) return;
      fill(code, row, personal.part(row, institution.programs[code], institution), ...sections.all(institution.programs[code], institution, open));
      dialog.scrollTop = 0;
    } catch (error) {
      fill(code, row, el("p", { class: "warn" }, `The evidence of this institution can't be shown: ${/** @type {Error} */ (error).message}. Are all files of the folder there?`));
    }
  }

  function hide() {
    if (dialog.open) dialog.close();
  }

  /** @param {() => void} closed what to do when the person closes it */
  function onClose(closed) {
    dialog.addEventListener("close", () => {
      delete dialog.dataset.code;
      closed();
    });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
  }

  return { show, hide, onClose };
})();

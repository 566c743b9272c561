"use strict";

/* What is printed below the banner: the dialog that is open, else all rows that are shown. Made when the browser prints, gone after. */
const paper = (() => {
  const page = /** @type {HTMLElement} */ (document.getElementById("paper"));

  /** @param {HTMLDialogElement} dialog @returns {Node[]} what stands in it, as the person left it; without ids, which are there already */
  function copied(dialog) {
    const copy = /** @type {HTMLElement} */ (dialog.cloneNode(true));
    const [chosen, copies] = [dialog, copy].map((one) => [...one.querySelectorAll("select")]);
    copies.forEach((select, at) => select.replaceWith(dom.el("span", {}, chosen[at].selectedOptions[0]?.text)));
    for (const field of copy.querySelectorAll("textarea")) field.replaceWith(dom.el("p", { class: "said" }, field.value));
    for (const one of copy.querySelectorAll("[id]")) one.removeAttribute("id");
    return [...copy.childNodes];
  }

  /** @param {() => HTMLElement} list makes the rows */
  function build(list) {
    addEventListener("beforeprint", () => {
      /** @type {HTMLDialogElement | null} */
      const dialog = document.querySelector("dialog[open]");
      const count = document.getElementById("count")?.textContent ?? "";
      page.replaceChildren(...(dialog ? copied(dialog) : [dom.el("p", {}, count), list()]));
    });
    addEventListener("afterprint", () => page.replaceChildren());
  }

  return { build };
})();

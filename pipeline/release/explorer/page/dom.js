"use strict";

/* Elements made of text: nothing that comes from data is ever read as HTML. */
const dom = (() => {
  /**
   * Make an element.
   * @template {keyof HTMLElementTagNameMap} Tag
   * @param {Tag} tag
   * @param {Record<string, string>} attributes fixed in our code; never of data, but for `title` and `aria-label`
   * @param {...(Node | string | number | null | undefined)} children text is shown as text
   * @returns {HTMLElementTagNameMap[Tag]}
   */
  function el(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    for (const child of children) {
      if (child === null || child === undefined) continue;
      made.append(child instanceof Node ? child : String(child));
    }
    return made;
  }

  /**
   * Make an element of a drawing.
   * @template {keyof SVGElementTagNameMap} Tag
   * @param {Tag} tag
   * @param {Record<string, string | number>} attributes as of `el`
   * @param {...(Node | string)} children text is shown as text
   * @returns {SVGElementTagNameMap[Tag]}
   */
  function svg(tag, attributes, ...children) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
    made.append(...children);
    return made;
  }

  /**
   * Show an address: as a link where it is http or https, else as text that does nothing.
   * @param {string} address
   * @returns {HTMLElement}
   */
  function link(address) {
    let url = null;
    try {
      url = new URL(address);
    } catch {
      // no address at all: shown as it is
    }
    if (url === null || !["http:", "https:"].includes(url.protocol)) return el("span", { class: "address" }, address);
    return el("a", { class: "address", href: url.href, target: "_blank", rel: "noopener noreferrer" }, address);
  }

  /**
   * Make a table with a caption.
   * @param {string} caption
   * @param {string[]} heads
   * @param {(string | number | null)[][]} rows
   * @returns {HTMLElement}
   */
  function table(caption, heads, rows) {
    const cells = (/** @type {(string | number | null)[]} */ row) =>
      row.map((cell) => el("td", typeof cell === "number" ? { class: "n" } : {}, typeof cell === "number" ? cell.toLocaleString("en") : cell));
    return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
      el("table", {},
        el("caption", {}, caption),
        el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))),
        el("tbody", {}, ...rows.map((row) => el("tr", {}, ...cells(row))))));
  }

  /**
   * Make a list of lines; null where there are none.
   * @param {(Node | string)[]} lines
   * @returns {HTMLElement | null}
   */
  function lines(lines) {
    return lines.length ? el("ul", {}, ...lines.map((line) => el("li", {}, line))) : null;
  }

  /**
   * Make the badge of a value.
   * @param {string} tone one of h1b.grid.tones
   * @param {string} text
   * @returns {HTMLElement}
   */
  function badge(tone, text) {
    return el("span", { class: `badge ${tone}` }, text);
  }

  /**
   * Let the browser save a text as a file.
   * @param {string} name
   * @param {string} text
   * @param {string} [type]
   */
  function download(name, text, type = "text/csv") {
    const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
    el("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }

  return { el, svg, link, table, lines, badge, download };
})();

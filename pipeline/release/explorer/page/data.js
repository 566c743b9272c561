"use strict";

/* The list by row and column, and the evidence of an institution, loaded when it is asked for. */
const data = (() => {
  const { columns, rows } = h1b.grid;
  const NOWHERE = [-1];
  const TIMEOUT = 15000;
  /** @type {Map<string, Own>} */
  const received = new Map();

  /** @param {string} name @param {number} row @returns {string | null} the value of a row, null where unknown */
  function text(name, row) {
    const { values, codes } = columns[name];
    return codes[row] < 0 ? null : values[codes[row]];
  }

  /** @param {string} name @param {number} row @returns {number | null} */
  function number(name, row) {
    return columns[name].numbers[row];
  }

  /** @param {string} name @param {number} row @returns {number[]} places of a row's values; [-1] where none is known */
  function places(name, row) {
    const { codes, sets } = columns[name];
    if (!sets) return [codes[row]];
    return sets[codes[row]].length ? sets[codes[row]] : NOWHERE;
  }

  /** @param {string} column @param {string} value @returns {string} the words for a value of a vocabulary */
  function word(column, value) {
    return h1b.words[column]?.[value] ?? value;
  }

  /** @param {string} typed @returns {string} lower case, without accents */
  function folded(typed) {
    return typed.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  }

  /** @type {string[]} what is searched of each row */
  const searched = Array.from({ length: rows }, (_, row) =>
    folded(["program_name", "specialty", "institution", "city", "program_code"].map((name) => text(name, row) ?? "").join("\n")));

  const rowByCode = new Map(Array.from({ length: rows }, (_, row) => [text("program_code", row) ?? "", row]));

  /** Take what an evidence script brings. */
  h1b.received = (id, value) => void received.set(id, value);

  /**
   * Load the evidence of an institution, once.
   * @param {string} id
   * @returns {Promise<Own>} rejected where its script is not there
   */
  function evidence(id) {
    const there = received.get(id);
    if (there) return Promise.resolve(there);
    return load(`evidence/${id.slice(id.lastIndexOf("_") + 1).slice(0, 2)}/${id}.js`).then(() => {
      const own = received.get(id);
      if (!own) throw new Error(`the evidence of ${id} is not in its file`);
      return own;
    });
  }

  /**
   * Run a script of data that lies beside the page.
   * @param {string} name
   * @returns {Promise<void>} rejected where it is not there
   */
  function load(name) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      const end = (/** @type {boolean} */ loaded) => {
        clearTimeout(timer);
        script.remove();
        if (loaded) resolve();
        else reject(new Error(`${name} can't be loaded`));
      };
      const timer = setTimeout(end, TIMEOUT, false);
      script.onload = () => end(true);
      script.onerror = () => end(false);
      script.src = name;
      document.head.append(script);
    });
  }

  return { rows, text, number, places, word, folded, searched, rowByCode, evidence, load };
})();

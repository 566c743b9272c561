"use strict";

/*
 * What a person keeps: stars, interest, notes, the profile. In the browser's own storage alone; where that is refused, until the page is closed.
 */
const own = (() => {
  const KEY = "h1b-sponsors";
  const CODE = /^[\dM]\d{9}$/;
  const LONGEST_NOTE = 2000;
  /** @type {((code: string | null) => void)[]} */
  const listeners = [];
  let kept = true;
  let all = read();

  /** @param {string} said @returns {Kept} what of it can be used: the storage may hold anything */
  function parsed(said) {
    const value = JSON.parse(said);
    /** @type {Kept["programs"]} */
    const programs = {};
    for (const [code, one] of Object.entries(value?.programs ?? {})) {
      if (!CODE.test(code) || typeof one !== "object" || one === null) continue;
      programs[code] = {
        star: one.star === true,
        interest: [1, 2, 3, 4, 5].includes(one.interest) ? one.interest : 0,
        notes: typeof one.notes === "string" ? one.notes.slice(0, LONGEST_NOTE) : "",
      };
    }
    return { programs, profile: profiles.usable(value?.profile) };
  }

  /** @returns {Kept} */
  function read() {
    try {
      return parsed(localStorage.getItem(KEY) ?? "{}");
    } catch {
      kept = writable();
      return { programs: {}, profile: null };
    }
  }

  /** Whether the storage is there at all: what it held may only have been damaged. */
  function writable() {
    try {
      localStorage.setItem(`${KEY}.try`, "");
      localStorage.removeItem(`${KEY}.try`);
      return true;
    } catch {
      return false;
    }
  }

  /** @param {string | null} code of the program that was marked, null where more may have changed */
  function write(code) {
    try {
      localStorage.setItem(KEY, JSON.stringify(all));
      kept = true;
    } catch {
      kept = false;
    }
    for (const listener of listeners) listener(code);
  }

  /** @param {string} code @returns {Mark} what is noted of a program */
  function of(code) {
    return all.programs[code] ?? { star: false, interest: 0, notes: "" };
  }

  /** Note something of a program. @param {string} code @param {Partial<Mark>} change */
  function mark(code, change) {
    const now = { ...of(code), ...change };
    now.notes = now.notes.slice(0, LONGEST_NOTE);
    if (now.star || now.interest || now.notes) all.programs[code] = now;
    else delete all.programs[code];
    write(code);
  }

  /** @param {Profile | null} profile */
  function setProfile(profile) {
    all.profile = profile;
    write(null);
  }

  /** Take all of a copy instead of what is kept. @param {string} text @returns {boolean} false, and nothing changes, where it is no copy */
  function bringBack(text) {
    try {
      const value = JSON.parse(text);
      if (!value?.programs || typeof value.programs !== "object") return false;
      all = parsed(text);
    } catch {
      return false;
    }
    write(null);
    return true;
  }

  // Another window of the page may have written.
  if (typeof addEventListener === "function") {
    addEventListener("storage", ({ key }) => {
      if (key !== KEY) return;
      all = read();
      for (const listener of listeners) listener(null);
    });
  }

  return {
    of, mark, setProfile, bringBack,
    copy: () => JSON.stringify(all, null, 1),
    profile: () => all.profile,
    /** @returns {string[]} codes of the starred programs */
    starred: () => Object.keys(all.programs).filter((code) => all.programs[code].star),
    /** @returns {string[]} codes of the programs of which something is noted */
    noted: () => Object.keys(all.programs),
    isKept: () => kept,
    onChange: (/** @type {(code: string | null) => void} */ listener) => void listeners.push(listener),
  };
})();

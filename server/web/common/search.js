/**
 * Searching by words, whatever their accents and capitals.
 *
 * @module
 */

/** A text without accents and capitals. @param {string} text */
export function fold(text) {
  return text.normalize('NFD').replace(/\p{Diacritic}/gu, '').toLowerCase();
}

/**
 * Something to search in.
 *
 * @template T
 */
export class Index {
  /** @type {{item: T, text: string}[]} */
  #entries;

  /**
   * @param {T[]} items
   * @param {(item: T) => (string | undefined)[]} textsOf What an item is found by.
   */
  constructor(items, textsOf) {
    this.#entries = items.map((item) => ({ item, text: ` ${fold(textsOf(item).filter(Boolean).join(' '))}` }));
  }

  /**
   * The items in which every word of a query begins some word, in the order of the items.
   *
   * @param {string} query
   * @returns {T[]}
   */
  find(query) {
    const words = fold(query).split(/[\s,.;:()'’"-]+/).filter(Boolean);
    if (words.length === 0) return [];
    return this.#entries.filter(({ text }) => words.every((word) => beginsWord(text, word))).map(({ item }) => item);
  }
}

/**
 * @param {string} text
 * @param {string} word
 */
function beginsWord(text, word) {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    if (!/[\p{L}\p{N}]/u.test(text[at - 1])) return true;
  }
  return false;
}

/**
 * What a person sees: the rows held, with overlays, and stubs only where the row itself is not held.
 * Rows are held in memory beside the store, so that pages read them without waiting.
 *
 * @module
 */

/**
 * @typedef {import('./overlay.js').Effect} Effect
 *
 * @typedef {object} HeldRow One row as the server sent it.
 * @property {string} scope
 * @property {string} collection
 * @property {string} id
 * @property {number} rev The commit that last changed it in this scope.
 * @property {number} check
 * @property {any} value
 *
 * @typedef {object} ShownRow One row as it is shown.
 * @property {string} scope
 * @property {string} collection
 * @property {string} id
 * @property {number} [rev] Absent where only an overlay stands.
 * @property {any} value
 * @property {boolean} isPending Whether an edit shows in it that the server has not confirmed, or whose effect has not arrived.
 *
 * @typedef {object} RowChange One row written or gone; without a collection all of a scope are gone.
 * @property {string} scope
 * @property {string} [collection]
 * @property {string} [id]
 * @property {HeldRow} [row]
 */

/** Collections of stubs, by what they stand in for. */
const STUBS = new Map([
  ['session_stubs', 'sessions'],
  ['part_stubs', 'parts'],
  ['document_stubs', 'documents'],
]);

const STUBS_OF = new Map([...STUBS].map(([stubs, whole]) => [whole, [stubs]]));

/**
 * The order of rows: by scope, then by id, as bytes.
 *
 * @param {{scope: string, id: string}} one
 * @param {{scope: string, id: string}} other
 */
function byKey(one, other) {
  if (one.scope !== other.scope) return one.scope < other.scope ? -1 : 1;
  return one.id < other.id ? -1 : Number(one.id > other.id);
}

export class ShownRows {
  /** By collection, then by `scope id`. @type {Map<string, Map<string, HeldRow>>} */
  #held = new Map();

  /** The effects of edits that are not settled, in the order of making. @type {Effect[]} */
  #effects = [];

  /** What was asked for since the last change. @type {Map<string, ShownRow[]>} */
  #lists = new Map();

  /** By collection, the rows by id. @type {Map<string, Map<string, ShownRow>>} */
  #byId = new Map();

  /** @param {HeldRow[]} rows All there are. */
  load(rows) {
    this.#held = new Map();
    for (const row of rows) this.#of(row.collection).set(`${row.scope} ${row.id}`, row);
    this.#lists.clear();
    this.#byId.clear();
  }

  /** @param {RowChange[]} changes */
  change(changes) {
    for (const { scope, collection, id, row } of changes) {
      if (collection === undefined) {
        for (const [name, rows] of this.#held) {
          for (const [key, held] of rows) {
            if (held.scope === scope && rows.delete(key)) this.#forget(name);
          }
        }
        continue;
      }
      this.#forget(collection);
      if (row) {
        this.#of(collection).set(`${scope} ${id}`, row);
      } else {
        this.#of(collection).delete(`${scope} ${id}`);
      }
    }
  }

  /** @param {Effect[]} effects */
  layOver(effects) {
    for (const { collection } of [...this.#effects, ...effects]) this.#forget(collection);
    this.#effects = effects;
  }

  /** Every row held, overlays and stubs apart. */
  *held() {
    for (const rows of this.#held.values()) yield* rows.values();
  }

  /** Every collection of which something may be shown. */
  collections() {
    return [...new Set([...this.#held.keys(), ...this.#effects.map(({ collection }) => collection)])].sort();
  }

  /**
   * The rows shown of a collection, by scope and id.
   *
   * @param {string} collection
   * @returns {ShownRow[]} The same array until something of it changes.
   */
  list(collection) {
    let rows = this.#lists.get(collection);
    if (!rows) {
      rows = this.#read(collection);
      this.#lists.set(collection, rows);
    }
    return rows;
  }

  /**
   * The row with this id, in whatever scope.
   *
   * @param {string} collection
   * @param {string} id
   */
  find(collection, id) {
    let rows = this.#byId.get(collection);
    if (!rows) {
      rows = new Map(this.list(collection).map((row) => [row.id, row]));
      this.#byId.set(collection, rows);
    }
    return rows.get(id);
  }

  /** @param {string} collection */
  #read(collection) {
    const whole = this.#held.get(STUBS.get(collection) ?? '');
    const covered = new Set(Array.from(whole?.values() ?? [], ({ id }) => id));
    /** @type {Map<string, ShownRow>} */
    const shown = new Map();
    for (const [key, { scope, id, rev, value }] of this.#held.get(collection) ?? []) {
      if (!covered.has(id)) shown.set(key, { scope, collection, id, rev, value, isPending: false });
    }
    for (const { scope, collection: of, id, value } of this.#effects) {
      if (of !== collection) continue;
      const key = `${scope} ${id}`;
      const former = shown.get(key);
      shown.delete(key);
      if (value !== undefined) shown.set(key, { scope, collection, id, rev: former?.rev, value, isPending: true });
    }
    return [...shown.values()].sort(byKey);
  }

  /** @param {string} collection */
  #of(collection) {
    let rows = this.#held.get(collection);
    if (!rows) {
      rows = new Map();
      this.#held.set(collection, rows);
    }
    return rows;
  }

  /** What was read of a collection, or of the stubs for it, is not what it is any more. @param {string} collection */
  #forget(collection) {
    for (const name of [collection, ...(STUBS_OF.get(collection) ?? [])]) {
      this.#lists.delete(name);
      this.#byId.delete(name);
    }
  }
}

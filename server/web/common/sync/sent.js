/**
 * The edits of the person, as pages read them.
 *
 * @module
 */

/**
 * @typedef {object} SentEdit An edit of the person, decoded.
 * @property {string} id
 * @property {import('./overlay.js').Mutation} mutation
 * @property {import('./replica.js').Result} [result]
 * @property {number} [settledAt]
 */

/**
 * Those of a state, in the order of making.
 *
 * @param {import('./replica.js').Edit[]} edits
 * @param {import('./replica.js').Edit['state']} state
 * @returns {SentEdit[]}
 */
export function sentEdits(edits, state) {
  return edits.filter((edit) => edit.state === state).map(decode);
}

/** @param {import('./replica.js').Edit} edit @returns {SentEdit} */
function decode({ id, encoded, result, settledAt }) {
  return { id, mutation: JSON.parse(encoded), result, settledAt };
}

/**
 * Why the server refused, in the words of a page.
 *
 * @module
 */

/**
 * @param {Record<string, string>} words The page's, those of `problems/` among them.
 * @param {string | undefined} code The `code` of a problem, or the `reason` of a refused change.
 * @returns {string} A sentence, also for a code of a newer server.
 */
export function explainProblem(words, code) {
  return words[`problem.${code}`] ?? words['problem.other'];
}

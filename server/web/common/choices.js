/**
 * Choices in one line that scrolls: days, statuses, views.
 *
 * @module
 */

/**
 * Of choices that are wider than the screen the one that holds is brought into view.
 *
 * @param {Element} root What they stand in.
 */
export function showChosen(root) {
  for (const choice of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('.choices > [aria-current]'))) {
    const line = /** @type {HTMLElement} */ (choice.parentElement);
    line.scrollLeft = choice.offsetLeft - line.offsetLeft - (line.clientWidth - choice.clientWidth) / 2;
  }
}

/**
 * Questions before something unusual is done.
 *
 * @module
 */

import { html, nothing } from '../vendor/lit-html/lit-html.js';

const REASONS = ['why.sight', 'why.lead', 'why.duty'];

/**
 * Why somebody is let in against the verdict.
 *
 * @param {any} app
 */
export function letInDialog(app) {
  const { words, teller, checks } = app;
  const { forcing } = checks;
  return html`
    <dialog class="let-in" aria-labelledby="let-in-title" @close=${() => checks.closeDialog()}>
      ${
        forcing
          ? html`
              <form method="dialog" @submit=${(event) => checks.submitLetIn(event)}>
                <h2 id="let-in-title">${words.letInTitle}</h2>
                <p>${teller.name(forcing.details) || words.nameSealed}</p>
                <p class="hint">${teller.verdict(forcing).sentence}</p>
                <div class="choices" role="group" aria-label=${words.letInWhy}>
                  ${REASONS.map(
                    (reason) => html`<button type="button" class="quiet small" @click=${() => checks.letIn(words[reason])}>
                      ${words[reason]}</button>`,
                  )}
                </div>
                <label for="why">${words.letInWhy}</label>
                <input id="why" name="why" maxlength="200" autocomplete="off" aria-describedby="why-fault">
                <p id="why-fault" class="field-fault">${checks.whyFault}</p>
                <div class="deeds">
                  <button type="submit">${words.letIn}</button>
                  <button type="button" class="quiet" @click=${() => checks.closeDialog()}>${words.cancel}</button>
                </div>
              </form>
            `
          : nothing
      }
    </dialog>
  `;
}

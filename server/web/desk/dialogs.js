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
  const { words, teller, forcing } = app;
  return html`
    <dialog class="let-in" aria-labelledby="let-in-title" @close=${() => app.closeDialog()}>
      ${
        forcing
          ? html`
              <form method="dialog" @submit=${(event) => app.submitLetIn(event)}>
                <h2 id="let-in-title">${words.letInTitle}</h2>
                <p>${teller.name(forcing.details) || words.nameSealed}</p>
                <p class="hint">${teller.verdict(forcing).sentence}</p>
                <div class="choices" role="group" aria-label=${words.letInWhy}>
                  ${REASONS.map(
                    (reason) => html`<button type="button" class="quiet small" @click=${() => app.letIn(words[reason])}>
                      ${words[reason]}</button>`,
                  )}
                </div>
                <label for="why">${words.letInWhy}</label>
                <input id="why" name="why" maxlength="200" autocomplete="off" aria-describedby="why-fault">
                <p id="why-fault" class="field-fault">${app.whyFault}</p>
                <div class="deeds">
                  <button type="submit">${words.letIn}</button>
                  <button type="button" class="quiet" @click=${() => app.closeDialog()}>${words.cancel}</button>
                </div>
              </form>
            `
          : nothing
      }
    </dialog>
  `;
}

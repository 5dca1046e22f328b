/**
 * The accounts that are a person's own or act for them, added and ended.
 *
 * @module
 */

import { html } from '../vendor/lit-html/lit-html.js';
import { Refused } from './app.js';
import { Filling, lineField, selectField } from './fields.js';
import { listSection } from './person-section.js';

/** @typedef {import('./app.js').App} App */

const RELATIONS = ['assistant', 'self'];

const filling = new Filling('account');

/** @param {App} app @param {string} attendee */
export function accountsOf(app, attendee) {
  const { words } = app;
  const end = async (/** @type {string} */ account) => {
    await app.ask('DELETE', `/attendees/${attendee}/accounts/${account}`);
    app.client.exchange();
    return words.accountEnded;
  };
  return listSection(app, {
    id: 'person-accounts',
    heading: words.accounts,
    path: `/attendees/${attendee}`,
    itemsOf: ({ accounts }) => accounts,
    line: ({ account, name, email, relation }) => html`
      <span class="grow">${name}${email ? html` <a class="small-text" href="mailto:${email}">${email}</a>` : ''}</span>
      <span class="chip">${words[`relation.${relation}`]}</span>
      <details class="deed"><summary>${words.endAccount} …<span class="unseen"> ${name}</span></summary>
        <div class="stack"><p class="hint">${words[relation === 'self' ? 'endOwnAccountHow' : 'endAccountHow']}</p>
          <div class="actions"><button type="button" class="small" aria-label="${words.endAccount}: ${name}" aria-disabled=${String(app.isBusy)} @click=${() => app.run(() => end(account))}>${words.endAccount}</button></div></div></details>`,
    below: () => form(app, attendee),
  });
}

/** @param {App} app @param {string} attendee */
function form(app, attendee) {
  const { words } = app;
  filling.show(attendee);
  const { faults } = filling;
  const submit = (/** @type {any} */ event) => {
    event.preventDefault();
    add(app, event.target, attendee);
  };
  return html`<details class="correct" ?open=${Object.keys(faults).length > 0}><summary>${words.addAccount}</summary>
    <form class="stacked" novalidate @submit=${submit}>
      ${lineField(faults, { id: 'account-email', name: 'email', label: words['field.email'], type: 'email', most: 254, isRequired: true, hint: words.addAccountHow })}
      ${lineField(faults, { id: 'account-name', name: 'name', label: words.accountName, isRequired: true })}
      ${selectField(faults, { id: 'account-relation', name: 'relation', label: words.accountRelation, options: RELATIONS.map((id) => ({ id, name: words[`relation.${id}`] })) })}
      <div class="actions"><button type="submit" aria-disabled=${String(app.isBusy)}>${words.addAccountNow}</button></div>
    </form></details>`;
}

/** @param {App} app @param {HTMLFormElement} form @param {string} attendee */
function add(app, form, attendee) {
  const given = new FormData(form);
  const [email, name, relation] = ['email', 'name', 'relation'].map((field) => String(given.get(field)).trim());
  if (!/^[^@\s]+@[^@\s]+$/.test(email)) filling.blame(app, '-email', app.words.emailWrong);
  else if (!name) filling.blame(app, '-name', app.words.nameMissing);
  else {
    filling.submit(app, form, async () => {
      await post(app, attendee, { email, name, relation });
      app.client.exchange();
      return app.words.accountAdded;
    });
  }
}

/** @param {App} app @param {string} attendee @param {object} account */
async function post(app, attendee, account) {
  try {
    await app.ask('POST', `/attendees/${attendee}/accounts`, account);
  } catch (error) {
    const cause = error instanceof Refused ? /** @type {any} */ (error.cause) : undefined;
    if (cause?.body?.code !== 'wrong_state') throw error;
    throw new Refused(app.words.accountTaken, { cause: { ...cause, body: { ...cause.body, field: undefined } } });
  }
}

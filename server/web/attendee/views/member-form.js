/**
 * What a focal point writes of members: somebody new, a correction, the name for a place that was kept, who takes a place
 * for good, who comes along with somebody, or that somebody who does not come is to come after all.
 *
 * @module
 */

import { newId } from '../../common/sync/ids.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { askedOf } from '../asked.js';
import { delegationsOf, findMember, listLike, mayDecide, membersOf } from '../delegation.js';
import { answerFields, check, Drafts, drawFields, merge, needFields, patchOf, personFields, showFault } from '../form.js';
import { drawRefused, refusedOf } from '../own.js';
import { emptyNote, heading, spoken } from '../parts.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('../form.js').Draft} Draft
 * @typedef {import('../form.js').Field} Field
 * @typedef {import('../delegation.js').Member} Member
 * @typedef {'register' | 'correct' | 'name' | 'replace' | 'companion' | 'again'} Task
 *
 * @typedef {object} Work
 * @property {Task} task
 * @property {string} of The attendee, the one whom a companion comes with, or the delegation of somebody new.
 * @property {string} delegation
 * @property {Member} [member]
 */

export const tab = 'more';

/** What is sent for each. @type {Record<Task, string>} */
const OPS = {
  register: 'registration.request',
  correct: 'registration.change',
  name: 'registration.change',
  replace: 'registration.replace',
  companion: 'registration.request',
  again: 'registration.request',
};

/** Those that are about the member whom the view is of; the others are about somebody new. */
const OF_MEMBER = ['correct', 'name', 'again'];

/** Those under an attendee who is not there yet, and so is named by no edit before. */
const UNDER_NEW = ['register', 'companion'];

const ROLES = ['member', 'alternate', 'head'];

const drafts = new Drafts('member');

/** What was asked to be done. @param {import('../views.js').Given} given @returns {Task} */
function taskOf({ choices }) {
  const wanted = choices.get('do') ?? '';
  return /** @type {Task} */ (Object.hasOwn(OPS, wanted) ? wanted : 'correct');
}

/** @param {App} app @param {import('../views.js').Given} given */
export const title = (app, given) => app.words[`member.${taskOf(given)}`];

/** @param {App} app @param {import('../views.js').Given} given */
export function draw(app, given) {
  const { words } = app;
  const { of } = given;
  const task = taskOf(given);
  const member = findMember(app, of);
  const delegation = task === 'register' ? of : member?.delegation;
  const known = delegationsOf(app).find(({ id }) => id === delegation);
  if (!known) return html`${heading(title(app, given))} ${emptyNote(words['member.gone'])}`;
  const back = html`<p class="kicker">${member ? html`<a href="#/member/${of}">${member.value.name}</a>` : html`<a href="#/delegation/${known.id}">${spoken(app, known.name)}</a>`}</p>`;
  if (!mayDecide(app, known.id)) return html`${heading(title(app, given))} ${back} ${emptyNote(words['member.readOnly'])}`;
  return html`${heading(title(app, given))} ${back} <p>${words[`member.${task}.text`]}</p> ${drawForm(app, { task, of, delegation: known.id, member })}`;
}

/** @param {App} app @param {Work} work */
function drawForm(app, work) {
  const { words, client } = app;
  const { task, of, member } = work;
  const isOfMember = OF_MEMBER.includes(task);
  const choices = categoriesFor(app, work);
  // The answers to the category's questions are in no row of the delegation.
  const read = isOfMember ? askedOf(app, `/attendees/${of}/registration`, client.journal.at(-1)?.id ?? '') : undefined;
  const known = member && isOfMember ? { ...member.value, answers: merge(read?.body?.answers ?? {}, member.value.answers ?? {}) } : { delegation_role: 'member', ...(choices.length === 1 && { category: choices[0].id }) };
  const refused = UNDER_NEW.includes(task) ? [] : refusedOf(app, of, [OPS[task]]);
  const name = `${task}-${of}`;
  const first = drafts.of(app, name, [], undefined);
  const wished = task === 'replace' ? member?.value.category : (first.values.get('/category') ?? known.category);
  const category = client.rows('categories').find(({ id }) => id === wished);
  const isPlaceholder = task === 'register' ? first.values.get('/is_placeholder') === true : task === 'again' && known.is_placeholder === true;
  // Who asks again says everything again; a correction says only what it knows to be otherwise.
  const hasAnswers = !read || read.body !== undefined || task === 'again';
  const answers = hasAnswers ? answerFields(app, category?.value).map((field) => (isPlaceholder ? { ...field, isRequired: false } : field)) : [];
  const person = personFields(app).map((field) => (field.at === '/name' && isPlaceholder ? { ...field, help: words['placeholder.help'] } : field));
  const kind = task === 'replace' || task === 'name' ? [] : [categoryField(app, work, choices, category)];
  const needs = isOfMember || isPlaceholder ? [] : needFields(app, { at: '/access_needs', isOwn: false });
  const role = task === 'replace' || task === 'companion' ? [] : [roleField(app)];
  const fields = [...kind, ...person, ...role, ...answers, ...needs, ...(task === 'replace' ? [reasonField(app)] : [])];
  const draft = drafts.of(app, name, fields, refused.at(-1));
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    send(app, work, { category: category?.id, isPlaceholder, fields, draft, known, name, refused });
  };
  return html`${drawRefused(app, refused, words['correct.drop'])}
    ${read && !read.body ? html`<p class="banner">${words[read.fault ? 'member.answersUnknown' : 'data.asked']}</p>` : nothing}
    <form class="panel" novalidate @submit=${submit}>
      ${drawFields(app, kind, draft, known)}
      ${task === 'register'
        ? html`<div class="check"><input type="checkbox" id="member-placeholder" .checked=${isPlaceholder} @change=${(/** @type {Event} */ { target }) => {
            draft.values.set('/is_placeholder', /** @type {HTMLInputElement} */ (target).checked);
            app.redraw();
          }}><label for="member-placeholder">${words['placeholder.choose']}</label></div>`
        : nothing}
      ${drawFields(app, person, draft, known)}
      <div role="status">${drawLike(app, work, draft)}</div>
      ${drawFields(app, fields.slice(kind.length + person.length), draft, known)}
      <button type="submit">${words[`member.${task}.send`]}</button>
    </form>`;
}

/** The categories that somebody may be in: who stands in one changes only into those that organisers do not approve. @param {App} app @param {Work} work */
function categoriesFor({ client }, { task, member }) {
  const all = client.rows('categories');
  return task === 'correct' ? all.filter(({ id, value }) => id === member?.value.category || value.enrolment !== 'on_approval') : all;
}

/**
 * @param {App} app
 * @param {Work} work
 * @param {import('../../common/sync/shown.js').ShownRow[]} all
 * @param {import('../../common/sync/shown.js').ShownRow | undefined} chosen
 * @returns {Field}
 */
function categoryField({ words, client, programme }, { task }, all, chosen) {
  const choices = all.map(({ id, value }) => ({ key: id, label: programme.text(value.title)?.text }));
  const onApproval = chosen?.value.enrolment === 'on_approval' ? words['member.onApproval'] : undefined;
  const help = task === 'correct' ? all.length < client.rows('categories').length && words['member.movesInto'] : onApproval;
  return { at: '/category', label: words.category, kind: 'choice', choices, help, isRequired: true };
}

/** @param {App} app @returns {Field} */
function roleField({ words }) {
  const choices = ROLES.map((key) => ({ key, label: words[`delegationRole.${key}`] }));
  return { at: '/delegation_role', label: words['member.role'], kind: 'choice', choices };
}

/** @param {App} app @returns {Field} */
const reasonField = ({ words }) => ({ at: '/reason', label: words['member.reason'], kind: 'text', most: 500 });

/** Members who may be the same person as one who is new. @param {App} app @param {Work} work @param {Draft} draft */
function drawLike(app, { task, of, delegation }, draft) {
  if (OF_MEMBER.includes(task) && task !== 'name') return nothing;
  const person = { name: draft.values.get('/name') ?? '', email: draft.values.get('/details/email') ?? '' };
  const like = listLike(membersOf(app, delegation), person).filter(({ id }) => id !== of);
  if (like.length === 0) return nothing;
  return html`<div class="banner warn"><div class="grow"><p>${app.words['member.like']}</p>
    <ul>${like.map(({ id, value }) => html`<li><a href="#/member/${id}">${value.name}</a> <span class="quiet-text">(${app.say(`status.${value.status}`, { number: value.waitlist_number ?? '' })})</span></li>`)}</ul></div></div>`;
}

/**
 * @param {App} app
 * @param {Work} work
 * @param {{category?: string, isPlaceholder: boolean, fields: Field[], draft: Draft, known: any, name: string, refused: import('../own.js').SentEdit[]}} made
 */
async function send(app, work, { category, isPlaceholder, fields, draft, known, name, refused }) {
  const { task, of, delegation } = work;
  const isOfMember = OF_MEMBER.includes(task);
  const isGood = check(app, fields, draft, known);
  app.redraw();
  if (!isGood) {
    showFault(draft);
    return;
  }
  const patch = patchOf(fields, draft, known);
  const args = argsOf(work, patch, { category, isPlaceholder, known, fields });
  const hasChanged = Object.keys(args).length > 0;
  if (hasChanged && !(await app.edit({ op: OPS[task], for: UNDER_NEW.includes(task) ? newId() : of, args }))) return;
  drafts.drop(name);
  for (const { id } of refused) await app.client.dismiss(id);
  leave(app, isOfMember ? `member/${of}` : `delegation/${delegation}`, app.words[hasChanged ? 'member.kept' : 'correct.same']);
}

/**
 * What is sent.
 *
 * @param {Work} work
 * @param {Record<string, any>} patch What was written, with null for what is not so any more.
 * @param {{category?: string, isPlaceholder: boolean, known: any, fields: Field[]}} beside
 * @returns {Record<string, any>}
 */
function argsOf({ task, of, delegation }, patch, { category, isPlaceholder, known, fields }) {
  if (task === 'correct') return patch;
  if (task === 'name') return { ...patch, is_placeholder: false };
  const said = merge(task === 'again' ? saidBefore(known, fields) : {}, patch);
  if (task === 'replace') return { ...said, by: newId() };
  return { ...said, category, delegation, ...(isPlaceholder && { is_placeholder: true }), ...(task === 'companion' && { companion_of: of }) };
}

/** What a registration said of a person, without answers to what is not asked any more. @param {any} known @param {Field[]} fields */
function saidBefore({ name, delegation_role: role, details, answers }, fields) {
  const isAsked = (/** @type {string} */ key) => fields.some(({ at }) => at === `/answers/${key}`);
  const kept = Object.entries(answers).filter(([key]) => isAsked(key));
  return { name, details, ...(role && { delegation_role: role }), ...(kept.length > 0 && { answers: Object.fromEntries(kept) }) };
}

/** Goes to where the outcome is seen, and says there what was done. @param {App} app @param {string} address @param {string} note */
function leave(app, address, note) {
  // A new view begins without a note, so it is told once that is drawn.
  addEventListener('hashchange', () => setTimeout(() => app.tell({ note })), { once: true });
  location.assign(`#/${address}`);
}

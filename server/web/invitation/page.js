/**
 * The page `/invitation`: read an invitation by its mailed link, and answer it.
 *
 * A mailed link is `/invitation#<secret>`; without it the page asks for the code beside it. Opening the page reads and changes nothing, since mail
 * scanners open links: a tap answers. The secret leaves the address bar at once, so that it gets
 * into no list of visited pages and no screenshot. It works until the invitation is over, so the
 * page keeps it in its entry of the tab's history, where it outlives that a phone puts the tab away.
 *
 * @module
 */

import { ask, Unreachable } from '../common/api.js';
import { fill } from '../common/language.js';
import { element, isAddress, judge, Page } from '../common/views.js';
import { showInvitation } from './invitation.js';
import { WORDS } from './words.js';

/** The form of a link's secret. With hyphens it is the code that stands beside the link in the mail. */
const SECRET = /^[A-Za-z0-9]{16}$/;

const page = new Page({
  words: WORDS,
  views: ['loading', 'invitation', 'declining', 'delegating', 'unread', 'gone', 'ask'],
});
const { words } = page;

/** The secret that the page was opened with. */
let secret;

/** Takes the secret out of the address bar, and reads the invitation. */
function begin() {
  const given = location.hash.slice(1) || history.state?.invitation || '';
  if (keep(given)) {
    page.show('loading');
    page.run(read);
  } else {
    page.show('ask', { fault: given && words.linkBroken });
  }
}

/** Keeps a link's secret, or the code beside it, where the tab finds it again; undefined for anything else. */
function keep(given) {
  const plain = given.replace(/[\s-]/g, '');
  secret = SECRET.test(plain) ? plain : undefined;
  history.replaceState({ invitation: secret }, '', location.pathname + location.search);
  return secret;
}

async function enterCode() {
  const field = element('code');
  if (judge(field, keep(field.value) ? '' : words.codeWrong)) await read();
}

/** Reads the invitation and shows it, with messages. */
async function read(messages) {
  const answer = await ask('POST', '/v1/invitations/read', { body: { secret } }).catch((error) => {
    if (!(error instanceof Unreachable)) throw error;
    page.show('unread', { fault: words.unreachable });
  });
  if (!answer) return;
  if (answer.status === 200) show(answer.body, messages);
  else if (answer.status === 404) page.show('gone');
  else page.show('unread', { fault: page.explain(answer) });
}

function show(invitation, messages) {
  showInvitation(invitation, page);
  for (const form of document.forms) form.reset();
  page.show('invitation', messages);
}

/** Sends an answer. What is wrong with a field is said there, by the field's name in the answer. */
async function send(reply, fields = {}) {
  const answer = await ask('POST', '/v1/invitations/answer', { body: { secret, ...reply } });
  const { status, body } = answer;
  const field = fields[body?.field];
  if (status === 200) {
    show(body, { note: fill(words[`noted.${reply.answer}`], { name: reply.delegate?.name }) });
  } else if (status === 404) {
    page.show('gone');
  } else if (status === 422 && field) {
    judge(element(field.id), field.problem);
  } else if (status === 409) {
    await read({ fault: words[`refused.${body.code}`] ?? words['refused.wrong_state'] });
  } else {
    page.tell({ fault: page.explain(answer) });
  }
}

async function decline() {
  const field = element('decline-word');
  judge(field, '');
  const word = field.value.trim();
  await send({ answer: 'declined', ...(word && { word }) }, { '/word': { id: field.id, problem: words.wordWrong } });
}

async function delegate() {
  const [name, email] = [element('delegate-name'), element('delegate-email')];
  // The first field at fault is judged last, since that is where it leads.
  const isFine = [
    judge(email, isAddress(email) ? '' : words.emailWrong),
    judge(name, name.value.trim() ? '' : words.nameMissing),
  ].every(Boolean);
  if (!isFine) return;
  const to = { name: name.value.trim(), email: email.value.trim() };
  await send(
    { answer: 'delegated', delegate: to },
    {
      '/delegate/name': { id: name.id, problem: words.nameMissing },
      '/delegate/email': { id: email.id, problem: words.emailWrong },
    },
  );
}

page.onClick('accept', () => send({ answer: 'accepted' }));
page.onClick('decline', async () => page.show('declining'));
page.onClick('delegate', async () => page.show('delegating'));
page.onSubmit('decline-form', decline);
page.onSubmit('delegate-form', delegate);
for (const id of ['decline-back', 'delegate-back']) page.onClick(id, async () => page.show('invitation'));
page.onClick('again', () => read());
page.onSubmit('ask-form', enterCode);
page.onClick('ask-again', async () => page.show('ask'));

// What could not be read is read when the network is back.
addEventListener('online', () => element('unread').hidden || page.run(read));

// A link that is opened while the page is there changes nothing but the fragment.
addEventListener('hashchange', begin);
begin();

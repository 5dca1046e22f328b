/**
 * The page `/sign-in`: by a mailed link, or by a code.
 *
 * A mailed link is `/sign-in#<secret>`. The secret leaves the address bar at once, so that it gets
 * into no history and no screenshot, and waits in memory for one tap: mail scanners open links, and
 * opening is not to use one up. The tokens are kept as `common/session.js` says.
 *
 * @module
 */

import { ask, Unreachable } from '../common/api.js';
import { chooseLanguage, describeDuration, fill } from '../common/language.js';
import { askSignedIn, loadSession, signIn, signOut, StorageRefused } from '../common/session.js';
import { WORDS } from './words.js';

const VIEWS = ['link', 'ask', 'enter', 'account'];

/** The form of a link's secret: 32 bytes as base64url. */
const SECRET = /^[A-Za-z0-9_-]{43}$/;

const language = chooseLanguage(Object.keys(WORDS));
const words = WORDS[language];
const element = (id) => document.getElementById(id);

/** The secret that the page was opened with, until it is redeemed or refused. */
let secret;

/** Ends when the work under way does. */
let turn = Promise.resolve();

/** Whether the page has shown a view; focus is moved only when a later one takes its place. */
let hasBegun = false;

function show(view, { note = '', fault = '' } = {}) {
  for (const id of VIEWS) element(id).hidden = id !== view;
  tell({ note, fault });
  document.title = `${element(`${view}-title`).textContent} · Cumbre`;
  if (hasBegun) (element(view).querySelector('input') ?? element(`${view}-title`)).focus();
  hasBegun = true;
}

function tell({ note = '', fault = '' }) {
  element('note').textContent = note;
  element('fault').textContent = fault;
  if (fault) element('fault').scrollIntoView({ block: 'nearest' });
}

/** Why an answer is none of those that were hoped for. */
function explain({ status, retryAfterS }) {
  if (status === 429) return fill(words.tooMany, { time: describeDuration(language, retryAfterS) });
  return words.failed;
}

/**
 * Runs work after what is under way, and says what went wrong. A button that it was asked for by
 * takes no second press meanwhile, and stays for another try.
 */
function run(work, button) {
  if (button?.ariaDisabled === 'true') return;
  if (button) button.ariaDisabled = 'true';
  turn = turn.then(async () => {
    tell({});
    try {
      await work();
    } catch (error) {
      if (error instanceof Unreachable) tell({ fault: words.unreachable });
      else if (error instanceof StorageRefused) tell({ fault: words.storageRefused });
      else reportError(error);
    }
    if (button) button.ariaDisabled = null;
  });
}

/** Says what is wrong with a field and leads there; an empty problem takes it back. */
function judge(field, problem) {
  element(`${field.id}-fault`).textContent = problem;
  if (problem) {
    field.ariaInvalid = 'true';
    field.focus();
  } else {
    field.ariaInvalid = null;
  }
  return !problem;
}

function isAddress(field) {
  return field.value.trim() !== '' && field.validity.valid;
}

/** Takes the secret out of the address bar, and begins with it. */
function begin() {
  const given = location.hash.slice(1);
  if (given) history.replaceState(null, '', location.pathname + location.search);
  run(() => start(given));
}

async function start(given) {
  secret = SECRET.test(given) ? given : undefined;
  if (secret) show('link');
  else await showWhoIsSignedIn({ otherwise: { fault: given ? words.linkBroken : '' } });
}

async function redeem() {
  const answer = await signIn({ link: secret });
  if (answer.status !== 200 && answer.status !== 401) {
    tell({ fault: explain(answer) });
    return;
  }
  secret = undefined;
  if (answer.status === 200) showAccount(answer.body);
  else await showWhoIsSignedIn({ note: words.linkSpentHere, otherwise: { fault: words.linkSpent } });
}

/** Shows the account that is signed in, with a note; else the form with a message. */
async function showWhoIsSignedIn({ note = '', otherwise }) {
  const session = await loadSession();
  if (!session) {
    show('ask', otherwise);
    return;
  }
  const answer = await askSignedIn('GET', '/v1/account').catch((error) => {
    if (error instanceof Unreachable) return undefined;
    throw error;
  });
  if (answer?.status === 401) show('ask', { note: words.endedElsewhere });
  else showAccount(answer?.status === 200 ? answer.body : { account: session.account, attendees: [] }, { note });
}

function showAccount({ account, attendees }, messages) {
  element('name').textContent = account.name;
  element('email').textContent = account.email ?? '';
  const names = attendees.filter(({ relation }) => relation !== 'self').map(({ name }) => name);
  element('acts-for').hidden = names.length === 0;
  element('acts-for-names').replaceChildren(
    ...[...new Set(names)].map((name) => Object.assign(document.createElement('li'), { textContent: name })),
  );
  show('account', messages);
}

async function mailCode() {
  const field = element('ask-email');
  if (!judge(field, isAddress(field) ? '' : words.emailWrong)) return;
  const email = field.value.trim();
  const answer = await ask('POST', '/v1/sign-in/codes', { body: { email, language } });
  if (answer.status === 202) {
    element('enter-email').value = email;
    show('enter', { note: fill(words.mailed, { email }) });
  } else if (answer.status === 422) {
    judge(field, words.emailWrong);
  } else {
    tell({ fault: explain(answer) });
  }
}

async function enterCode() {
  const [code, email] = [element('code'), element('enter-email')];
  const hasAddress = email.value.trim() !== '';
  const isFine = [
    judge(email, hasAddress && !isAddress(email) ? words.emailWrong : ''),
    judge(code, code.value.trim() === '' ? words.codeMissing : ''),
  ].every(Boolean);
  if (!isFine) return;
  const credential = hasAddress ? { code: code.value, email: email.value.trim() } : { code: code.value };
  const answer = await signIn(credential);
  if (answer.status === 200) {
    code.value = '';
    showAccount(answer.body);
  } else {
    tell({ fault: answer.status === 401 ? words.codeRefused : explain(answer) });
    code.select();
  }
}

function onClick(id, work) {
  const button = element(id);
  button.addEventListener('click', () => run(work, button));
}

function onSubmit(id, work) {
  element(id).addEventListener('submit', (event) => {
    event.preventDefault();
    run(work, element(id).querySelector('[type=submit]'));
  });
}

document.documentElement.lang = language;
for (const place of document.querySelectorAll('[data-words]')) place.textContent = words[place.dataset.words];

onClick('redeem', redeem);
onSubmit('ask-form', mailCode);
onClick('have-code', async () => show('enter'));
onSubmit('enter-form', enterCode);
onClick('mail-another', async () => show('ask'));
onClick('sign-out', async () => {
  await signOut();
  show('ask', { note: words.signedOut });
});

// A link that is opened while the page is there changes nothing but the fragment.
addEventListener('hashchange', begin);
begin();

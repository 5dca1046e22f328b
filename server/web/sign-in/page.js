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
import { fill } from '../common/language.js';
import { askSignedIn, loadSession, signIn, signOut, StorageRefused } from '../common/session.js';
import { element, isAddress, judge, Page } from '../common/views.js';
import { WORDS } from './words.js';

/** The form of a link's secret: 32 bytes as base64url. */
const SECRET = /^[A-Za-z0-9_-]{43}$/;

const page = new Page({
  words: WORDS,
  views: ['link', 'ask', 'enter', 'account'],
  failures: [[StorageRefused, 'storageRefused']],
});
const { words, language } = page;

/** The secret that the page was opened with, until it is redeemed or refused. */
let secret;

/** Takes the secret out of the address bar, and begins with it. */
function begin() {
  const given = location.hash.slice(1);
  if (given) history.replaceState(null, '', location.pathname + location.search);
  page.run(() => start(given));
}

async function start(given) {
  secret = SECRET.test(given) ? given : undefined;
  if (secret) page.show('link');
  else await showWhoIsSignedIn({ otherwise: { fault: given ? words.linkBroken : '' } });
}

async function redeem() {
  const answer = await signIn({ link: secret });
  if (answer.status !== 200 && answer.status !== 401) {
    page.tell({ fault: page.explain(answer) });
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
    page.show('ask', otherwise);
    return;
  }
  const answer = await askSignedIn('GET', '/v1/account').catch((error) => {
    if (error instanceof Unreachable) return undefined;
    throw error;
  });
  if (answer?.status === 401) page.show('ask', { note: words.endedElsewhere });
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
  page.show('account', messages);
}

async function mailCode() {
  const field = element('ask-email');
  if (!judge(field, isAddress(field) ? '' : words.emailWrong)) return;
  const email = field.value.trim();
  const answer = await ask('POST', '/v1/sign-in/codes', { body: { email, language } });
  if (answer.status === 202) {
    element('enter-email').value = email;
    page.show('enter', { note: fill(words.mailed, { email }) });
  } else if (answer.status === 422) {
    judge(field, words.emailWrong);
  } else {
    page.tell({ fault: page.explain(answer) });
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
    page.tell({ fault: answer.status === 401 ? words.codeRefused : page.explain(answer) });
    code.select();
  }
}

/** The camera while it runs. @type {import('../common/camera.js').Camera | undefined} */
let camera;

/** Starts the camera, whose code is read for only then; or stops it. */
async function toggleCamera() {
  if (camera) {
    stopCamera();
    return;
  }
  const { Camera } = await import('../common/camera.js');
  const video = element('sight');
  video.setAttribute('aria-label', words.scanShows);
  video.hidden = false;
  const started = new Camera((text) => page.run(() => take(text)));
  try {
    await started.start(video);
    camera = started;
    element('scan').ariaPressed = 'true';
    element('scan').textContent = words.scanStop;
  } catch (error) {
    video.hidden = true;
    if (!(error instanceof DOMException)) throw error;
    page.tell({ fault: error.name === 'NotAllowedError' ? words.scanDenied : words.scanMissing });
  }
}

function stopCamera() {
  camera?.stop();
  camera = undefined;
  element('sight').hidden = true;
  element('scan').ariaPressed = 'false';
  element('scan').textContent = words.scan;
}

/** Takes what the camera read: a link that signs in, or one of an invitation of this server. */
async function take(text) {
  const address = URL.canParse(text) ? new URL(text) : undefined;
  const given = address?.hash.slice(1) ?? '';
  if (address?.origin !== location.origin || !SECRET.test(given)) {
    page.tell({ fault: words.scanOther });
    return;
  }
  stopCamera();
  if (address.pathname === '/invitation') {
    location.assign(address.href);
    return;
  }
  // Whoever holds a code before the camera means to use it: no second tap is asked for.
  secret = given;
  await redeem();
}

page.onClick('redeem', redeem);
page.onClick('scan', toggleCamera);
page.onSubmit('ask-form', mailCode);
page.onClick('have-code', async () => {
  stopCamera();
  page.show('enter');
});
page.onSubmit('enter-form', enterCode);
page.onClick('mail-another', async () => page.show('ask'));
page.onClick('sign-out', async () => {
  await signOut();
  page.show('ask', { note: words.signedOut });
});

// A link that is opened while the page is there changes nothing but the fragment.
addEventListener('hashchange', begin);
begin();

/**
 * How a change of the day goes: what is picked, what the server says would follow, and then the change itself.
 *
 * @module
 */

/**
 * @typedef {object} Order What is sent, and what is said of it.
 * @property {'POST' | 'PATCH'} [method] `POST` where absent.
 * @property {string} path Below the event.
 * @property {any} body
 * @property {string} title What the dialog is called then.
 * @property {string} done What is said when it is done.
 * @property {string} [meaning] What it means for those whom it concerns.
 */

/** What begins a change. Each is an object that the dialog shows, and that says what to send. */
export const changes = {
  /** @param {string} id The session's. */
  session: (id) => ({ kind: 'session', id }),
  /** @param {string} id The room's. */
  room: (id) => ({ kind: 'room', id }),
  shift: () => ({ kind: 'shift', until: 'meal' }),
};

/** @returns {HTMLDialogElement | null} The dialog. */
function find() {
  return document.querySelector('dialog.change');
}

/** Leads to what a step offers first. */
export function focusFirst() {
  const first = find()?.querySelector('[data-first]');
  if (first instanceof HTMLElement) first.focus();
}

/**
 * Opens the dialog with a change.
 *
 * @param {import('./app.js').App} app
 * @param {any} change
 */
export function open(app, change) {
  app.change = { ...change, step: 'pick', fault: '', returnTo: document.activeElement };
  app.draw();
  const dialog = find();
  if (!dialog?.open) dialog?.showModal();
}

/** @param {import('./app.js').App} app */
export function close(app) {
  const former = app.change;
  app.change = undefined;
  app.draw();
  find()?.close();
  if (former?.returnTo?.isConnected) former.returnTo.focus();
}

/**
 * Asks the server what would follow.
 *
 * @param {import('./app.js').App} app
 * @param {Order} order
 */
export async function preview(app, order) {
  const change = { ...app.change, order, step: 'waiting', fault: '' };
  app.change = change;
  app.draw();
  try {
    const answer = await app.ask(order.method ?? 'POST', `${order.path}?preview=true`, order.body);
    if (app.change === change) app.change = { ...change, step: 'preview', preview: answer };
  } catch (error) {
    if (app.change === change) app.change = { ...change, step: 'pick', fault: app.faultOf(error) };
  }
  app.draw();
  focusFirst();
}

/** Makes the change. @param {import('./app.js').App} app */
export async function commit(app) {
  const { order } = app.change;
  app.change = { ...app.change, step: 'sending', fault: '' };
  app.draw();
  try {
    const base = app.client.position('organiser') ?? app.client.position('public');
    await app.ask(order.method ?? 'POST', `${order.path}?base=${encodeURIComponent(base)}`, order.body);
    app.client.exchange();
    app.forget();
    close(app);
    app.note = order.done;
  } catch (error) {
    app.change = { ...app.change, step: 'preview', fault: app.faultOf(error) };
  }
  app.draw();
}

/** Leads back to what was picked. @param {import('./app.js').App} app */
export function back(app) {
  app.change = { ...app.change, order: undefined, step: 'pick', fault: '' };
  app.draw();
  focusFirst();
}

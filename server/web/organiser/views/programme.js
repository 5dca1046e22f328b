/**
 * The programme of a day as a grid of rooms and times. A session is taken by the pointer or by the keyboard and put
 * elsewhere; what would follow is shown before anything is sent.
 *
 * @module
 */

import { icon } from '../../common/icons.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { moveTo } from '../change.js';
import { changes, open } from '../change-flow.js';

/** @param {import('../app.js').App} app */
export const title = ({ words }) => words.programme;

/** A session on its way, and the cell of the grid that it is over. @typedef {{id: string, row: number, column: number}} Held */

/** What is being moved. @type {Held | undefined} */
let held;

/**
 * @param {import('../app.js').App} app
 * @param {{choices: URLSearchParams}} given
 */
export function draw(app, { choices }) {
  const { words, programme } = app;
  const { days } = programme;
  const day = choices.get('day') ?? (days.includes(app.today) ? app.today : days[0]);
  return html`
    <h1 tabindex="-1">${words.programme}</h1>
    <nav class="choices" aria-label=${words.days}>
      ${days.map((one) => html`<a class="choice" href="#/programme?day=${one}" aria-current=${one === day ? 'date' : nothing}>${app.dayName(one)}</a>`)}
    </nav>
    ${app.rights.organises ? html`<p class="quiet-text small-text" id="grid-how">${words.gridHow}</p>` : nothing}
    ${day ? grid(app, layOut(app, day)) : html`<p class="empty">${words.nothingOn}</p>`}
    <p class="unseen" role="status">${held ? app.say('heldAt', whereHeld(app, layOut(app, day), held)) : ''}</p>
  `;
}

/**
 * The columns and rows of a day: a column for each place in use and each room besides, a row between any two times
 * at which something begins or ends.
 */
function layOut(app, day) {
  const { programme, words } = app;
  const sessions = programme.onDay(day).filter(({ start, isStub }) => start !== undefined && !isStub);
  const used = new Map();
  for (const { place } of sessions) {
    const key = place.roomId ?? `venue ${place.venueId ?? ''}`;
    const name = place.room?.text ?? place.venue?.text ?? words.noRoomYet;
    used.set(key, { key, room: place.roomId, name, venue: place.room ? place.venue?.text : undefined });
  }
  for (const { id, name, venue } of programme.rooms) {
    if (!used.has(id)) used.set(id, { key: id, room: id, name: name?.text, venue: venue?.name?.text, isEmpty: true });
  }
  const columns = [...used.values()].sort((one, other) => Number(Boolean(one.isEmpty)) - Number(Boolean(other.isEmpty)));
  const times = [...new Set(sessions.flatMap(({ start, end }) => [start, end ?? start + 1_800_000]))].sort((one, other) => one - other);
  const cells = columns.map(({ key }) => cellsOf(sessions.filter(({ place }) => (place.roomId ?? `venue ${place.venueId ?? ''}`) === key), times));
  return { day, columns, times, cells };
}

/** The cells of a column from above: sessions that overlap share one. */
function cellsOf(sessions, times) {
  const cells = [];
  let row = 0;
  while (row < times.length - 1) {
    const here = sessions.filter(({ start }) => start === times[row]);
    if (here.length === 0) {
      cells.push({ row, span: 1, sessions: [] });
      row += 1;
      continue;
    }
    const shared = [...here];
    let end = endOf(shared, times);
    for (let more = sessions.filter((one) => !shared.includes(one) && one.start >= times[row] && one.start < end); more.length > 0; ) {
      shared.push(...more);
      end = endOf(shared, times);
      more = sessions.filter((one) => !shared.includes(one) && one.start >= times[row] && one.start < end);
    }
    const span = Math.max(1, times.indexOf(end) - row);
    cells.push({ row, span, sessions: shared });
    row += span;
  }
  return cells;
}

function endOf(sessions, times) {
  const last = Math.max(...sessions.map(({ start, end }) => end ?? start + 1_800_000));
  return times.find((time) => time >= last) ?? times.at(-1);
}

function grid(app, plan) {
  const { columns, times, cells } = plan;
  return html`
    <div class="grid-frame" tabindex="0" role="region" aria-label=${app.dayName(plan.day)}>
      <table class="grid" aria-describedby=${app.rights.organises ? 'grid-how' : nothing}>
        <thead><tr><th scope="col"><span class="unseen">${app.words.time}</span></th>
          ${columns.map(({ name, venue }) => html`<th scope="col">${name}<span class="quiet-text small-text">${venue}</span></th>`)}</tr></thead>
        <tbody>
          ${times.slice(0, -1).map(
            (time, row) => html`<tr><th scope="row">${app.hour(time)}</th>
              ${columns.map((column, place) => {
                const cell = cells[place].find((one) => one.row === row);
                return cell ? cellOf(app, plan, { ...cell, column, place, time }) : nothing;
              })}</tr>`,
          )}
        </tbody>
      </table>
    </div>
  `;
}

function cellOf(app, plan, cell) {
  const isTarget = held && held.column === cell.place && held.row >= cell.row && held.row < cell.row + cell.span;
  const isPlace = app.rights.organises && cell.column.room;
  const drop = (event) => {
    event.preventDefault();
    const id = event.dataTransfer.getData('text/plain');
    if (id) put(app, id, cell);
  };
  return html`
    <td rowspan=${cell.span} class="${isTarget ? 'target' : ''} ${cell.sessions.length > 1 ? 'collides' : ''}"
      @dragover=${(event) => isPlace && event.preventDefault()} @drop=${drop}>
      ${cell.sessions.map((session) => sessionOf(app, plan, session, cell))}
    </td>
  `;
}

function sessionOf(app, plan, session, cell) {
  const { words } = app;
  const isHeld = held?.id === session.id;
  const content = html`${cell.sessions.length > 1 ? icon('warning') : nothing}
    <span>${session.title.text}</span>
    ${session.start === cell.time ? nothing : html`<span class="small-text">${app.hour(session.start)}</span>`}`;
  if (!app.rights.organises) return html`<div class="entry ${session.isCancelled ? 'off' : ''}">${content}</div>`;
  return html`
    <button type="button" class="entry ${session.isCancelled ? 'off' : ''}" draggable="true" aria-pressed=${isHeld ? 'true' : nothing}
      aria-label="${session.title.text}, ${app.hour(session.start)}, ${cell.column.name}${cell.sessions.length > 1 ? `, ${words.collides}` : ''}"
      @dragstart=${(event) => event.dataTransfer.setData('text/plain', session.id)}
      @click=${() => open(app, changes.session(session.id))}
      @keydown=${(event) => press(app, plan, event, { session, cell })}
      @blur=${() => isHeld && letGo(app)}>${content}</button>
  `;
}

/** Space takes a session or puts it down, arrows carry it, Escape lets it go. */
function press(app, plan, event, { session, cell }) {
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const carried = held?.id === session.id ? held : undefined;
  if (event.key === ' ') {
    event.preventDefault();
    held = carried ? undefined : { id: session.id, row: cell.row, column: cell.place };
    if (carried) put(app, session.id, { column: plan.columns[carried.column], time: plan.times[carried.row] });
  } else if (carried && steps[event.key]) {
    event.preventDefault();
    const [down, along] = steps[event.key];
    const row = Math.min(plan.times.length - 2, Math.max(0, carried.row + down));
    const column = Math.min(plan.columns.length - 1, Math.max(0, carried.column + along));
    held = { ...carried, row, column };
  } else if (event.key === 'Escape' && held) {
    held = undefined;
  } else {
    return;
  }
  app.draw();
  document.querySelector('td.target')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

function letGo(app) {
  held = undefined;
  queueMicrotask(() => app.draw());
}

/** Puts a session into a cell: asks what would follow. */
function put(app, id, { column, time }) {
  const session = app.programme.session(id);
  const to = {
    ...(column.room && column.room !== session.value.room && { room: column.room }),
    ...(time !== session.start && { starts_at: new Date(time).toISOString() }),
  };
  if (Object.keys(to).length === 0) return;
  open(app, changes.session(id));
  moveTo(app, id, to);
}

/** @param {import('../app.js').App} app @param {any} plan @param {Held} held */
function whereHeld(app, plan, held) {
  return { title: app.titleOf(held.id), place: plan.columns[held.column].name, time: app.hour(plan.times[held.row]) };
}

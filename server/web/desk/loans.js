/**
 * What is lent, as this desk knows it: what the server has, and what was lent and taken back here and not handed in yet.
 *
 * @module
 */

/**
 * @typedef {object} Loan
 * @property {{kind: string, number: string}} item
 * @property {{attendee: string, at: string}[]} holders With whom it is; several, where two desks lent it.
 */

/**
 * @param {Loan[]} known The server's.
 * @param {{mutation: {op: string, args: any}}[]} outbox
 * @returns {Loan[]}
 */
export function listLoans(known, outbox) {
  const loans = new Map(known.map((loan) => [nameOf(loan.item), loan]));
  const facts = outbox.filter(({ mutation }) => mutation.op === 'handover.record').map(({ mutation }) => mutation.args);
  for (const { kind, item, attendees = [], at } of facts) {
    if (!item) continue;
    const others = (loans.get(nameOf(item))?.holders ?? []).filter(({ attendee }) => !attendees.includes(attendee));
    if (kind === 'lent') loans.set(nameOf(item), { item, holders: [...others, { attendee: attendees[0], at: timeOf(at) }] });
    if (kind === 'taken_back') loans.delete(nameOf(item));
  }
  return [...loans.values()];
}

/** @param {{kind: string, number: string}} item */
function nameOf({ kind, number }) {
  return `${kind} ${number}`;
}

/** When something was done, by the server's clock as far as the desk knew. @param {{wall: string, offset_ms?: number}} at */
function timeOf({ wall, offset_ms: offset = 0 }) {
  return new Date(Date.parse(wall) + offset).toISOString();
}

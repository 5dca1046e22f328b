/**
 * Lists that the server gives page by page.
 *
 * @module
 */

/**
 * The first pages of a list, as they were read last. Each page is read anew when it is old, as everything is.
 *
 * @param {import('./app.js').App} app
 * @param {{path: string, query?: Record<string, string>, body?: object}} asked Below the event; a search is posted.
 * @param {number} count How many pages are wanted.
 * @returns {{items: any[], isRead: boolean, hasMore: boolean, fault?: string}} `isRead`: the first page is there.
 */
export function readPages(app, { path, query = {}, body }, count) {
  const items = [];
  let cursor;
  let fault;
  for (let page = 0; page < count; page += 1) {
    const more = cursor && { cursor };
    const address = body ? path : `${path}?${new URLSearchParams({ ...query, ...more })}`;
    const read = app.read(address, '', body && { ...body, ...more });
    fault ??= read.fault;
    if (!read.body) return { items, isRead: page > 0, hasMore: false, fault };
    items.push(...read.body.items);
    cursor = read.body.next;
    if (!cursor) break;
  }
  return { items, isRead: true, hasMore: Boolean(cursor), fault };
}

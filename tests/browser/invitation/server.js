/**
 * The two operations that the page asks, with one invitation behind them that tests move.
 *
 * @module
 */

/** A secret of the right form. */
export const SECRET = '7KQ2M9XT4BCDEFGH';

/** The same as people type it. */
export const CODE = '7kq2-m9xt-4bcd-efgh';

export const LINK = `/invitation#${SECRET}`;

/** An invitation to a session, that nobody has answered. */
const PENDING = {
  event: {
    slug: 'csw-2018',
    title: { en: '10th Citizen Security Week', es: '10.ª Semana de la Seguridad Ciudadana' },
    time_zone: 'America/Santiago',
    languages: ['es', 'en'],
    fallback_language: 'es',
  },
  object: {
    collection: 'sessions',
    title: { en: 'The Internal Reality', es: 'La realidad interna' },
    part: { en: 'Regional Policy Dialogue', es: 'Diálogo Regional de Política' },
    starts_at: '2018-11-26T21:00:00.000Z',
    ends_at: '2018-11-26T22:30:00.000Z',
    room: { es: 'Punta Nueva York' },
    venue: { en: 'Union Club', es: 'Club de la Unión' },
    address: 'Avenida Libertador Bernardo O’Higgins 1091',
    state: 'published',
  },
  invitee: { name: 'Amalia Quispe' },
  answer: 'pending',
  can_answer: true,
  can_delegate: true,
  over_at: '2018-11-26T22:30:00.000Z',
};

/** A part of two days, at no place of its own. */
export const PART = {
  collection: 'parts',
  title: { en: 'Regional Policy Dialogue', es: 'Diálogo Regional de Política' },
  starts_on: '2018-11-26',
  ends_on: '2018-11-27',
  state: 'published',
};

export class InvitationServer {
  /** What was asked: the path and the body of each request. */
  asked = [];

  /** The next answers in place of the server's own: each `[status, problem, headers]`. */
  refusals = [];

  /** What the invitation is now; undefined once it is withdrawn. */
  invitation;

  /** Takes the place of the operations for a page. */
  static async before(page, changes = {}) {
    const server = new InvitationServer();
    server.invitation = { ...PENDING, ...changes };
    await page.route('**/v1/**', (route) => server.#answer(route));
    return server;
  }

  /** The bodies of the answers that were sent. */
  get answers() {
    return this.asked.filter(({ path }) => path === '/v1/invitations/answer').map(({ body }) => body);
  }

  #answer(route) {
    const path = new URL(route.request().url()).pathname;
    const { secret, ...body } = route.request().postDataJSON();
    this.asked.push({ path, secret, body });
    const [refusal] = this.refusals.splice(0, 1);
    if (refusal) return fulfil(route, ...refusal);
    if (!this.invitation || secret.replaceAll('-', '').toUpperCase() !== SECRET) return fulfil(route, 404, { code: 'not_found' });
    if (path === '/v1/invitations/answer') {
      const { answer, word, delegate } = body;
      this.invitation = { ...this.invitation, answer, word, delegate, answered_at: '2018-11-26T11:00:00.000Z' };
    }
    return fulfil(route, 200, this.invitation);
  }
}

function fulfil(route, status, body, headers = {}) {
  const contentType = status === 200 ? 'application/json' : 'application/problem+json';
  return route.fulfill({ status, headers, contentType, body: JSON.stringify(body) });
}

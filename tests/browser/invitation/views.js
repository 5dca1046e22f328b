/**
 * What people find on the page `/invitation`, by role and name, as a screen reader would.
 *
 * @module
 */

const named = (role, name) => (page) => page.getByRole(role, { name, exact: true });

/** The heading of a view. */
export const heading = (page, name) => page.getByRole('heading', { level: 1, name });

/** Where faults and notes are read out. */
export const fault = (page) => page.getByRole('alert');
export const note = (page) => page.getByRole('status');

/** What the invitation says under a term (`When`), and what was answered. */
export const entry = (page, term) => page.getByRole('definition').and(page.locator(`dt:text-is("${term}") ~ dd`));
export const given = (page) => page.locator('.answer');

/** The choices. */
export const accept = named('button', 'Accept');
export const decline = named('button', 'Decline');
export const delegate = named('button', 'Send somebody else');

/** The forms. */
export const wordField = named('textbox', 'A word to the organisers (optional)');
export const nameField = named('textbox', 'Name of the person who is to come');
export const addressField = named('textbox', 'E-mail address');
export const nameThem = named('button', 'Name this person');
export const back = named('button', 'Back to the invitation');

/** Where it could not be read. */
export const again = named('button', 'Try again');

/** Where there is no link. */
export const codeField = named('textbox', 'Code');
export const openIt = named('button', 'Show the invitation');
export const askAgain = named('button', 'Enter a code');

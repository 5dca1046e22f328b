/**
 * What pages say of problems, in English, by their codes.
 *
 * @module
 */

/** For mistakes of a page, of which its reader can know nothing. */
const NOT_UNDERSTOOD = 'This page and the server do not understand each other. Load the page again.';

/** @type {Record<string, string>} */
export default {
  'problem.malformed_json': NOT_UNDERSTOOD,
  'problem.invalid_request': 'Something in it does not have the form that it must have.',
  'problem.invalid_value': 'Something in it cannot be so.',
  'problem.malformed_position': NOT_UNDERSTOOD,
  'problem.unknown_reference': 'What it is about is not there any more.',
  'problem.slug_taken': 'That short name is taken.',
  'problem.still_referenced': 'Something else still needs it.',
  'problem.wrong_state': 'It is in another state by now.',
  'problem.closed': 'It is closed.',
  'problem.full': 'There is no place left.',
  'problem.quota_reached': 'There are as many as there may be.',
  'problem.stale_base': 'It was changed elsewhere meanwhile.',
  'problem.precondition_failed': 'It was changed elsewhere meanwhile.',
  'problem.unauthenticated': 'You are signed out here. Sign in again.',
  'problem.credential_refused': 'This code, link or password is not valid, or not any more.',
  'problem.forbidden': 'You may not do this.',
  'problem.not_found': 'It is not there any more.',
  'problem.method_not_allowed': NOT_UNDERSTOOD,
  'problem.unsupported_media_type': NOT_UNDERSTOOD,
  'problem.too_large': 'It is too large.',
  'problem.upgrade_required': 'This page is too old for the server. Load it again.',
  'problem.too_many_requests': 'Too many requests at once. Try again in a moment.',
  'problem.unavailable': 'The server cannot answer now. Try again in a moment.',
  'problem.id_reused': NOT_UNDERSTOOD,
  'problem.dependency': 'What it needs was refused.',
  'problem.unknown_operation': NOT_UNDERSTOOD,
  'problem.removals_not_allowed': 'It would remove more than a fifth of the published sessions.',
  'problem.faulty_file': 'The file has faults.',
  'problem.not_registered': 'It is for people whose registration is confirmed.',
  'problem.not_invited': 'It is by invitation.',
  'problem.window_not_open': 'It is too early for it.',
  'problem.window_over': 'The time for it is over.',
  'problem.clash': 'There is a seat elsewhere at the same time.',
  'problem.internal': 'The server failed. Try again in a moment.',
  'problem.other': 'The server did not take it.',
};

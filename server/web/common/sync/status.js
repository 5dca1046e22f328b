/**
 * How a client of an event stands.
 *
 * @module
 */

/**
 * @typedef {object} Status How it stands; the same in all tabs.
 * @property {boolean | undefined} isOnline Whether the server answered last; undefined while nobody knows.
 * @property {boolean} isLive Whether changes come as they are made.
 * @property {number | undefined} freshAt When the rows were last known to be the server's, by its clock.
 * @property {boolean} isSignedOut The server has ended this device.
 * @property {boolean} isStorageFull The browser keeps nothing more.
 * @property {boolean} mustUpdate The server wants a newer version of the page.
 * @property {boolean} isGone The event is not there, or not for who is signed in.
 * @property {import('./time.js').ServerTime | undefined} serverTime
 */

/** Before anything is known. @type {Status} */
export const UNKNOWN = Object.freeze({
  isOnline: undefined,
  isLive: false,
  freshAt: undefined,
  isSignedOut: false,
  isStorageFull: false,
  mustUpdate: false,
  isGone: false,
  serverTime: undefined,
});

/**
 * Finding a person by name, without minding accents, the order of names or a slip of the finger.
 *
 * @module
 */

/** Letters that no decomposition takes apart, as they are typed where a keyboard does not have them. */
const PLAIN = { ø: 'o', ł: 'l', đ: 'd', ð: 'd', ħ: 'h', ı: 'i', ß: 'ss', æ: 'ae', œ: 'oe', þ: 'th' };

/**
 * A name in the form in which names are compared: small letters without accents, by words.
 *
 * @param {string} name
 * @returns {string[]}
 */
export function wordsOf(name) {
  const small = name.normalize('NFD').replace(/\p{Mn}/gu, '').toLowerCase();
  const plain = small.replace(/[øłđðħıßæœþ]/g, (letter) => PLAIN[letter]);
  return plain.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}

/**
 * How far a name is from what was typed. A word may be begun and not ended; one of four letters or more may
 * have one letter wrong, missing or too many, or two that changed places.
 *
 * @param {string[]} typed
 * @param {string[]} name
 * @returns {number | undefined} Undefined where a word of it is like none of the name's.
 */
export function distance(typed, name) {
  let sum = 0;
  for (const word of typed) {
    const nearest = Math.min(...name.map((other) => ofWords(word, other)));
    if (nearest === Infinity) return undefined;
    sum += nearest;
  }
  return sum;
}

function ofWords(typed, word) {
  if (word === typed) return 0;
  if (word.startsWith(typed)) return 1;
  return typed.length >= 4 && isOneSlip(typed, word) ? 2 : Infinity;
}

function isOneSlip(one, other) {
  if (Math.abs(one.length - other.length) > 1) return false;
  let same = 0;
  while (same < one.length && one[same] === other[same]) same += 1;
  const [a, b] = [one.slice(same), other.slice(same)];
  const isSwap = a.length >= 2 && b.length >= 2 && a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2);
  return isSwap || a.slice(1) === b.slice(1) || a.slice(1) === b || a === b.slice(1);
}

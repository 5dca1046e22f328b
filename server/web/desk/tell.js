/**
 * What a verdict looks, reads and sounds like.
 *
 * @module
 */

import { corrected } from '../admission/derive.js';
import { sentenceOf, sentenceOfStep } from '../admission/reasons.js';
import { chooseText, fill } from '../common/language.js';
import { describeClock, describeDay, isSameDay } from '../common/time.js';
import { dayIn } from './station.js';

/**
 * @param {import('./station.js').Told} told
 * @returns {'yes' | 'look' | 'no'} Whether to let in, to look first, or not to.
 */
export function kindOf({ verdict, scan }) {
  if (!scan.verdict.admits) return 'no';
  return verdict.reason === 'admitted' ? 'yes' : 'look';
}

/** What tells whoever knows it that a badge of the person is reported stolen, and nobody else. */
const SILENT_MARK = ' \u00b7';

/** What a guest is called. */
export class Teller {
  /**
   * @param {{words: Record<string, string>, locale: string, roster: import('./roster.js').Roster}} speaks
   */
  constructor({ words, locale, roster }) {
    this.words = words;
    this.locale = locale;
    this.roster = roster;
  }

  /** @param {Record<string, string>} [texts] */
  text(texts) {
    return texts ? chooseText(texts, this.locale, this.roster.event.fallback_language ?? 'en').text : '';
  }

  /**
   * @param {import('./roster.js').Details | undefined} details
   * @returns {string} With the form of address.
   */
  name(details) {
    if (!details) return '';
    return [details.form_of_address, details.name].filter(Boolean).join(' ');
  }

  /**
   * @param {import('./roster.js').Details | undefined} details
   * @returns {string} Whom they represent, and as what.
   */
  from(details) {
    if (!details) return '';
    const delegation = details.delegation_name ? this.text(details.delegation_name) : details.organisation;
    return [delegation, details.position].filter(Boolean).join(' · ');
  }

  /** @param {number | string} at */
  hour(at) {
    return describeClock(this.locale, this.roster.event.time_zone, new Date(at).getTime());
  }

  /** @param {number | string} at */
  moment(at) {
    return describeClock(this.locale, this.roster.event.time_zone, new Date(at).getTime(), true);
  }

  /**
   * A time, with its day where that is not today.
   *
   * @param {number | string} at
   * @param {number} now Milliseconds since 1970.
   */
  when(at, now) {
    return this.#isToday(at, now) ? this.hour(at) : this.moment(at);
  }

  #isToday(at, now) {
    return isSameDay(this.roster.event.time_zone, new Date(at).getTime(), now);
  }

  /** A text that has a time in it, or its sibling that has the day too. */
  #timed(today, otherDay, at, now) {
    if (this.#isToday(at, now)) return fill(this.words[today], { time: this.hour(at) });
    const day = describeDay(this.locale, dayIn(new Date(at), this.roster.event.time_zone), 'short');
    return fill(this.words[otherDay], { day, time: this.hour(at) });
  }

  /**
   * @param {import('./station.js').Told} told
   * @param {boolean} [isDiscreet] Whether the guest may read it, and must not be put to shame by it.
   * @returns {{word: string, sentence: string, next: string, more: string[]}}
   */
  verdict({ verdict, scan }, isDiscreet = false) {
    const isOut = scan.direction === 'out' && verdict.admits;
    const kind = kindOf({ verdict, scan });
    return {
      word: this.words[isOut ? 'word.out' : kind === 'no' && isDiscreet ? 'word.no.discreet' : `word.${kind}`],
      sentence: sentenceOf(verdict, this.locale) + (verdict.is_reported_stolen ? SILENT_MARK : ''),
      next: verdict.admits === scan.verdict.admits ? sentenceOfStep(verdict.next, this.locale) : scan.by_hand,
      more: this.#more(verdict, corrected(scan.at)),
    };
  }

  #more(verdict, now) {
    const { words } = this;
    const more = [];
    if (verdict.moved_to) more.push(fill(words.movedTo, { room: this.#room(verdict.moved_to.room) }));
    if (verdict.first && !verdict.admits) {
      const place = this.text(this.roster.places.checkpoints.get(verdict.first.checkpoint)?.name);
      more.push(fill(words.firstAt, { time: this.when(verdict.first.at, now), place }));
    }
    if (verdict.opens_at) more.push(this.#timed('opensAt', 'opensOn', verdict.opens_at, now));
    if (verdict.closed_at) more.push(this.#timed('closedAt', 'closedOn', verdict.closed_at, now));
    if (verdict.limit) {
      const { inside, at_most: most } = verdict.limit;
      more.push(fill(words.limitReached, { inside: String(inside), most: String(most) }));
    }
    if (!verdict.knowledge.is_complete) more.push(words.incomplete);
    if (verdict.is_by_badge_alone) more.push(words.byBadgeAlone);
    return more;
  }

  #room(room) {
    return this.text(this.roster.rooms.get(room)?.name) || '—';
  }
}

/**
 * What the view of an invitation says.
 *
 * @module
 */

import { chooseLocale, chooseText, fill } from '../common/language.js';
import { describeDays, describeMoment, describeTimes, describeZone } from '../common/time.js';
import { element } from '../common/views.js';

/**
 * @param {object} invitation As the API gives it.
 * @param {import('../common/views.js').Page} page Whose language is spoken.
 */
export function showInvitation({ event, object, invitee, ...given }, { language, words }) {
  const locale = chooseLocale(language);
  const write = (id, texts) => {
    const { text, tag } = chooseText(texts, locale, event.fallback_language);
    element(id).textContent = text;
    element(id).lang = tag;
  };

  element('for-whom').textContent = fill(words.forWhom, { name: invitee.name });
  if (object.title) write('invitation-title', object.title);
  else element('invitation-title').textContent = words.invitation;
  for (const id of ['declining-what', 'delegating-what']) {
    element(id).textContent = element('invitation-title').textContent;
    element(id).lang = element('invitation-title').lang;
  }

  const hasTime = Boolean(object.starts_at);
  element('when-entry').hidden = !hasTime && !object.starts_on;
  element('when').textContent = hasTime
    ? describeTimes(locale, event.time_zone, object.starts_at, object.ends_at)
    : object.starts_on && describeDays(locale, object.starts_on, object.ends_on);
  element('zone').textContent = hasTime ? describeZone(locale, event.time_zone, object.starts_at) : '';

  const places = [object.room, object.venue].filter(Boolean);
  element('where-entry').hidden = places.length === 0;
  const place = element('where');
  place.replaceChildren(
    ...places.flatMap((texts, index) => {
      const { text, tag } = chooseText(texts, locale, event.fallback_language);
      const name = Object.assign(document.createElement('span'), { textContent: text, lang: tag });
      return index ? [', ', name] : [name];
    }),
  );
  element('address').textContent = object.address ?? '';
  element('part-entry').hidden = !object.part;
  if (object.part) write('part', object.part);
  write('event', event.title);

  element('answer').textContent = fill(words[`given.${given.answer}`], { name: given.delegate?.name });
  element('answered').textContent = given.answered_at
    ? fill(words.answeredAt, { time: describeMoment(locale, event.time_zone, given.answered_at) })
    : '';
  element('word').textContent = given.word ?? '';
  showChoices(given, { words, time: given.over_at && describeMoment(locale, event.time_zone, given.over_at) });
}

/** The buttons of what can be answered now, and until when; else why nothing can. */
function showChoices({ answer, can_answer, can_delegate, why_not }, { words, time }) {
  element('choices').hidden = !can_answer;
  element('accept').hidden = answer === 'accepted';
  element('decline').hidden = answer === 'declined';
  element('delegate').hidden = !can_delegate;
  const until = time ? fill(words.until, { time }) : '';
  element('until').textContent = can_answer ? until : words[`whyNot.${why_not}`];
}

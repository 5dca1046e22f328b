/**
 * Why a guest is let in at a checkpoint or not, and what whoever stands there does next: words for
 * programs, and sentences for people, in English, Spanish, Portuguese and French. A test holds them to
 * the server's (`shared/src/admission`).
 *
 * @module
 */

import { ENTRY_REASONS } from './entry-reasons.js';

/** The languages of the sentences, in their order. */
const LANGUAGES = ['en', 'es', 'pt', 'fr'];

/** By their word, in the order in which they are told: of several, the first is the reason. */
export const REASONS = {
  unknown: {
    admits: false,
    says: [
      'This code is not a known badge.',
      'Este código no es una credencial conocida.',
      'Este código não é uma credencial conhecida.',
      "Ce code n'est pas un badge connu.",
    ],
  },
  other_event: {
    admits: false,
    says: [
      'The badge is of another event.',
      'La credencial es de otro evento.',
      'A credencial é de outro evento.',
      "Le badge est celui d'un autre événement.",
    ],
  },
  badge_void: {
    admits: false,
    says: [
      'This badge is not valid.',
      'Esta credencial no es válida.',
      'Esta credencial não é válida.',
      "Ce badge n'est pas valable.",
    ],
  },
  cancelled: { admits: false, says: ['Cancelled.', 'Cancelado.', 'Cancelado.', 'Annulé.'] },
  not_confirmed: {
    admits: false,
    says: [
      'The registration is not confirmed.',
      'La inscripción no está confirmada.',
      'A inscrição não está confirmada.',
      "L'inscription n'est pas confirmée.",
    ],
  },
  moved: {
    admits: false,
    says: [
      'The session has moved to another room.',
      'La sesión se trasladó a otra sala.',
      'A sessão mudou de sala.',
      'La séance a changé de salle.',
    ],
  },
  wrong_part: {
    admits: false,
    says: [
      'The badge is for another part of the event.',
      'La credencial es para otra parte del evento.',
      'A credencial é para outra parte do evento.',
      "Le badge donne accès à une autre partie de l'événement.",
    ],
  },
  not_invited: {
    admits: false,
    says: [
      'Not on the list for this.',
      'No figura en la lista.',
      'Não consta da lista.',
      'Ne figure pas sur la liste.',
    ],
  },
  too_early: {
    admits: false,
    says: [
      'It is too early: the doors are not open yet.',
      'Es temprano: aún no se abren las puertas.',
      'É cedo: as portas ainda não abriram.',
      'Il est trop tôt : les portes ne sont pas encore ouvertes.',
    ],
  },
  too_late: {
    admits: false,
    says: [
      'It is too late: it is over.',
      'Es tarde: ya terminó.',
      'É tarde: já terminou.',
      "Il est trop tard : c'est terminé.",
    ],
  },
  already_used: {
    admits: false,
    says: [
      'Already used: one entry only.',
      'Ya se usó: permite una sola entrada.',
      'Já foi usada: permite uma única entrada.',
      'Déjà utilisé : une seule entrée.',
    ],
  },
  already_inside: {
    admits: false,
    says: [
      'Already inside: no exit was recorded.',
      'Ya está dentro: no se registró una salida.',
      'Já está dentro: não foi registrada uma saída.',
      "Déjà à l'intérieur : aucune sortie enregistrée.",
    ],
  },
  full: {
    admits: false,
    says: [
      'There is no room for one more.',
      'No hay lugar para nadie más.',
      'Não há lugar para mais ninguém.',
      "Il n'y a plus de place.",
    ],
  },
  needs_attention: {
    admits: true,
    says: [
      'There is a note for this person.',
      'Hay una nota para esta persona.',
      'Há uma nota para esta pessoa.',
      'Il y a une note pour cette personne.',
    ],
  },
  invitation_not_answered: {
    admits: true,
    says: [
      'Invited; the invitation was not answered.',
      'Con invitación, que aún no respondió.',
      'Com convite, ainda sem resposta.',
      'Sur invitation, restée sans réponse.',
    ],
  },
  admitted: { admits: true, says: ['Welcome.', 'Puede entrar.', 'Pode entrar.', 'Peut entrer.'] },
};

/** What to do next, by its word. */
export const STEPS = {
  let_in: ['Let in.', 'Dejar entrar.', 'Deixar entrar.', 'Laisser entrer.'],
  read_the_note: [
    'Read the note, then let in.',
    'Leer la nota y dejar entrar.',
    'Ler a nota e deixar entrar.',
    'Lire la note, puis laisser entrer.',
  ],
  ask_for_answer: [
    'Let in, and ask for the answer to the invitation.',
    'Dejar entrar y pedir la respuesta a la invitación.',
    'Deixar entrar e pedir a resposta ao convite.',
    "Laisser entrer et demander la réponse à l'invitation.",
  ],
  let_out: ['Let out.', 'Dejar salir.', 'Deixar sair.', 'Laisser sortir.'],
  send_to_desk: [
    'Send to the registration desk.',
    'Enviar a la mesa de acreditación.',
    'Encaminhar ao balcão de credenciamento.',
    "Envoyer au bureau d'accueil.",
  ],
  look_up: [
    'Look the person up by name.',
    'Buscar a la persona por su nombre.',
    'Procurar a pessoa pelo nome.',
    'Chercher la personne par son nom.',
  ],
  settle_here: [
    'Settle it here: see the registration.',
    'Resolverlo aquí: ver la inscripción.',
    'Resolver aqui: ver a inscrição.',
    "Régler ici : voir l'inscription.",
  ],
  show_the_way: [
    'Show the way to the other room.',
    'Indicar el camino a la otra sala.',
    'Indicar o caminho da outra sala.',
    "Indiquer le chemin de l'autre salle.",
  ],
  ask_to_wait: [
    'Ask to wait until the doors open.',
    'Pedir que espere hasta que se abran las puertas.',
    'Pedir que aguarde a abertura das portas.',
    "Demander d'attendre l'ouverture des portes.",
  ],
  say_it_is_over: [
    'Say that it is over.',
    'Avisar que ya terminó.',
    'Avisar que já terminou.',
    "Dire que c'est terminé.",
  ],
  say_it_is_cancelled: [
    'Say that it does not take place.',
    'Avisar que no se realiza.',
    'Avisar que não se realiza.',
    "Dire que cela n'a pas lieu.",
  ],
  wait_for_room: [
    'Ask to wait until somebody leaves.',
    'Pedir que espere hasta que alguien salga.',
    'Pedir que aguarde até que alguém saia.',
    "Demander d'attendre que quelqu'un sorte.",
  ],
  call_desk_lead: [
    'Call the person in charge.',
    'Llamar a la persona encargada.',
    'Chamar a pessoa responsável.',
    'Appeler la personne responsable.',
  ],
};

/**
 * @param {string[]} sentences In the order of the languages.
 * @param {string} language BCP 47.
 * @returns {string} The one for a reader of it, or in English.
 */
function inLanguage(sentences, language) {
  return sentences[Math.max(0, LANGUAGES.indexOf(language.split('-')[0]))];
}

/** What the invitation check's answer is at a checkpoint; those that let in are not there. */
const OF_ENTRY = {
  not_registered: 'not_confirmed',
  registration_invited: 'not_confirmed',
  registration_requested: 'not_confirmed',
  registration_waitlisted: 'not_confirmed',
  registration_declined: 'cancelled',
  registration_cancelled: 'cancelled',
  cancelled: 'cancelled',
  not_invited: 'not_invited',
  invitation_declined: 'not_invited',
  invitation_delegated: 'not_invited',
  invitation_withdrawn: 'not_invited',
  stood_in_for: 'not_invited',
  no_seat: 'not_invited',
  seat_waiting: 'not_invited',
  not_published: 'too_early',
  not_yet: 'too_early',
  over: 'too_late',
};

/**
 * @param {string} entry What the invitation check says.
 * @returns {string | undefined} The reason at a checkpoint; undefined where it lets in.
 */
export function reasonOfEntry(entry) {
  return OF_ENTRY[entry];
}

/**
 * The reason of a verdict as a sentence, with what the invitation check says to it.
 *
 * @param {import('./judge.js').Verdict} verdict
 * @param {string} language BCP 47.
 * @returns {string}
 */
export function sentenceOf(verdict, language) {
  const said = inLanguage(REASONS[verdict.reason].says, language);
  if (!verdict.entry || reasonOfEntry(verdict.entry) !== verdict.reason) return said;
  return `${said} ${inLanguage(ENTRY_REASONS[verdict.entry].says, language)}`;
}

/**
 * What to do next as a sentence.
 *
 * @param {string} step Its word.
 * @param {string} language BCP 47.
 * @returns {string}
 */
export function sentenceOfStep(step, language) {
  return inLanguage(STEPS[step], language);
}

/**
 * What follows from a reason.
 *
 * @param {string} reason Its word.
 * @param {string} kind What kind of checkpoint it is.
 * @param {boolean} isOfGuest Whether it lies with the guest: what is cancelled is their registration, and not what they
 *   came for.
 * @returns {string} The step's word.
 */
export function stepAfter(reason, kind, isOfGuest) {
  const isDesk = kind === 'desk';
  switch (reason) {
    case 'admitted':
      return 'let_in';
    case 'needs_attention':
      return 'read_the_note';
    case 'invitation_not_answered':
      return 'ask_for_answer';
    case 'unknown':
    case 'other_event':
      return isDesk ? 'look_up' : 'send_to_desk';
    case 'cancelled':
      if (!isOfGuest) return 'say_it_is_cancelled';
      return isDesk ? 'settle_here' : 'send_to_desk';
    case 'badge_void':
    case 'not_confirmed':
    case 'wrong_part':
      return isDesk ? 'settle_here' : 'send_to_desk';
    case 'moved':
      return 'show_the_way';
    case 'too_early':
      return 'ask_to_wait';
    case 'too_late':
      return 'say_it_is_over';
    case 'full':
      return 'wait_for_room';
    default:
      return 'call_desk_lead';
  }
}

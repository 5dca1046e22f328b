/**
 * What the invitation check says, as sentences in English, Spanish, Portuguese and French. A test holds
 * them to the server's (`shared/src/invitation`).
 *
 * @module
 */

/** By their word: whether it is one to let somebody in, and the sentence. */
export const ENTRY_REASONS = {
  open: { letsIn: true, says: ['Open to everybody.', 'Abierto a todo público.', 'Aberto a todos.', 'Ouvert à tous.'] },
  registered: {
    letsIn: true,
    says: ['Registered.', 'Con inscripción confirmada.', 'Com inscrição confirmada.', 'Inscription confirmée.'],
  },
  audience: {
    letsIn: true,
    says: [
      'It is for a group that includes this person.',
      'Está dirigido a un grupo que incluye a esta persona.',
      'Destina-se a um grupo que inclui esta pessoa.',
      'Réservé à un groupe dont cette personne fait partie.',
    ],
  },
  invited: { letsIn: true, says: ['Invited.', 'Con invitación.', 'Com convite.', 'Sur invitation reçue.'] },
  on_duty: {
    letsIn: true,
    says: [
      'Takes part in it or works there.',
      'Participa en la sesión o trabaja en ella.',
      'Participa na sessão ou trabalha nela.',
      'Intervient dans la séance ou y travaille.',
    ],
  },
  stand_in: {
    letsIn: true,
    says: [
      'Sits in for somebody who is let in.',
      'Reemplaza por esta vez a quien tiene acceso.',
      'Substitui desta vez quem tem acesso.',
      'Remplace pour cette fois une personne admise.',
    ],
  },
  seat: { letsIn: true, says: ['Has a seat.', 'Tiene un cupo.', 'Tem uma vaga.', "Dispose d'une place."] },
  not_registered: {
    letsIn: false,
    says: [
      'Not registered for the event.',
      'Sin inscripción en el evento.',
      'Sem inscrição no evento.',
      "Pas d'inscription à l'événement.",
    ],
  },
  registration_invited: {
    letsIn: false,
    says: [
      'The registration has not been confirmed by the person yet.',
      'La persona aún no ha confirmado su inscripción.',
      'A pessoa ainda não confirmou a inscrição.',
      "La personne n'a pas encore confirmé son inscription.",
    ],
  },
  registration_requested: {
    letsIn: false,
    says: [
      'The registration waits for approval.',
      'La inscripción está por aprobarse.',
      'A inscrição aguarda aprovação.',
      "L'inscription attend d'être approuvée.",
    ],
  },
  registration_waitlisted: {
    letsIn: false,
    says: [
      'The registration waits for a place.',
      'La inscripción está en lista de espera.',
      'A inscrição está na lista de espera.',
      "L'inscription est sur liste d'attente.",
    ],
  },
  registration_declined: {
    letsIn: false,
    says: [
      'The registration was declined.',
      'La inscripción fue rechazada.',
      'A inscrição foi recusada.',
      "L'inscription a été déclinée.",
    ],
  },
  registration_cancelled: {
    letsIn: false,
    says: [
      'The registration was cancelled.',
      'La inscripción fue cancelada.',
      'A inscrição foi cancelada.',
      "L'inscription a été annulée.",
    ],
  },
  not_invited: {
    letsIn: false,
    says: [
      'By invitation only; there is no invitation.',
      'Solo con invitación; no hay ninguna.',
      'Somente com convite; não há convite.',
      "Sur invitation uniquement ; il n'y en a pas.",
    ],
  },
  invitation_declined: {
    letsIn: false,
    says: [
      'The invitation was declined.',
      'La invitación fue declinada.',
      'O convite foi recusado.',
      "L'invitation a été déclinée.",
    ],
  },
  invitation_delegated: {
    letsIn: false,
    says: [
      'The invitation was passed on to somebody else.',
      'La invitación fue cedida a otra persona.',
      'O convite foi passado a outra pessoa.',
      "L'invitation a été cédée à une autre personne.",
    ],
  },
  invitation_withdrawn: {
    letsIn: false,
    says: [
      'The invitation was withdrawn.',
      'La invitación fue retirada.',
      'O convite foi retirado.',
      "L'invitation a été retirée.",
    ],
  },
  stood_in_for: {
    letsIn: false,
    says: [
      'Somebody sits in for this person.',
      'Otra persona asiste en su lugar.',
      'Outra pessoa comparece em seu lugar.',
      "Quelqu'un d'autre siège à sa place.",
    ],
  },
  no_seat: { letsIn: false, says: ['No seat was taken.', 'No tiene cupo.', 'Não tem vaga.', 'Aucune place réservée.'] },
  seat_waiting: {
    letsIn: false,
    says: [
      'On the waitlist for a seat.',
      'En lista de espera para un cupo.',
      'Na lista de espera por uma vaga.',
      "Sur liste d'attente pour une place.",
    ],
  },
  not_published: {
    letsIn: false,
    says: ['Not published.', 'No está publicado.', 'Não está publicado.', 'Non publié.'],
  },
  cancelled: { letsIn: false, says: ['Cancelled.', 'Cancelado.', 'Cancelado.', 'Annulé.'] },
  not_yet: {
    letsIn: false,
    says: [
      'The doors are not open yet.',
      'Aún no se abren las puertas.',
      'As portas ainda não abriram.',
      'Les portes ne sont pas encore ouvertes.',
    ],
  },
  over: { letsIn: false, says: ['It is over.', 'Ya terminó.', 'Já terminou.', "C'est terminé."] },
};

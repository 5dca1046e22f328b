//! Why somebody may enter or may not: a word for programs and a sentence for people.

use crate::worded::worded;

worded! {
    /// Why somebody may enter or may not.
    enum Reason {
        /// Everybody may.
        Open = "open",
            ["Open to everybody.", "Abierto a todo público.", "Aberto a todos.", "Ouvert à tous."];
        /// Everybody registered may, and they are.
        Registered = "registered",
            ["Registered.", "Con inscripción confirmada.", "Com inscrição confirmada.", "Inscription confirmée."];
        /// It is for an audience that they are in.
        Audience = "audience",
            ["It is for a group that includes this person.", "Está dirigido a un grupo que incluye a esta persona.",
                "Destina-se a um grupo que inclui esta pessoa.", "Réservé à un groupe dont cette personne fait partie."];
        /// They are invited.
        Invited = "invited",
            ["Invited.", "Con invitación.", "Com convite.", "Sur invitation reçue."];
        /// They take part in it or work there.
        OnDuty = "on_duty",
            ["Takes part in it or works there.", "Participa en la sesión o trabaja en ella.",
                "Participa na sessão ou trabalha nela.", "Intervient dans la séance ou y travaille."];
        /// They sit in for somebody who would be let in.
        StandIn = "stand_in",
            ["Sits in for somebody who is let in.", "Reemplaza por esta vez a quien tiene acceso.",
                "Substitui desta vez quem tem acesso.", "Remplace pour cette fois une personne admise."];
        /// They have a seat.
        Seat = "seat",
            ["Has a seat.", "Tiene un cupo.", "Tem uma vaga.", "Dispose d'une place."];
        /// They are not registered.
        NotRegistered = "not_registered",
            ["Not registered for the event.", "Sin inscripción en el evento.", "Sem inscrição no evento.",
                "Pas d'inscription à l'événement."];
        /// The event asked them to come, and they have not said that they do.
        RegistrationInvited = "registration_invited",
            ["The registration has not been confirmed by the person yet.", "La persona aún no ha confirmado su inscripción.",
                "A pessoa ainda não confirmou a inscrição.", "La personne n'a pas encore confirmé son inscription."];
        /// They asked to come, and nobody has decided.
        RegistrationRequested = "registration_requested",
            ["The registration waits for approval.", "La inscripción está por aprobarse.",
                "A inscrição aguarda aprovação.", "L'inscription attend d'être approuvée."];
        /// Their registration waits for a place.
        RegistrationWaitlisted = "registration_waitlisted",
            ["The registration waits for a place.", "La inscripción está en lista de espera.",
                "A inscrição está na lista de espera.", "L'inscription est sur liste d'attente."];
        /// Their registration was declined.
        RegistrationDeclined = "registration_declined",
            ["The registration was declined.", "La inscripción fue rechazada.", "A inscrição foi recusada.",
                "L'inscription a été déclinée."];
        /// Their registration was cancelled.
        RegistrationCancelled = "registration_cancelled",
            ["The registration was cancelled.", "La inscripción fue cancelada.", "A inscrição foi cancelada.",
                "L'inscription a été annulée."];
        /// It is by invitation, and they have none.
        NotInvited = "not_invited",
            ["By invitation only; there is no invitation.", "Solo con invitación; no hay ninguna.",
                "Somente com convite; não há convite.", "Sur invitation uniquement ; il n'y en a pas."];
        /// They declined.
        InvitationDeclined = "invitation_declined",
            ["The invitation was declined.", "La invitación fue declinada.", "O convite foi recusado.",
                "L'invitation a été déclinée."];
        /// They named somebody to come in their place.
        InvitationDelegated = "invitation_delegated",
            ["The invitation was passed on to somebody else.", "La invitación fue cedida a otra persona.",
                "O convite foi passado a outra pessoa.", "L'invitation a été cédée à une autre personne."];
        /// It was withdrawn. Only staff are told ([`Reason::for_guest`]).
        InvitationWithdrawn = "invitation_withdrawn",
            ["The invitation was withdrawn.", "La invitación fue retirada.", "O convite foi retirado.",
                "L'invitation a été retirée."];
        /// Somebody sits in for them.
        StoodInFor = "stood_in_for",
            ["Somebody sits in for this person.", "Otra persona asiste en su lugar.",
                "Outra pessoa comparece em seu lugar.", "Quelqu'un d'autre siège à sa place."];
        /// It takes a seat, and they have none.
        NoSeat = "no_seat",
            ["No seat was taken.", "No tiene cupo.", "Não tem vaga.", "Aucune place réservée."];
        /// They wait for a seat.
        SeatWaiting = "seat_waiting",
            ["On the waitlist for a seat.", "En lista de espera para un cupo.", "Na lista de espera por uma vaga.",
                "Sur liste d'attente pour une place."];
        /// It is not published.
        NotPublished = "not_published",
            ["Not published.", "No está publicado.", "Não está publicado.", "Non publié."];
        /// It was cancelled.
        Cancelled = "cancelled",
            ["Cancelled.", "Cancelado.", "Cancelado.", "Annulé."];
        /// The doors are not open yet.
        NotYet = "not_yet",
            ["The doors are not open yet.", "Aún no se abren las puertas.", "As portas ainda não abriram.",
                "Les portes ne sont pas encore ouvertes."];
        /// It is over.
        Over = "over",
            ["It is over.", "Ya terminó.", "Já terminou.", "C'est terminé."];
    }
}

impl Reason {
    /// Whether it is one to let somebody in.
    pub fn lets_in(self) -> bool {
        use Reason::{Audience, Invited, OnDuty, Open, Registered, Seat, StandIn};
        matches!(self, Open | Registered | Audience | Invited | OnDuty | StandIn | Seat)
    }

    /// The reason as the guest is told: that an invitation was withdrawn may be meant to be quiet.
    pub fn for_guest(self) -> Self {
        if self == Self::InvitationWithdrawn { Self::NotInvited } else { self }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;

    #[test]
    fn every_reason_has_a_word_and_a_sentence_of_its_own_in_each_language() {
        let words: BTreeSet<_> = Reason::ALL.iter().map(|reason| reason.as_str()).collect();
        assert_eq!(words.len(), Reason::ALL.len());
        for language in ["en", "es", "pt", "fr"] {
            let sentences: BTreeSet<_> = Reason::ALL.iter().map(|reason| reason.sentence(language)).collect();
            assert_eq!(sentences.len(), Reason::ALL.len(), "{language}");
            assert!(sentences.iter().all(|sentence| sentence.ends_with('.') && sentence.len() > 3), "{language}");
        }
        for reason in Reason::ALL {
            assert_eq!(json!(reason), reason.as_str());
        }
    }

    #[test]
    fn a_sentence_is_in_the_readers_language_or_in_english() {
        let said = |language| Reason::Over.sentence(language);
        assert_eq!(
            [said("en-GB"), said("es-CL"), said("pt-BR"), said("fr")],
            ["It is over.", "Ya terminó.", "Já terminou.", "C'est terminé."]
        );
        assert_eq!((said("de"), said("")), ("It is over.", "It is over."));
    }

    #[test]
    fn only_that_an_invitation_was_withdrawn_is_kept_from_the_guest() {
        let hidden: Vec<_> = Reason::ALL.iter().filter(|reason| reason.for_guest() != **reason).collect();
        assert_eq!(hidden, [&Reason::InvitationWithdrawn]);
        assert_eq!(Reason::InvitationWithdrawn.for_guest(), Reason::NotInvited);
    }
}

//! Why a guest is let in at a checkpoint or not: a word for programs and a sentence for people.

use crate::invitation;
use crate::worded::worded;

worded! {
    /// Why a guest is let in at a checkpoint or not, in the order in which they are told: of several, the first is the
    /// reason. All that refuse come before those that do not.
    enum Reason {
        /// It is no badge, a forged one, or nobody's who is known here.
        Unknown = "unknown",
            ["This code is not a known badge.", "Este código no es una credencial conocida.",
                "Este código não é uma credencial conhecida.", "Ce code n'est pas un badge connu."];
        /// The badge is of another event.
        OtherEvent = "other_event",
            ["The badge is of another event.", "La credencial es de otro evento.", "A credencial é de outro evento.",
                "Le badge est celui d'un autre événement."];
        /// The badge was withdrawn, replaced, or is outside the time for which it was issued.
        BadgeVoid = "badge_void",
            ["This badge is not valid.", "Esta credencial no es válida.", "Esta credencial não é válida.",
                "Ce badge n'est pas valable."];
        /// The registration was cancelled or declined, or what is entered was cancelled.
        Cancelled = "cancelled",
            ["Cancelled.", "Cancelado.", "Cancelado.", "Annulé."];
        /// The registration is not confirmed.
        NotConfirmed = "not_confirmed",
            ["The registration is not confirmed.", "La inscripción no está confirmada.",
                "A inscrição não está confirmada.", "L'inscription n'est pas confirmée."];
        /// What the guest comes for takes place elsewhere now.
        Moved = "moved",
            ["The session has moved to another room.", "La sesión se trasladó a otra sala.",
                "A sessão mudou de sala.", "La séance a changé de salle."];
        /// It is for other categories of guests.
        WrongPart = "wrong_part",
            ["The badge is for another part of the event.", "La credencial es para otra parte del evento.",
                "A credencial é para outra parte do evento.", "Le badge donne accès à une autre partie de l'événement."];
        /// The guest is not on the list: no invitation that stands, no seat, in no audience of it.
        NotInvited = "not_invited",
            ["Not on the list for this.", "No figura en la lista.", "Não consta da lista.",
                "Ne figure pas sur la liste."];
        /// The doors are not open yet.
        TooEarly = "too_early",
            ["It is too early: the doors are not open yet.", "Es temprano: aún no se abren las puertas.",
                "É cedo: as portas ainda não abriram.", "Il est trop tôt : les portes ne sont pas encore ouvertes."];
        /// It is over.
        TooLate = "too_late",
            ["It is too late: it is over.", "Es tarde: ya terminó.", "É tarde: já terminou.",
                "Il est trop tard : c'est terminé."];
        /// One may enter once, and the guest has.
        AlreadyUsed = "already_used",
            ["Already used: one entry only.", "Ya se usó: permite una sola entrada.",
                "Já foi usada: permite uma única entrada.", "Déjà utilisé : une seule entrée."];
        /// The guest is inside and has not gone out.
        AlreadyInside = "already_inside",
            ["Already inside: no exit was recorded.", "Ya está dentro: no se registró una salida.",
                "Já está dentro: não foi registrada uma saída.", "Déjà à l'intérieur : aucune sortie enregistrée."];
        /// As many are inside as may be, of all or of the delegation.
        Full = "full",
            ["There is no room for one more.", "No hay lugar para nadie más.", "Não há lugar para mais ninguém.",
                "Il n'y a plus de place."];
        /// Somebody left a note for whoever sees this guest first.
        NeedsAttention = "needs_attention",
            ["There is a note for this person.", "Hay una nota para esta persona.", "Há uma nota para esta pessoa.",
                "Il y a une note pour cette personne."];
        /// The guest is invited and has not said whether they come.
        InvitationNotAnswered = "invitation_not_answered",
            ["Invited; the invitation was not answered.", "Con invitación, que aún no respondió.",
                "Com convite, ainda sem resposta.", "Sur invitation, restée sans réponse."];
        /// Nothing is in the way.
        Admitted = "admitted",
            ["Welcome.", "Puede entrar.", "Pode entrar.", "Peut entrer."];
    }
}

impl Reason {
    /// Whether it is one to let somebody in.
    pub fn admits(self) -> bool {
        matches!(self, Self::NeedsAttention | Self::InvitationNotAnswered | Self::Admitted)
    }

    /// What the invitation check's answer is at a checkpoint; none where it lets in.
    pub fn of_entry(entry: invitation::Reason) -> Option<Self> {
        use invitation::Reason as Entry;
        match entry {
            Entry::Open
            | Entry::Registered
            | Entry::Audience
            | Entry::Invited
            | Entry::OnDuty
            | Entry::StandIn
            | Entry::Seat => None,
            Entry::NotRegistered
            | Entry::RegistrationInvited
            | Entry::RegistrationRequested
            | Entry::RegistrationWaitlisted => Some(Self::NotConfirmed),
            Entry::RegistrationDeclined | Entry::RegistrationCancelled | Entry::Cancelled => Some(Self::Cancelled),
            Entry::NotInvited
            | Entry::InvitationDeclined
            | Entry::InvitationDelegated
            | Entry::InvitationWithdrawn
            | Entry::StoodInFor
            | Entry::NoSeat
            | Entry::SeatWaiting => Some(Self::NotInvited),
            Entry::NotPublished | Entry::NotYet => Some(Self::TooEarly),
            Entry::Over => Some(Self::TooLate),
        }
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
        for language in ["en", "es-CL", "pt-BR", "fr"] {
            let sentences: BTreeSet<_> = Reason::ALL.iter().map(|reason| reason.sentence(language)).collect();
            assert_eq!(sentences.len(), Reason::ALL.len(), "{language}");
            assert!(sentences.iter().all(|sentence| sentence.ends_with('.')), "{language}");
        }
        for reason in Reason::ALL {
            assert_eq!(json!(reason), reason.as_str());
        }
        let english = Reason::Full.sentence("en");
        assert_eq!((Reason::Full.sentence("de"), Reason::Full.sentence("")), (english, english));
    }

    #[test]
    fn reasons_to_refuse_come_before_reasons_to_admit() {
        let mut sorted = Reason::ALL.to_vec();
        sorted.sort();
        assert_eq!(sorted, Reason::ALL);
        assert!(Reason::ALL.is_sorted_by_key(|reason| reason.admits()));
        assert_eq!(Reason::ALL.last(), Some(&Reason::Admitted));
    }

    #[test]
    fn what_the_invitation_check_lets_in_is_in_nobodys_way() {
        for entry in invitation::Reason::ALL {
            assert_eq!(Reason::of_entry(*entry).is_none(), entry.lets_in(), "{entry:?}");
            assert!(Reason::of_entry(*entry).is_none_or(|reason| !reason.admits()), "{entry:?}");
        }
    }
}

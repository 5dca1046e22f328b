//! What whoever stands at a checkpoint does next.

use super::Reason;
use crate::programme::CheckpointKind;
use crate::worded::worded;

worded! {
    /// What whoever stands at a checkpoint does next.
    enum NextStep {
        /// Let the guest in.
        LetIn = "let_in",
            ["Let in.", "Dejar entrar.", "Deixar entrar.", "Laisser entrer."];
        /// Read the note, then let the guest in.
        ReadTheNote = "read_the_note",
            ["Read the note, then let in.", "Leer la nota y dejar entrar.", "Ler a nota e deixar entrar.",
                "Lire la note, puis laisser entrer."];
        /// Let the guest in, and ask whether they accept the invitation.
        AskForAnswer = "ask_for_answer",
            ["Let in, and ask for the answer to the invitation.", "Dejar entrar y pedir la respuesta a la invitación.",
                "Deixar entrar e pedir a resposta ao convite.", "Laisser entrer et demander la réponse à l'invitation."];
        /// Let the guest out.
        LetOut = "let_out",
            ["Let out.", "Dejar salir.", "Deixar sair.", "Laisser sortir."];
        /// Send the guest to the registration desk.
        SendToDesk = "send_to_desk",
            ["Send to the registration desk.", "Enviar a la mesa de acreditación.",
                "Encaminhar ao balcão de credenciamento.", "Envoyer au bureau d'accueil."];
        /// At a desk: look the guest up by name.
        LookUp = "look_up",
            ["Look the person up by name.", "Buscar a la persona por su nombre.", "Procurar a pessoa pelo nome.",
                "Chercher la personne par son nom."];
        /// At a desk: settle what is wrong with the registration or badge.
        SettleHere = "settle_here",
            ["Settle it here: see the registration.", "Resolverlo aquí: ver la inscripción.",
                "Resolver aqui: ver a inscrição.", "Régler ici : voir l'inscription."];
        /// Show the way to the room where it takes place.
        ShowTheWay = "show_the_way",
            ["Show the way to the other room.", "Indicar el camino a la otra sala.", "Indicar o caminho da outra sala.",
                "Indiquer le chemin de l'autre salle."];
        /// Ask the guest to come back when the doors open.
        AskToWait = "ask_to_wait",
            ["Ask to wait until the doors open.", "Pedir que espere hasta que se abran las puertas.",
                "Pedir que aguarde a abertura das portas.", "Demander d'attendre l'ouverture des portes."];
        /// Say that it is over.
        SayItIsOver = "say_it_is_over",
            ["Say that it is over.", "Avisar que ya terminó.", "Avisar que já terminou.", "Dire que c'est terminé."];
        /// Say that it does not take place.
        SayItIsCancelled = "say_it_is_cancelled",
            ["Say that it does not take place.", "Avisar que no se realiza.", "Avisar que não se realiza.",
                "Dire que cela n'a pas lieu."];
        /// Ask the guest to wait until somebody leaves.
        WaitForRoom = "wait_for_room",
            ["Ask to wait until somebody leaves.", "Pedir que espere hasta que alguien salga.",
                "Pedir que aguarde até que alguém saia.", "Demander d'attendre que quelqu'un sorte."];
        /// Call somebody who may decide otherwise.
        CallDeskLead = "call_desk_lead",
            ["Call the person in charge.", "Llamar a la persona encargada.", "Chamar a pessoa responsável.",
                "Appeler la personne responsable."];
    }
}

impl NextStep {
    /// What follows from a reason at a checkpoint of a kind. `is_of_guest` tells whether it lies with the
    /// guest: what is cancelled is their registration, and not what they came for.
    pub fn after(reason: Reason, kind: CheckpointKind, is_of_guest: bool) -> Self {
        let is_desk = kind == CheckpointKind::Desk;
        match reason {
            Reason::Admitted => Self::LetIn,
            Reason::NeedsAttention => Self::ReadTheNote,
            Reason::InvitationNotAnswered => Self::AskForAnswer,
            Reason::Unknown | Reason::OtherEvent if is_desk => Self::LookUp,
            Reason::Unknown | Reason::OtherEvent => Self::SendToDesk,
            Reason::Cancelled if !is_of_guest => Self::SayItIsCancelled,
            Reason::BadgeVoid | Reason::Cancelled | Reason::NotConfirmed | Reason::WrongPart if is_desk => {
                Self::SettleHere
            }
            Reason::BadgeVoid | Reason::Cancelled | Reason::NotConfirmed | Reason::WrongPart => Self::SendToDesk,
            Reason::Moved => Self::ShowTheWay,
            Reason::TooEarly => Self::AskToWait,
            Reason::TooLate => Self::SayItIsOver,
            Reason::Full => Self::WaitForRoom,
            Reason::NotInvited | Reason::AlreadyUsed | Reason::AlreadyInside => Self::CallDeskLead,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;

    #[test]
    fn every_step_has_a_word_and_a_sentence_of_its_own_in_each_language() {
        for language in ["en", "es", "pt-BR", "fr"] {
            let sentences: BTreeSet<_> = NextStep::ALL.iter().map(|step| step.sentence(language)).collect();
            assert_eq!(sentences.len(), NextStep::ALL.len(), "{language}");
            assert!(sentences.iter().all(|sentence| sentence.ends_with('.')), "{language}");
        }
        for step in NextStep::ALL {
            assert_eq!(json!(step), step.as_str());
        }
    }

    #[test]
    fn whoever_is_admitted_is_let_in_and_nobody_else() {
        let lets_in = [NextStep::LetIn, NextStep::ReadTheNote, NextStep::AskForAnswer];
        for reason in Reason::ALL {
            for kind in [CheckpointKind::Desk, CheckpointKind::Door, CheckpointKind::Bus, CheckpointKind::Entrance] {
                let step = NextStep::after(*reason, kind, true);
                assert_eq!(lets_in.contains(&step), reason.admits(), "{reason:?}");
                assert!(step != NextStep::SendToDesk || kind != CheckpointKind::Desk, "{reason:?}");
            }
        }
        assert_eq!(NextStep::after(Reason::Cancelled, CheckpointKind::Desk, false), NextStep::SayItIsCancelled);
    }
}

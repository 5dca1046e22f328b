//! The names of sections and fields, in the languages of the page.

/// A language of the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Language {
    /// English.
    English,
    /// Spanish.
    Spanish,
    /// Portuguese.
    Portuguese,
    /// French.
    French,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 4] = [Self::English, Self::Spanish, Self::Portuguese, Self::French];

    /// Its BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
            Self::Portuguese => "pt",
            Self::French => "fr",
        }
    }

    /// The first of these tags, in order of preference, that is a language of the page, whatever its
    /// region; English where none is.
    pub fn of_preference<'a>(tags: impl IntoIterator<Item = &'a str>) -> Self {
        let known = |tag: &str| {
            let primary = tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
            Self::ALL.into_iter().find(|language| language.tag() == primary)
        };
        tags.into_iter().find_map(known).unwrap_or(Self::English)
    }
}

/// What a name of the document is called; empty where it has no other name.
pub fn label(name: &str, language: Language) -> &'static str {
    let labels = LABELS.iter().find(|(known, _)| *known == name).map(|(_, labels)| labels);
    labels.map_or("", |labels| labels[language as usize])
}

/// In the order of [`Language::ALL`].
const LABELS: &[(&str, [&str; 4])] = &[
    (
        "held",
        [
            "What is held about you",
            "Los datos que guardamos sobre usted",
            "Os dados que guardamos sobre si",
            "Les données conservées à votre sujet",
        ],
    ),
    ("next", ["More", "Más", "Mais", "Suite"]),
    ("nothing", ["Nothing", "Nada", "Nada", "Rien"]),
    ("is_so", ["Yes", "Sí", "Sim", "Oui"]),
    ("is_not_so", ["No", "No", "Não", "Non"]),
    (
        "access_needs",
        ["Access needs", "Necesidades de accesibilidad", "Necessidades de acessibilidade", "Besoins d’accessibilité"],
    ),
    ("account", ["Account", "Cuenta", "Conta", "Compte"]),
    ("accounts", ["Accounts", "Cuentas", "Contas", "Comptes"]),
    ("address", ["Address", "Dirección", "Endereço", "Adresse"]),
    ("after", ["After", "Después", "Depois", "Après"]),
    ("answer", ["Answer", "Respuesta", "Resposta", "Réponse"]),
    ("answers", ["Answers", "Respuestas", "Respostas", "Réponses"]),
    ("at", ["When", "Cuándo", "Quando", "Quand"]),
    ("attempt_count", ["Attempts", "Intentos", "Tentativas", "Tentatives"]),
    ("attendee", ["Attendee", "Participante", "Participante", "Participant"]),
    ("attendees", ["Attendees", "Participantes", "Participantes", "Participants"]),
    ("audiences", ["Audiences", "Públicos", "Públicos", "Publics"]),
    ("audit", ["Record of changes", "Registro de cambios", "Registo de alterações", "Journal des modifications"]),
    ("badge_name", ["Name on the badge", "Nombre en la credencial", "Nome na credencial", "Nom sur le badge"]),
    ("before", ["Before", "Antes", "Antes", "Avant"]),
    ("biography", ["Biography", "Biografía", "Biografia", "Biographie"]),
    ("category", ["Category", "Categoría", "Categoria", "Catégorie"]),
    ("category_title", ["Category", "Categoría", "Categoria", "Catégorie"]),
    ("channel", ["Channel", "Canal", "Canal", "Canal"]),
    ("collection", ["Kind", "Tipo", "Tipo", "Type"]),
    ("companion_of", ["Companion of", "Acompañante de", "Acompanhante de", "Accompagne"]),
    ("consent", ["Consent", "Consentimiento", "Consentimento", "Consentement"]),
    ("consents", ["Consents", "Consentimientos", "Consentimentos", "Consentements"]),
    ("content", ["Content", "Contenido", "Conteúdo", "Contenu"]),
    ("country", ["Country", "País", "País", "Pays"]),
    ("created_at", ["Entered", "Registrado", "Registado", "Enregistré"]),
    ("day", ["Day", "Día", "Dia", "Jour"]),
    ("delegation", ["Delegation", "Delegación", "Delegação", "Délégation"]),
    ("delegation_name", ["Delegation", "Delegación", "Delegação", "Délégation"]),
    (
        "delegation_role",
        ["Role in the delegation", "Función en la delegación", "Função na delegação", "Fonction dans la délégation"],
    ),
    ("details", ["Details", "Detalles", "Detalhes", "Détails"]),
    ("device", ["Device", "Dispositivo", "Dispositivo", "Appareil"]),
    ("devices", ["Devices", "Dispositivos", "Dispositivos", "Appareils"]),
    ("duties", ["Duties", "Tareas", "Tarefas", "Fonctions"]),
    ("duty", ["Duty", "Tarea", "Tarefa", "Fonction"]),
    ("email", ["E-mail", "Correo electrónico", "Correio eletrónico", "Courriel"]),
    ("ended_at", ["Ended", "Terminado", "Terminado", "Terminé"]),
    ("erased_at", ["Erased", "Borrado", "Apagado", "Effacé"]),
    ("event", ["Event", "Evento", "Evento", "Événement"]),
    ("expires_at", ["Valid until", "Válido hasta", "Válido até", "Valable jusqu’à"]),
    (
        "external_id",
        [
            "Number in the organisers’ lists",
            "Número en las listas de la organización",
            "Número nas listas da organização",
            "Numéro dans les listes des organisateurs",
        ],
    ),
    ("family_name", ["Family name", "Apellidos", "Apelido", "Nom de famille"]),
    ("favourites", ["Starred sessions", "Sesiones favoritas", "Sessões favoritas", "Sessions favorites"]),
    ("form_of_address", ["Form of address", "Tratamiento", "Tratamento", "Formule d’appel"]),
    ("from", ["From", "Desde", "De", "Du"]),
    ("given_name", ["Given name", "Nombre de pila", "Nome próprio", "Prénom"]),
    ("has_password", ["Has a password", "Tiene contraseña", "Tem palavra-passe", "A un mot de passe"]),
    ("id", ["Number", "Número", "Número", "Numéro"]),
    ("invitations", ["Invitations", "Invitaciones", "Convites", "Invitations"]),
    ("is_active", ["At present", "Actualmente", "Atualmente", "Actuellement"]),
    ("is_by_hand", ["Entered by hand", "Incluido a mano", "Incluído à mão", "Inscrit à la main"]),
    ("is_by_rule", ["By a rule", "Por una regla", "Por uma regra", "Par une règle"]),
    ("is_ended", ["Ended", "Terminado", "Terminado", "Terminé"]),
    ("is_given", ["Given", "Otorgado", "Dado", "Donné"]),
    ("is_off", ["No reminder", "Sin recordatorio", "Sem lembrete", "Aucun rappel"]),
    ("is_override", ["By exception", "Por excepción", "Por exceção", "Par exception"]),
    ("is_placeholder", ["Place kept for somebody", "Lugar reservado", "Lugar reservado", "Place réservée"]),
    ("key", ["Key", "Clave", "Chave", "Clé"]),
    ("kept_until", ["Kept until", "Se guarda hasta", "Guardado até", "Conservé jusqu’au"]),
    ("kind", ["Kind", "Tipo", "Tipo", "Type"]),
    ("language", ["Language", "Idioma", "Língua", "Langue"]),
    ("last_seen_at", ["Last used", "Último uso", "Último uso", "Dernière utilisation"]),
    ("mails", ["Mails", "Correos enviados", "Mensagens enviadas", "Courriels envoyés"]),
    ("minutes", ["Minutes before", "Minutos antes", "Minutos antes", "Minutes avant"]),
    ("mutation", ["Edit", "Edición", "Edição", "Modification"]),
    ("name", ["Name", "Nombre", "Nome", "Nom"]),
    ("needs", ["Needs", "Necesidades", "Necessidades", "Besoins"]),
    ("note", ["Note", "Nota", "Nota", "Note"]),
    ("notes", ["Notes", "Notas", "Notas", "Notes"]),
    ("notices", ["Notices", "Avisos", "Avisos", "Avis"]),
    (
        "number",
        [
            "Number in the waitlist",
            "Número en la lista de espera",
            "Número na lista de espera",
            "Numéro en liste d’attente",
        ],
    ),
    ("object", ["To what", "A qué", "A quê", "À quoi"]),
    ("operation", ["What was done", "Qué se hizo", "O que foi feito", "Ce qui a été fait"]),
    ("organisation", ["Organisation", "Organización", "Organização", "Organisation"]),
    ("part", ["Part", "Parte", "Parte", "Partie"]),
    (
        "part_categories",
        ["Category in parts", "Categoría por partes", "Categoria por partes", "Catégorie dans les parties"],
    ),
    (
        "people",
        ["Published in the programme", "Publicado en el programa", "Publicado no programa", "Publié dans le programme"],
    ),
    ("phone", ["Telephone", "Teléfono", "Telefone", "Téléphone"]),
    ("place", ["Place", "Lugar", "Lugar", "Lieu"]),
    ("position", ["Position", "Cargo", "Cargo", "Fonction"]),
    ("purpose", ["Used for", "Finalidad", "Finalidade", "Finalité"]),
    ("question", ["Question", "Pregunta", "Pergunta", "Question"]),
    ("reason", ["Reason", "Motivo", "Motivo", "Motif"]),
    ("registration", ["Registration", "Inscripción", "Inscrição", "Inscription"]),
    ("relation", ["Relation", "Relación", "Relação", "Lien"]),
    ("reminder_choices", ["Reminders", "Recordatorios", "Lembretes", "Rappels"]),
    ("replaced_by", ["Replaced by", "Reemplazado por", "Substituído por", "Remplacé par"]),
    ("replaces", ["Replaces", "Reemplaza a", "Substitui", "Remplace"]),
    ("requested_at", ["Asked for", "Solicitado", "Pedido", "Demandé"]),
    (
        "results",
        [
            "Answers to your devices",
            "Respuestas a sus dispositivos",
            "Respostas aos seus dispositivos",
            "Réponses à vos appareils",
        ],
    ),
    ("role", ["Role", "Función", "Função", "Rôle"]),
    ("roles", ["Roles", "Funciones", "Funções", "Rôles"]),
    ("session", ["Session", "Sesión", "Sessão", "Session"]),
    (
        "shares",
        [
            "Shown to other attendees",
            "Visible para otros participantes",
            "Visível para outros participantes",
            "Montré aux autres participants",
        ],
    ),
    ("sign_in_codes", ["Codes to sign in", "Códigos de acceso", "Códigos de acesso", "Codes de connexion"]),
    ("sign_ups", ["Seats", "Plazas", "Lugares", "Places"]),
    ("slug", ["Short name", "Nombre corto", "Nome curto", "Nom court"]),
    ("stand_in", ["Sits in", "Suplente", "Suplente", "Suppléant"]),
    ("stand_ins", ["Stand-ins", "Suplencias", "Suplências", "Suppléances"]),
    ("state", ["State", "Estado", "Estado", "État"]),
    ("status", ["Status", "Estado", "Estado", "Statut"]),
    ("stop", ["Boards at", "Sube en", "Sobe em", "Monte à"]),
    ("text", ["Text", "Texto", "Texto", "Texte"]),
    ("title", ["Title", "Título", "Título", "Titre"]),
    ("to", ["To", "Hasta", "Até", "Au"]),
    ("updated_at", ["Changed", "Modificado", "Alterado", "Modifié"]),
    ("used_at", ["Used", "Usado", "Usado", "Utilisé"]),
    ("vehicles", ["Rides in", "Viaja en", "Viaja em", "Voyage dans"]),
    ("version", ["Version", "Versión", "Versão", "Version"]),
    (
        "waitlist_number",
        [
            "Number in the waitlist",
            "Número en la lista de espera",
            "Número na lista de espera",
            "Numéro en liste d’attente",
        ],
    ),
    ("rev", ["Commit", "Cambio", "Alteração", "Modification n°"]),
    ("detail", ["Detail", "Detalle", "Detalhe", "Détail"]),
    ("field", ["Field", "Campo", "Campo", "Champ"]),
    ("outcome", ["Outcome", "Resultado", "Resultado", "Issue"]),
    ("erased_count", ["Erased", "Borrados", "Apagados", "Effacés"]),
    ("added", ["Added", "Añadido", "Adicionado", "Ajouté"]),
    ("removed", ["Removed", "Quitado", "Removido", "Retiré"]),
    ("original", ["First answer", "Primera respuesta", "Primeira resposta", "Première réponse"]),
    ("links", ["Links", "Enlaces", "Ligações", "Liens"]),
    ("photo", ["Photo", "Foto", "Foto", "Photo"]),
    ("sort_name", ["Sorted by", "Orden alfabético", "Ordem alfabética", "Classé par"]),
    ("offered_until", ["Offered until", "Ofrecido hasta", "Oferecido até", "Proposé jusqu’au"]),
    ("seen_at", ["Seen", "Visto", "Visto", "Vu"]),
    (
        "answered_as",
        ["Answered as", "Respondió en calidad de", "Respondeu na qualidade de", "Réponse donnée en qualité de"],
    ),
    ("answered_at", ["Answered", "Respondida", "Respondido", "Répondu"]),
    ("answered_by", ["Answered by the account", "Respondió la cuenta", "Respondeu a conta", "Réponse du compte"]),
    ("delegated_by", ["Named by", "Por designación de", "Por indicação de", "Désigné par"]),
    ("delegated_to", ["Comes instead", "Asiste en su lugar", "Comparece em seu lugar", "Vient à la place"]),
    (
        "is_withdrawn_with_list",
        ["Withdrawn with the list", "Retirada con la lista", "Retirado com a lista", "Retirée avec la liste"],
    ),
    ("list", ["By the list", "Por la lista", "Pela lista", "Par la liste"]),
    ("reminded_at", ["Reminded", "Recordada", "Lembrado", "Rappelée"]),
    ("sent_at", ["Sent", "Enviada", "Enviado", "Envoyée"]),
    ("withdrawn_at", ["Withdrawn", "Retirada", "Retirado", "Retirée"]),
    ("badges", ["Badges", "Credenciales", "Credenciais", "Badges"]),
    ("scans", ["Checks at doors", "Controles en las puertas", "Controlos nas portas", "Contrôles aux portes"]),
    (
        "walk_ins",
        ["Registered at a desk", "Inscripción en una mesa", "Inscrição num balcão", "Inscription à un bureau"],
    ),
    ("handovers", ["Handed out and lent", "Entregado y prestado", "Entregue e emprestado", "Remis et prêté"]),
    ("door_notes", ["Notes for the doors", "Notas para las puertas", "Notas para as portas", "Notes pour les portes"]),
    (
        "late_work",
        [
            "Done for you at a desk that was not in use any more",
            "Hecho para usted en una mesa que ya no estaba en uso",
            "Feito para si num balcão que já não estava em uso",
            "Fait pour vous à un bureau qui n’était plus en service",
        ],
    ),
    ("done_at", ["Done", "Hecho", "Feito", "Fait"]),
    ("device_name", ["Device", "Dispositivo", "Dispositivo", "Appareil"]),
    ("photos", ["Photos", "Fotos", "Fotos", "Photos"]),
    ("registered_at", ["Registered", "Inscripción", "Inscrição", "Inscrit"]),
    (
        "registered_by",
        ["Registered by the account", "Inscribió la cuenta", "Inscreveu a conta", "Inscrit par le compte"],
    ),
    ("settled_at", ["Settled", "Aclarado", "Esclarecido", "Réglé"]),
    ("what", ["What", "Qué", "O quê", "Quoi"]),
    ("item", ["Thing", "Objeto", "Objeto", "Objet"]),
    ("received_by", ["Received by", "Recibió", "Recebeu", "Reçu par"]),
    ("signature", ["Signature", "Firma", "Assinatura", "Signature"]),
    ("written_by", ["Written by the account", "Escribió la cuenta", "Escreveu a conta", "Écrit par le compte"]),
    ("written_at", ["Written", "Escrita", "Escrita", "Écrite"]),
    ("media_type", ["Format", "Formato", "Formato", "Format"]),
    ("put_at", ["Kept since", "Guardada desde", "Guardada desde", "Conservée depuis"]),
    ("received_at", ["Received", "Recibido", "Recebido", "Reçu"]),
    ("area", ["Access area", "Zona de acceso", "Zona de acesso", "Zone d’accès"]),
    ("checkpoint", ["Checkpoint", "Punto de control", "Ponto de controlo", "Point de contrôle"]),
    ("direction", ["Direction", "Sentido", "Sentido", "Sens"]),
    ("admits", ["Let through", "Pudo pasar", "Pôde passar", "A pu passer"]),
    ("by_hand", ["By hand, because", "A mano, porque", "À mão, porque", "À la main, parce que"]),
    ("carrier", ["Number", "Número", "Número", "Numéro"]),
    ("handed_out_at", ["Handed out", "Entregada", "Entregue", "Remis"]),
    ("issued_at", ["Issued", "Emitida", "Emitida", "Émis"]),
    ("issued_by", ["Issued by the account", "Emitida por la cuenta", "Emitida pela conta", "Émis par le compte"]),
    ("void_reason", ["Why it does not count", "Por qué no vale", "Porque não vale", "Pourquoi il n’est plus valable"]),
    ("voided_at", ["Does not count since", "No vale desde", "Não vale desde", "Plus valable depuis"]),
    ("word", ["Words", "Palabras", "Palavras", "Mots"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_stands_once_and_in_every_language() {
        let mut names: Vec<_> = LABELS.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), LABELS.len());
        assert!(LABELS.iter().all(|(_, labels)| labels.iter().all(|label| !label.is_empty())));
        assert_eq!(label("notes", Language::Portuguese), "Notas");
        assert_eq!(label("unheard_of", Language::English), "");
    }

    #[test]
    fn the_first_language_that_is_known_is_taken() {
        assert_eq!(Language::of_preference(["de", "pt-BR", "es"]), Language::Portuguese);
        assert_eq!(Language::of_preference(["FR"]), Language::French);
        assert_eq!(Language::of_preference(["ar"]), Language::English);
    }
}

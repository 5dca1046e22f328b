//! What stands over the columns, in English, Spanish and Portuguese.

use std::sync::LazyLock;

use shared::registration::Details;

use super::words::{Lookup, Words, fold, word_of};

/// A column that every event has.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Known {
    /// The id of the attendee here.
    Attendee,
    /// The id of the person where the file comes from.
    ExternalId,
    /// The whole name.
    Name,
    /// Given names.
    GivenName,
    /// Family names.
    FamilyName,
    /// The name on the badge.
    BadgeName,
    /// Title or rank.
    FormOfAddress,
    /// Address for mail.
    Email,
    /// Telephone number.
    Phone,
    /// Position held.
    Position,
    /// Organisation.
    Organisation,
    /// Country.
    Country,
    /// Category.
    Category,
    /// Delegation.
    Delegation,
    /// Role in the delegation.
    DelegationRole,
    /// Language.
    Language,
    /// Status.
    Status,
    /// Whether it is a placeholder.
    Placeholder,
    /// Address of an assistant.
    AssistantEmail,
    /// Needs that have names.
    AccessNeeds,
    /// Other needs, in words.
    AccessNote,
    /// The number in the waitlist, which is written and not read.
    WaitlistNumber,
    /// When it was entered, which is written and not read.
    CreatedAt,
}

impl Known {
    /// Every column, in the order of an export.
    pub(super) const ALL: &'static [Words<Self>] = &[
        (Self::Attendee, ["Attendee id", "Id de participante", "Id do participante"], &[]),
        (
            Self::ExternalId,
            ["External id", "Id externo", "Id externo"],
            &[
                "id",
                "identifier",
                "identificador",
                "identificación",
                "identificação",
                "código externo",
                "external identifier",
            ],
        ),
        (
            Self::Name,
            ["Name", "Nombre completo", "Nome completo"],
            &[
                "full name",
                "nombre",
                "nome",
                "nombre y apellido",
                "nombre y apellidos",
                "nombres y apellidos",
                "nome e sobrenome",
            ],
        ),
        (
            Self::GivenName,
            ["Given name", "Nombre de pila", "Primeiro nome"],
            &["first name", "given names", "first names", "nombres", "primer nombre", "nomes"],
        ),
        (
            Self::FamilyName,
            ["Family name", "Apellido", "Sobrenome"],
            &["last name", "surname", "family names", "last names", "apellidos", "sobrenomes", "apelido"],
        ),
        (
            Self::BadgeName,
            ["Name on the badge", "Nombre en la credencial", "Nome no crachá"],
            &["badge name", "nombre de credencial", "nome do crachá"],
        ),
        (
            Self::FormOfAddress,
            ["Form of address", "Tratamiento", "Tratamento"],
            &["title", "salutation", "honorific", "título", "rango", "rank", "pronome de tratamento"],
        ),
        (
            Self::Email,
            ["E-mail", "Correo electrónico", "E-mail"],
            &[
                "email",
                "e-mail address",
                "email address",
                "mail",
                "correo",
                "correo-e",
                "endereço de e-mail",
                "correio eletrônico",
            ],
        ),
        (
            Self::Phone,
            ["Telephone", "Teléfono", "Telefone"],
            &[
                "phone",
                "phone number",
                "telephone number",
                "mobile",
                "cell",
                "celular",
                "móvil",
                "número de teléfono",
                "telefone celular",
            ],
        ),
        (Self::Position, ["Position", "Cargo", "Cargo"], &["job title", "puesto", "función", "função"]),
        (
            Self::Organisation,
            ["Organisation", "Organización", "Organização"],
            &[
                "organization",
                "institution",
                "institución",
                "instituição",
                "entidad",
                "entidade",
                "company",
                "empresa",
                "affiliation",
            ],
        ),
        (
            Self::Country,
            ["Country", "País", "País"],
            &["country code", "nationality", "nacionalidad", "código de país"],
        ),
        (
            Self::Category,
            ["Category", "Categoría", "Categoria"],
            &["type of participant", "tipo de participante", "participant type"],
        ),
        (Self::Delegation, ["Delegation", "Delegación", "Delegação"], &[]),
        (
            Self::DelegationRole,
            ["Role in the delegation", "Rol en la delegación", "Função na delegação"],
            &["delegation role", "papel en la delegación", "papel na delegação"],
        ),
        (
            Self::Language,
            ["Language", "Idioma", "Idioma"],
            &["preferred language", "lengua", "língua", "idioma preferido"],
        ),
        (
            Self::Status,
            ["Status", "Estado", "Situação"],
            &["registration status", "estado de la inscripción", "estado da inscrição", "status da inscrição"],
        ),
        (
            Self::Placeholder,
            ["Placeholder", "Por designar", "A designar"],
            &["is placeholder", "to be named", "lugar reservado", "vaga reservada"],
        ),
        (
            Self::AssistantEmail,
            ["Assistant's e-mail", "Correo del asistente", "E-mail do assistente"],
            &[
                "assistant email",
                "assistant e-mail",
                "correo electrónico del asistente",
                "correo de la asistente",
                "e-mail da assistente",
            ],
        ),
        (
            Self::AccessNeeds,
            ["Access needs", "Necesidades de accesibilidad", "Necessidades de acessibilidade"],
            &["accessibility", "accessibility needs", "accesibilidad", "acessibilidade", "necesidades de acceso"],
        ),
        (
            Self::AccessNote,
            ["Access note", "Nota de accesibilidad", "Nota de acessibilidade"],
            &["accessibility note", "nota sobre accesibilidad"],
        ),
        (
            Self::WaitlistNumber,
            ["Waitlist number", "Número en lista de espera", "Número na lista de espera"],
            &["waiting list number"],
        ),
        (Self::CreatedAt, ["Entered at", "Registrado el", "Registrado em"], &[]),
    ];

    /// The columns of personal details.
    pub const DETAILS: [Self; 9] = [
        Self::GivenName,
        Self::FamilyName,
        Self::BadgeName,
        Self::FormOfAddress,
        Self::Email,
        Self::Phone,
        Self::Position,
        Self::Organisation,
        Self::Country,
    ];

    /// The detail that the column is for.
    pub fn detail_of(self, details: &Details) -> Option<&String> {
        match self {
            Self::GivenName => details.given_name.as_ref(),
            Self::FamilyName => details.family_name.as_ref(),
            Self::BadgeName => details.badge_name.as_ref(),
            Self::FormOfAddress => details.form_of_address.as_ref(),
            Self::Email => details.email.as_ref(),
            Self::Phone => details.phone.as_ref(),
            Self::Position => details.position.as_ref(),
            Self::Organisation => details.organisation.as_ref(),
            Self::Country => details.country.as_ref(),
            _ => None,
        }
    }

    /// The heading in a language.
    pub(super) fn heading(self, language: &str) -> &'static str {
        word_of(Self::ALL, self, language)
    }

    /// The column that a heading names.
    pub(super) fn find(heading: &str) -> Option<Self> {
        static HEADINGS: LazyLock<Lookup<Known>> = LazyLock::new(|| Lookup::of(Known::ALL));
        HEADINGS.find(heading)
    }

    /// Whether the heading is one for names that stands for given names where family names have a
    /// column of their own ("Nombre" beside "Apellido").
    pub(super) fn is_short_for_given_names(heading: &str) -> bool {
        ["name", "nombre", "nome"].contains(&fold(heading).as_str())
    }

    /// The word for programs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Attendee => "attendee",
            Self::ExternalId => "external_id",
            Self::Name => "name",
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::BadgeName => "badge_name",
            Self::FormOfAddress => "form_of_address",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Position => "position",
            Self::Organisation => "organisation",
            Self::Country => "country",
            Self::Category => "category",
            Self::Delegation => "delegation",
            Self::DelegationRole => "delegation_role",
            Self::Language => "language",
            Self::Status => "status",
            Self::Placeholder => "is_placeholder",
            Self::AssistantEmail => "assistant_email",
            Self::AccessNeeds => "access_needs",
            Self::AccessNote => "access_note",
            Self::WaitlistNumber => "waitlist_number",
            Self::CreatedAt => "created_at",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_heading_of_every_language_is_that_of_its_column() {
        for (known, main, others) in Known::ALL {
            for heading in main.iter().chain(others.iter()) {
                assert_eq!(Known::find(&heading.to_uppercase()), Some(*known), "{heading}");
            }
            assert_eq!(["en", "es", "pt-BR"].map(|language| known.heading(language)), *main);
        }
        assert_eq!(Known::find("Favourite colour"), None);
    }
}

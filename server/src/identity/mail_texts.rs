//! The words of the mail that brings a code, in each language.

use crate::mailer::{Block, Letter, write_letter};

struct Words {
    subject: &'static str,
    greeting: &'static str,
    code: &'static str,
    link: &'static str,
    button: &'static str,
    validity: &'static str,
    unasked: &'static str,
}

const ENGLISH: Words = Words {
    subject: "Your sign-in code: {code}",
    greeting: "Hello {name},",
    code: "your code to sign in is",
    link: "Or open this link and confirm there:",
    button: "Sign in",
    validity: "Code and link work once, within {minutes} minutes.",
    unasked: "If you did not ask for this, ignore it: nobody is signed in by it.",
};

const SPANISH: Words = Words {
    subject: "Su código de acceso: {code}",
    greeting: "Hola, {name}:",
    code: "su código para entrar es",
    link: "O abra este enlace y confirme allí:",
    button: "Entrar",
    validity: "El código y el enlace sirven una sola vez, durante {minutes} minutos.",
    unasked: "Si no lo ha pedido, no haga nada: nadie entra con este mensaje.",
};

const PORTUGUESE: Words = Words {
    subject: "Seu código de acesso: {code}",
    greeting: "Olá, {name},",
    code: "seu código para entrar é",
    link: "Ou abra este link e confirme lá:",
    button: "Entrar",
    validity: "O código e o link servem uma única vez, durante {minutes} minutos.",
    unasked: "Se não foi você quem pediu, ignore: ninguém entra com esta mensagem.",
};

const FRENCH: Words = Words {
    subject: "Votre code de connexion : {code}",
    greeting: "Bonjour {name},",
    code: "votre code de connexion est",
    link: "Ou ouvrez ce lien et confirmez sur la page :",
    button: "Se connecter",
    validity: "Le code et le lien servent une seule fois, pendant {minutes} minutes.",
    unasked: "Si vous n'avez rien demandé, ignorez ce message : il ne connecte personne.",
};

/// What a mail tells.
pub struct CodeMail<'a> {
    /// The reader's name.
    pub name: &'a str,
    /// The code in groups.
    pub code: &'a str,
    /// The whole address of the link.
    pub link: &'a str,
    /// How long both are valid.
    pub minutes: i64,
}

impl CodeMail<'_> {
    /// The mail in a language (BCP 47); English where there are no words of ours.
    pub fn write(&self, language: &str) -> Letter {
        let words = match language.split('-').next().unwrap_or_default() {
            "es" => SPANISH,
            "pt" => PORTUGUESE,
            "fr" => FRENCH,
            _ => ENGLISH,
        };
        let validity = words.validity.replace("{minutes}", &self.minutes.to_string());
        let blocks = [
            Block::Text(words.greeting.replace("{name}", self.name)),
            Block::Text(words.code.to_owned()),
            Block::Code(self.code.to_owned()),
            Block::Text(words.link.to_owned()),
            Block::Link { address: self.link.to_owned(), label: words.button.to_owned() },
            Block::Text(format!("{validity}\n{}", words.unasked)),
        ];
        write_letter(&words.subject.replace("{code}", self.code), &blocks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_tells_code_link_and_time() {
        let link = "https://cumbre.example/sign-in#secret";
        let mail = CodeMail { name: "Ana <b>", code: "7KQ2-M9XT", link, minutes: 10 };
        let mut subjects = Vec::new();
        for language in ["en", "es-CL", "pt-BR", "fr"] {
            let Letter { subject, plain, html } = mail.write(language);
            for part in [mail.code, link, "10"] {
                assert!(plain.contains(part) && html.contains(part), "{language} lacks {part}");
            }
            assert!(plain.contains("Ana <b>") && html.contains("Ana &lt;b&gt;"), "{language}");
            assert!(!plain.contains('{') && !html.contains('{') && !subject.contains('{'), "{language}");
            subjects.push(subject);
        }
        subjects.dedup();
        assert_eq!(subjects.len(), 4);
        assert_eq!(mail.write("de"), mail.write("en"));
    }
}

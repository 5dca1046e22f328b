//! The words of the mail that brings a code, in each language.

use crate::mailer::{Block, Letter, write_letter};

struct Words {
    subject: &'static str,
    greeting: &'static str,
    greeting_of_newcomer: &'static str,
    code: &'static str,
    link: &'static str,
    button: &'static str,
    validity: &'static str,
    is_made: &'static str,
    validity_of_code: &'static str,
    unasked: &'static str,
}

const ENGLISH: Words = Words {
    subject: "Your sign-in code: {code}",
    greeting: "Hello {name},",
    greeting_of_newcomer: "Hello,",
    code: "your code to sign in is",
    link: "Or open this link and confirm there:",
    button: "Sign in",
    validity: "Code and link work once, within {minutes} minutes.",
    is_made: "There is no account with this address yet: it is made when you use the code.",
    validity_of_code: "The code works once, within {minutes} minutes.",
    unasked: "If you did not ask for this, ignore it: nobody is signed in by it.",
};

const SPANISH: Words = Words {
    subject: "Su código de acceso: {code}",
    greeting: "Hola, {name}:",
    greeting_of_newcomer: "Hola:",
    code: "su código para entrar es",
    link: "O abra este enlace y confirme allí:",
    button: "Entrar",
    validity: "El código y el enlace sirven una sola vez, durante {minutes} minutos.",
    is_made: "Todavía no hay una cuenta con esta dirección: se crea cuando usted usa el código.",
    validity_of_code: "El código sirve una sola vez, durante {minutes} minutos.",
    unasked: "Si no lo ha pedido, no haga nada: nadie entra con este mensaje.",
};

const PORTUGUESE: Words = Words {
    subject: "Seu código de acesso: {code}",
    greeting: "Olá, {name},",
    greeting_of_newcomer: "Olá,",
    code: "seu código para entrar é",
    link: "Ou abra este link e confirme lá:",
    button: "Entrar",
    validity: "O código e o link servem uma única vez, durante {minutes} minutos.",
    is_made: "Ainda não há uma conta com este endereço: ela é criada quando você usa o código.",
    validity_of_code: "O código serve uma única vez, durante {minutes} minutos.",
    unasked: "Se não foi você quem pediu, ignore: ninguém entra com esta mensagem.",
};

const FRENCH: Words = Words {
    subject: "Votre code de connexion : {code}",
    greeting: "Bonjour {name},",
    greeting_of_newcomer: "Bonjour,",
    code: "votre code de connexion est",
    link: "Ou ouvrez ce lien et confirmez sur la page :",
    button: "Se connecter",
    validity: "Le code et le lien servent une seule fois, pendant {minutes} minutes.",
    is_made: "Il n'y a pas encore de compte à cette adresse : il est créé quand vous utilisez le code.",
    validity_of_code: "Le code sert une seule fois, pendant {minutes} minutes.",
    unasked: "Si vous n'avez rien demandé, ignorez ce message : il ne connecte personne.",
};

/// What a mail tells.
pub struct CodeMail<'a> {
    /// The account; none where it is made by the code.
    pub known: Option<Known<'a>>,
    /// The code in groups.
    pub code: &'a str,
    /// How long it is valid, and the link.
    pub minutes: i64,
}

/// What a mail tells to somebody who has an account.
pub struct Known<'a> {
    /// Their name.
    pub name: &'a str,
    /// The whole address of the link.
    pub link: &'a str,
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
        let minutes = self.minutes.to_string();
        let code = [Block::Text(words.code.to_owned()), Block::Code(self.code.to_owned())];
        let blocks: Vec<Block> = match &self.known {
            Some(Known { name, link }) => {
                let greeting = Block::Text(words.greeting.replace("{name}", name));
                let link = [
                    Block::Text(words.link.to_owned()),
                    Block::Link { address: (*link).to_owned(), label: words.button.to_owned() },
                ];
                let validity = words.validity.replace("{minutes}", &minutes);
                let end = Block::Text(format!("{validity}\n{}", words.unasked));
                [greeting].into_iter().chain(code).chain(link).chain([end]).collect()
            }
            None => {
                let greeting = Block::Text(words.greeting_of_newcomer.to_owned());
                let validity = words.validity_of_code.replace("{minutes}", &minutes);
                let end = Block::Text(format!("{validity}\n{}", words.unasked));
                [greeting].into_iter().chain(code).chain([Block::Text(words.is_made.to_owned()), end]).collect()
            }
        };
        write_letter(&words.subject.replace("{code}", self.code), &blocks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_tells_code_link_and_time() {
        let link = "https://cumbre.example/sign-in#secret";
        let mail = CodeMail { known: Some(Known { name: "Ana <b>", link }), code: "7KQ2-M9XT", minutes: 10 };
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

    #[test]
    fn somebody_new_is_told_that_the_code_makes_an_account() {
        let mail = CodeMail { known: None, code: "7KQ2-M9XT", minutes: 10 };
        for (language, made) in [("en", "it is made"), ("es", "se crea"), ("pt", "é criada"), ("fr", "il est créé")]
        {
            let Letter { plain, html, .. } = mail.write(language);
            assert!([made, mail.code, "10"].iter().all(|part| plain.contains(part) && html.contains(part)), "{plain}");
            assert!(!plain.contains('{') && !plain.contains("sign-in"), "{plain}");
        }
    }
}

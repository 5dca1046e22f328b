//! What the desk says, in English, Spanish, Portuguese and French.

mod badges;
mod handing_in;
pub mod incidents;
mod verdict;

use chrono_tz::Tz;
use shared::admission::{Direction, GuestDetails};
use shared::handover::Item;
use shared::ids::AttendeeId;
use shared::programme::{AccessArea, Checkpoint};
use shared::registration::RegistrationStatus;
use shared::time::Timestamp;

use super::roster::Person;

pub use badges::{badge, printed};
pub use handing_in::{not_done, nothing_refused, refused, waiting};
pub use verdict::{Told, verdict};

/// The languages, in the order of the texts.
const LANGUAGES: [&str; 4] = ["en", "es", "pt", "fr"];

fn pick<'a>(texts: [&'a str; 4], language: &str) -> &'a str {
    let place = LANGUAGES.iter().position(|known| language.split('-').next() == Some(known)).unwrap_or(0);
    texts[place]
}

/// The first line: which device, where, what for.
pub fn heading(device: &str, at: &Checkpoint, area: &AccessArea, language: &str) -> String {
    let (place, what) = (at.name.in_language(language, "en"), area.name.in_language(language, "en"));
    let ready = pick(["Ready.", "Listo.", "Pronto.", "Prêt."], language);
    format!("{device}: {place} ({what}). {ready} {}", help(language))
}

/// What can be typed.
pub fn help(language: &str) -> &'static str {
    let orders = [
        "Scan a badge, or type :find NAME, :take NUMBER, :in, :out, :undo, :count NUMBER, :missing, :guests, \
         :categories, :walk-in NAME / CATEGORY / E-MAIL, :settle NUMBER [NUMBER], :delegation NAME, \
         :hand NUMBERS [/ BY WHOM], :lend NUMBER KIND LABEL, :return KIND LABEL, :loans, :seat NUMBER SESSION, \
         :free NUMBER SESSION, :answer NUMBER SESSION yes|no [WORD], :note NUMBER TEXT, :incidents, \
         :badges NUMBER, :void NUMBER BADGE lost|stolen|damaged, \
         :resolve NUMBER [NOTE], :do NUMBER, :waiting, :refused; connected also \
         :name NUMBER NAME, :email NUMBER E-MAIL, :code NUMBER, :print NUMBER.",
        "Escanee una credencial, o escriba :find NOMBRE, :take NÚMERO, :in, :out, :undo, :count NÚMERO, :missing, \
         :guests, :categories, :walk-in NOMBRE / CATEGORÍA / CORREO, :settle NÚMERO [NÚMERO], :delegation NOMBRE, \
         :hand NÚMEROS [/ QUIÉN RETIRA], :lend NÚMERO TIPO ETIQUETA, :return TIPO ETIQUETA, :loans, \
         :seat NÚMERO SESIÓN, :free NÚMERO SESIÓN, :answer NÚMERO SESIÓN yes|no [PALABRAS], :note NÚMERO TEXTO, \
         :incidents, :badges NÚMERO, :void NÚMERO CREDENCIAL lost|stolen|damaged, \
         :resolve NÚMERO [NOTA], :do NÚMERO, :waiting, :refused; \
         con red también :name NÚMERO NOMBRE, :email NÚMERO CORREO, :code NÚMERO, :print NÚMERO.",
        "Leia uma credencial, ou digite :find NOME, :take NÚMERO, :in, :out, :undo, :count NÚMERO, :missing, :guests, \
         :categories, :walk-in NOME / CATEGORIA / E-MAIL, :settle NÚMERO [NÚMERO], :delegation NOME, \
         :hand NÚMEROS [/ QUEM RETIRA], :lend NÚMERO TIPO ETIQUETA, :return TIPO ETIQUETA, :loans, \
         :seat NÚMERO SESSÃO, :free NÚMERO SESSÃO, :answer NÚMERO SESSÃO yes|no [PALAVRAS], :note NÚMERO TEXTO, \
         :incidents, :badges NÚMERO, :void NÚMERO CREDENCIAL lost|stolen|damaged, \
         :resolve NÚMERO [NOTA], :do NÚMERO, :waiting, :refused; \
         com rede também :name NÚMERO NOME, :email NÚMERO E-MAIL, :code NÚMERO, :print NÚMERO.",
        "Scannez un badge, ou tapez :find NOM, :take NUMÉRO, :in, :out, :undo, :count NUMÉRO, :missing, :guests, \
         :categories, :walk-in NOM / CATÉGORIE / COURRIEL, :settle NUMÉRO [NUMÉRO], :delegation NOM, \
         :hand NUMÉROS [/ PAR QUI], :lend NUMÉRO TYPE ÉTIQUETTE, :return TYPE ÉTIQUETTE, :loans, \
         :seat NUMÉRO SÉANCE, :free NUMÉRO SÉANCE, :answer NUMÉRO SÉANCE yes|no [MOTS], :note NUMÉRO TEXTE, \
         :incidents, :badges NUMÉRO, :void NUMÉRO BADGE lost|stolen|damaged, \
         :resolve NUMÉRO [NOTE], :do NUMÉRO, :waiting, :refused ; \
         avec le réseau aussi :name NUMÉRO NOM, :email NUMÉRO COURRIEL, :code NUMÉRO, :print NUMÉRO.",
    ];
    pick(orders, language)
}

/// A time, with its day where that is not today.
fn when(at: Timestamp, (now, zone): (Timestamp, Tz)) -> String {
    if at.day_in(zone) == now.day_in(zone) { hour(at, zone) } else { moment(at, zone) }
}

fn hour(at: Timestamp, zone: Tz) -> String {
    at.to_utc().with_timezone(&zone).format("%H:%M").to_string()
}

fn moment(at: Timestamp, zone: Tz) -> String {
    at.to_utc().with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string()
}

/// The device's own storage fails: nothing follows from what was asked.
pub fn not_kept(why: &str, language: &str) -> String {
    let wait = [
        "WAIT. This could not be kept and counts for nothing: make room on the disk, and try again",
        "ESPERE. Esto no se pudo guardar y no cuenta: libere espacio en el disco e intente de nuevo",
        "ESPERE. Isto não pôde ser guardado e não conta: libere espaço no disco e tente de novo",
        "ATTENDEZ. Ceci n'a pas pu être gardé et ne compte pas : libérez de la place sur le disque et réessayez",
    ];
    format!("{} ({why}).", pick(wait, language))
}

/// The device's roster was taken from it.
pub fn no_roster(language: &str) -> &'static str {
    let none = [
        "WAIT. This device has no list of guests: it was suspended or revoked, or the list is on its way.",
        "ESPERE. Este dispositivo no tiene lista de invitados: fue suspendido o revocado, o la lista está en camino.",
        "ESPERE. Este aparelho não tem lista de convidados: foi suspenso ou revogado, ou a lista está a caminho.",
        "ATTENDEZ. Cet appareil n'a pas de liste : il a été suspendu ou révoqué, ou la liste est en chemin.",
    ];
    pick(none, language)
}

/// A guest's name with what stands on the badge.
pub fn name(details: &GuestDetails, language: &str) -> String {
    let form = details.form_of_address.iter().map(String::as_str);
    let called: Vec<&str> = form.chain([details.name.as_str()]).collect();
    let delegation = details.delegation_name.as_ref().map(|name| name.in_language(language, "en"));
    match delegation.or(details.organisation.as_deref()) {
        Some(from) => format!("{} ({from})", called.join(" ")),
        None => called.join(" "),
    }
}

/// The people that were found, numbered. Of who walked in it says so, and how many they may be.
pub fn found(people: &[(AttendeeId, Person)], language: &str) -> String {
    if people.is_empty() {
        return pick(["Nobody.", "Nadie.", "Ninguém.", "Personne."], language).to_owned();
    }
    let line = |(place, (_, person)): (usize, &(AttendeeId, Person))| {
        let told = format!("{}. {}", place + 1, name(&person.details, language));
        match person.walk_in.as_ref().filter(|walk_in| walk_in.settled_at.is_none()) {
            Some(walk_in) if !walk_in.may_be.is_empty() => {
                let same = [
                    "walk-in; may be registered already",
                    "llegó sin inscripción; quizás ya está inscrito",
                    "chegou sem inscrição; talvez já esteja inscrito",
                    "venu sans inscription ; peut-être déjà inscrit",
                ];
                format!("{told} [{}]", pick(same, language))
            }
            Some(_) if person.guest.status == RegistrationStatus::Requested => {
                let waits = [
                    "walk-in; not confirmed yet",
                    "llegó sin inscripción; sin confirmar",
                    "chegou sem inscrição; sem confirmação",
                    "venu sans inscription ; pas encore confirmé",
                ];
                format!("{told} [{}]", pick(waits, language))
            }
            _ => told,
        }
    };
    people.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

/// An order is not to be done: nobody and nothing has that number in the last list, or what is said cannot be.
pub fn not_so(order: &str, language: &str) -> String {
    let not_so = pick(["Not so:", "Así no:", "Assim não:", "Pas ainsi :"], language);
    let numbers = [
        "Numbers are those of the last list, such as that of :find NAME.",
        "Los números son los de la última lista, como la de :find NOMBRE.",
        "Os números são os da última lista, como a de :find NOME.",
        "Les numéros sont ceux de la dernière liste, comme celle de :find NOM.",
    ];
    format!("{not_so} {}. {}", form_of(order, language), pick(numbers, language))
}

/// How an order is typed.
fn form_of(order: &str, language: &str) -> &'static str {
    let help = help(language);
    let form = help.find(order).map_or("", |from| &help[from..]);
    form.split([',', ';', '.']).next().unwrap_or_default().trim_end()
}

/// So many more were found than are told.
pub fn more_found(count: usize, language: &str) -> String {
    let more = [
        "more: type more of the name.",
        "más: escriba más del nombre.",
        "mais: digite mais do nome.",
        "de plus : tapez davantage du nom.",
    ];
    format!("… {count} {}", pick(more, language))
}

/// In which direction guests go from now on.
pub fn turned(direction: Direction, language: &str) -> &'static str {
    match direction {
        Direction::In => pick(["Entries.", "Entradas.", "Entradas.", "Entrées."], language),
        Direction::Out => pick(["Exits.", "Salidas.", "Saídas.", "Sorties."], language),
    }
}

/// The last scan is taken back.
pub fn undone(language: &str) -> &'static str {
    pick(["Taken back.", "Anulado.", "Desfeito.", "Annulé."], language)
}

/// There is nothing to take back.
pub fn nothing_to_undo(language: &str) -> &'static str {
    let nothing = ["Nothing to take back.", "Nada que anular.", "Nada a desfazer.", "Rien à annuler."];
    pick(nothing, language)
}

/// So many were counted.
pub fn counted(count: u32, language: &str) -> String {
    format!("{} {count}.", pick(["Counted:", "Contados:", "Contados:", "Comptés :"], language))
}

/// More than are counted at once.
pub fn too_many(most: u32, language: &str) -> String {
    let said =
        ["Not counted. At most:", "No contado. Como máximo:", "Não contado. No máximo:", "Non compté. Au plus :"];
    format!("{} {most}.", pick(said, language))
}

/// Whoever was found has no badge that a scan could name.
pub fn no_badge(language: &str) -> &'static str {
    let none = [
        "This person has no badge: see the registration.",
        "Esta persona no tiene credencial: ver la inscripción.",
        "Esta pessoa não tem credencial: ver a inscrição.",
        "Cette personne n'a pas de badge : voir l'inscription.",
    ];
    pick(none, language)
}

/// The categories in which somebody is registered who walks in.
pub fn categories(titles: &[String], language: &str) -> String {
    if titles.is_empty() {
        let none = [
            "Nobody is registered here.",
            "Aquí no se inscribe a nadie.",
            "Aqui não se inscreve ninguém.",
            "Personne n'est inscrit ici.",
        ];
        return pick(none, language).to_owned();
    }
    format!("{} {}.", pick(["Categories:", "Categorías:", "Categorias:", "Catégories :"], language), titles.join(", "))
}

/// This desk cannot sign badges: it was not connected yet, or its key was revoked.
pub fn no_key(language: &str) -> &'static str {
    let none = [
        "This desk has no key to sign badges with: connect it once, or ask an organiser.",
        "Esta mesa no tiene clave para firmar credenciales: conéctela una vez, o consulte a la organización.",
        "Este balcão não tem chave para assinar credenciais: conecte-o uma vez, ou consulte a organização.",
        "Ce bureau n'a pas de clé pour signer des badges : connectez-le une fois, ou voyez l'organisation.",
    ];
    pick(none, language)
}

/// Somebody is registered; what their badge's code says is a line of its own, for the printer.
pub fn registered(name: &str, (badge, needs_approval): (&str, bool), language: &str) -> String {
    let said = pick(["Registered:", "Inscripción:", "Inscrição:", "Inscription :"], language);
    let approval = [
        " The badge lets nobody in before an organiser approves.",
        " La credencial no da acceso hasta que la organización lo apruebe.",
        " A credencial não dá acesso até que a organização aprove.",
        " Le badge ne donne pas accès avant l'accord de l'organisation.",
    ];
    let more = if needs_approval { pick(approval, language) } else { "" };
    format!("{said} {name}.{more}\n{badge}")
}

/// It waits for the server.
pub fn noted(language: &str) -> &'static str {
    pick(["Noted.", "Anotado.", "Anotado.", "Noté."], language)
}

/// So many have their things; some had them already, by what is known.
pub fn handed_out(count: usize, had: &[String], language: &str) -> String {
    let said = ["Badge and envelope:", "Credencial y sobre:", "Credencial e envelope:", "Badge et enveloppe :"];
    let told = format!("{} {count}.", pick(said, language));
    if had.is_empty() {
        return told;
    }
    let before = ["Already handed out:", "Ya entregado:", "Já entregue:", "Déjà remis :"];
    format!("{told} {} {}.", pick(before, language), had.join(", "))
}

/// Something is with somebody; others may have it by what is known.
pub fn lent(item: &Item, (name, others): (&str, &[String]), language: &str) -> String {
    let said = format!("{} {}: {name}.", item.kind, item.number);
    if others.is_empty() {
        return said;
    }
    let out = ["It was out, with", "Estaba prestado, con", "Estava emprestado, com", "Il était prêté, à"];
    format!("{said} {} {}.", pick(out, language), others.join(", "))
}

/// Something came back from somebody.
pub fn taken_back(item: &Item, from: &[String], language: &str) -> String {
    let back = pick(["back", "devuelto", "devolvido", "rendu"], language);
    match from {
        [] => {
            let unknown = [
                "It was not known to be out.",
                "No constaba como prestado.",
                "Não constava como emprestado.",
                "Il n'était pas noté comme prêté.",
            ];
            format!("{} {}: {back}. {}", item.kind, item.number, pick(unknown, language))
        }
        names => format!("{} {}: {back} ({}).", item.kind, item.number, names.join(", ")),
    }
}

/// Nothing is out.
pub fn nothing_out(language: &str) -> &'static str {
    pick(["Nothing is out.", "Nada está prestado.", "Nada está emprestado.", "Rien n'est prêté."], language)
}

/// Where a vehicle stops, and when.
pub fn stop(place: &str, at: Option<Timestamp>, zone: Tz) -> String {
    at.map_or_else(|| place.to_owned(), |at| format!("{place} {}", hour(at, zone)))
}

/// A vehicle: its name, how many are aboard, its seats.
pub type Aboard = (String, usize, Option<u32>);

/// A stop of it: where, how many are expected there, how many have come.
pub type AtStop = (String, usize, usize);

/// How many are expected and have come, how many came by this vehicle and at which of its stops, and who is
/// missing.
pub fn missing(
    (expected, come): (usize, usize),
    (aboard, stops): (Option<&Aboard>, &[AtStop]),
    (names, nameless): (&[String], usize),
    language: &str,
) -> String {
    let of = pick(["of", "de", "de", "sur"], language);
    let mut told = vec![format!("{come} {of} {expected}.")];
    told.extend(aboard.map(|(name, count, seats)| match seats {
        Some(seats) => format!("{name}: {count} {of} {seats}."),
        None => format!("{name}: {count}."),
    }));
    told.extend(stops.iter().map(|(stop, expected, come)| format!("{stop}: {come} {of} {expected}.")));
    if names.is_empty() && nameless == 0 {
        told.push(
            pick(["Nobody is missing.", "No falta nadie.", "Não falta ninguém.", "Personne ne manque."], language)
                .to_owned(),
        );
        return told.join(" ");
    }
    let missing = pick(["Missing:", "Faltan:", "Faltam:", "Manquent :"], language);
    let mut who = names.to_vec();
    if nameless > 0 {
        let others = ["without a name here", "sin nombre aquí", "sem nome aqui", "sans nom ici"];
        who.push(format!("{nameless} ({})", pick(others, language)));
    }
    told.push(format!("{missing} {}.", who.join("; ")));
    told.join(" ")
}

/// Something stands there now as it should.
pub fn corrected(name: &str, email: Option<&str>, language: &str) -> String {
    let said = pick(["Corrected:", "Corregido:", "Corrigido:", "Corrigé :"], language);
    match email {
        Some(email) => format!("{said} {name}, {email}."),
        None => format!("{said} {name}."),
    }
}

/// A code that signs the guest in, and until when.
pub fn sign_in_code(code: &str, (until, zone): (Timestamp, Tz), language: &str) -> String {
    let said = pick(["Sign-in code:", "Código de acceso:", "Código de acesso:", "Code de connexion :"], language);
    let word = pick(["until", "hasta", "até", "jusqu'à"], language);
    format!("{said} {code} ({word} {})", moment(until, zone))
}

/// What was asked needs the network, and it is not there.
pub fn no_network(language: &str) -> &'static str {
    let none = [
        "This needs the network, which is not there now. Try again.",
        "Esto necesita la red, que ahora no está. Intente de nuevo.",
        "Isto precisa da rede, que agora não está disponível. Tente de novo.",
        "Il faut le réseau, qui n'est pas là en ce moment. Réessayez.",
    ];
    pick(none, language)
}

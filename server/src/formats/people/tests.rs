//! Files as people send them, and as they should not.

use std::io::{Cursor, Write};

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use serde_json::json;
use shared::ids::RecordId;
use shared::programme::{Collection, DelegationRole, Programme, Record, RecordBody};
use shared::registration::{AccessNeed, RegistrationStatus};
use uuid::Uuid;
use zip::write::SimpleFileOptions;

use super::*;

fn id(number: u128) -> RecordId {
    RecordId(Uuid::from_u128(number))
}

fn programme() -> Programme {
    let records = [
        (
            1,
            Collection::Categories,
            json!({ "slug": "delegates", "title": { "en": "Delegates", "es": "Delegados" },
            "form": [
                { "key": "diet", "label": { "en": "Diet", "es": "Dieta" }, "kind": "choices", "choices": [
                    { "key": "vegan", "label": { "en": "Vegan", "es": "Vegana" } },
                    { "key": "kosher", "label": { "en": "Kosher", "es": "Kósher" } }] },
                { "key": "arrival", "label": { "en": "Day of arrival" }, "kind": "date" },
                { "key": "nights", "label": { "en": "Nights" }, "kind": "number" },
                { "key": "visa", "label": { "en": "Visa?" }, "kind": "yes_no" }] }),
        ),
        (2, Collection::Categories, json!({ "slug": "speakers", "title": { "en": "Speakers", "es": "Expositores" } })),
        (
            3,
            Collection::Delegations,
            json!({ "slug": "chile", "name": { "en": "Chile", "es": "República de Chile" }, "country": "CL" }),
        ),
        (4, Collection::Delegations, json!({ "slug": "bank", "name": { "en": "Bank of Examples" } })),
        (
            5,
            Collection::Parts,
            json!({ "slug": "clinic", "title": { "en": "Intensive Clinic", "es": "Clínica intensiva" }, "state": "published" }),
        ),
    ];
    let mut programme = Programme::default();
    for (number, collection, body) in records {
        let body = RecordBody::from_json(collection, body).unwrap();
        programme.put(Record { id: id(number), rev: 1, field_revs: Default::default(), created_rev: 1, body });
    }
    programme
}

fn names() -> Names {
    Names::new(&programme(), |_| true)
}

fn read(text: &str) -> PeopleFile {
    read_people(text.as_bytes(), &names()).unwrap()
}

/// Each fault as the cell and the problem.
fn told(file: &PeopleFile) -> Vec<String> {
    let cell =
        |fault: &CellFault| fault.column.map_or(format!("row {}", fault.row), |column| address(column, fault.row));
    file.faults.list.iter().map(|fault| format!("{} {}", cell(fault), fault.problem)).collect()
}

/// A workbook of one sheet with these texts.
fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, cells) in rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            sheet.write_string(row as u32, column as u16, *cell).unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

/// A workbook in which one file of the package is another.
fn workbook_with(name: &str, content: &[u8]) -> Vec<u8> {
    let bytes = workbook(&[&["Name"], &["Ana"]]);
    let mut from = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..from.len() {
        let mut entry = from.by_index(index).unwrap();
        let entry_name = entry.name().unwrap().into_owned();
        to.start_file(entry_name.as_str(), SimpleFileOptions::default()).unwrap();
        if entry_name == name {
            to.write_all(content).unwrap();
        } else {
            std::io::copy(&mut entry, &mut to).unwrap();
        }
    }
    to.finish().unwrap().into_inner()
}

/// A text that does not pack well.
fn noise(length: u32) -> String {
    let letter = |at: u32| char::from(b'a' + (at.wrapping_mul(2_654_435_761) >> 24) as u8 % 26);
    (0..length).map(letter).collect()
}

#[test]
fn one_person_is_read_alike_from_headings_in_three_languages() {
    let english = "Given name,Family name,E-mail,Telephone,Country,Category,Delegation,Role in the delegation,Language,Status,Placeholder\n\
        Ana,Soto,ana@example.org,+56 2 2345 6789,Chile,Delegates,Chile,Head,Spanish,Confirmed,no\n";
    let spanish = "NOMBRES;Apellidos;Correo electrónico;Teléfono;País;Categoría;Delegación;Rol en la delegación;Idioma;Estado;Por designar\n\
        Ana;Soto;ana@example.org;0056 2 2345.6789;CHL;delegados;republica de chile;Jefa;español;confirmada;No\n";
    let portuguese = "Primeiro nome\tSobrenome\tE-mail\tTelefone\tPaís\tCategoria\tDelegação\tFunção na delegação\tIdioma\tSituação\tA designar\n\
        Ana\tSoto\tana@example.org\t+56 2 2345 6789\tCHILE\tdelegates\tCL\tchefe\tes\tConfirmado\tnão\n";
    let files = [english, spanish, portuguese].map(read);
    for file in &files {
        assert_eq!(told(file), [""; 0]);
        assert_eq!(file.layout.list_unknown(), []);
        assert_eq!(file.people, files[0].people);
    }
    let ana = &files[0].people[0];
    assert_eq!((ana.name.as_deref(), ana.details.phone.as_deref()), (Some("Ana Soto"), Some("+56 2 2345 6789")));
    assert_eq!((ana.category, ana.delegation), (Some(id(1)), Some(id(3))));
    assert_eq!((ana.delegation_role, ana.status), (Some(DelegationRole::Head), Some(RegistrationStatus::Confirmed)));
    assert_eq!((ana.details.country.as_deref(), ana.language.as_deref()), (Some("CL"), Some("es")));
    assert_eq!(ana.is_placeholder, Some(false));
}

#[test]
fn a_workbook_is_read_like_a_text_with_its_numbers_days_and_formulas() {
    let mut made = Workbook::new();
    let sheet = made.add_worksheet();
    let day = Format::new().set_num_format("dd/mm/yyyy");
    for (column, heading) in
        ["Nombre completo", "Dieta", "Day of arrival", "Nights", "Visa?", "Id externo"].iter().enumerate()
    {
        sheet.write_string(2, column as u16, *heading).unwrap();
    }
    sheet.write_string(0, 0, "Lista de participantes").unwrap();
    sheet.write_string(3, 0, "=HYPERLINK(\"http://example.org\")").unwrap();
    sheet.write_string(3, 1, "Vegana; kosher").unwrap();
    sheet.write_datetime_with_format(3, 2, ExcelDateTime::parse_from_str("2018-11-26").unwrap(), &day).unwrap();
    sheet.write_number(3, 3, 4.0).unwrap();
    sheet.write_boolean(3, 4, true).unwrap();
    sheet.write_formula(3, 5, Formula::new("=1+1").set_result("P-2")).unwrap();
    let bytes = made.save_to_buffer().unwrap();
    let names = names();
    let file = read_people(&bytes, &names).unwrap();
    assert_eq!(told(&file), [""; 0]);
    let person = &file.people[0];
    assert_eq!((person.number, person.name.as_deref()), (4, Some("=HYPERLINK(\"http://example.org\")")));
    assert_eq!(person.external_id.as_deref(), Some("P-2"));
    let reader = Reader::new(&names, &file.layout);
    let category = names.category(id(1)).unwrap();
    let answers: Vec<_> =
        person.answers.iter().map(|(key, text)| reader.read_answer(category, key, text).unwrap()).collect();
    assert_eq!(answers, [json!(["vegan", "kosher"]), json!("2018-11-26"), json!(4), json!(true)]);
}

#[test]
fn each_wrong_cell_is_told_with_its_place_and_the_rest_is_read() {
    let file = read(
        "Name,E-mail,Country,Category,Delegation,Status,Language,Telephone\n\
         Ana,ana@example.org,Chile,Delegates,Chile,confirmed,es,\n\
         Bruno,bruno at home,Atlantis,Kings,Chile,maybe,es,12345\n\
         Carla,carla@example.org,,,Utopia,,Klingon mostly,\n",
    );
    assert_eq!(file.people.len(), 1);
    assert_eq!(file.faults.row_count, 2);
    let expected = [
        "C3 is neither a country's code nor its name",
        "D3 \"Kings\" names none of the categories",
        "F3 is none of invited, requested, waitlisted, confirmed, declined, cancelled",
        "B3 is not an address for mail",
        "H3 is not a number in international form such as +56 2 2345 6789",
        "E4 \"Utopia\" names none of the delegations",
        "G4 is neither a language nor a tag such as es or pt-BR",
    ];
    assert_eq!(told(&file), expected);
}

#[test]
fn the_second_row_for_a_person_is_told_and_a_shared_address_is_no_second_row() {
    let file = read(
        "Id,Name,E-mail,Delegation\n1,Ana,desk@example.org,Chile\n1,Anna,,\n,Bruno,desk@example.org,\n,Carla,,Chile\n\
         ,Carla,,Bank of Examples\n,Carla,,Chile\n,Bruno,DESK@example.org,\n,,,Chile\n",
    );
    let expected = [
        "A3 is the same person as in row 2",
        "B7 is the same person as in row 5",
        "C8 is the same person as in row 4",
        "B9 names nobody: there is neither a name nor an id nor an address",
    ];
    assert_eq!(told(&file), expected);
    let shared: Vec<bool> = file.people.iter().map(|person| person.is_email_shared).collect();
    assert_eq!(shared, [true, true, false, false]);
}

#[test]
fn what_is_no_column_is_told_and_two_columns_for_one_thing_are_refused() {
    let file = read(
        "Participants\n\nNombre,Apellido,Favourite colour,Category: Clínica intensiva,Answer: diet\nAna,Soto,red,Speakers,vegan\n",
    );
    assert_eq!(file.layout.list_unknown(), [("C3".to_owned(), "Favourite colour")]);
    let ana = &file.people[0];
    assert_eq!((ana.name.as_deref(), ana.details.given_name.as_deref()), (Some("Ana Soto"), Some("Ana")));
    assert_eq!((ana.part_categories[0].part, ana.part_categories[0].category), (id(5), id(2)));
    assert_eq!(ana.answers, [("diet".to_owned(), "vegan".to_owned())]);
    let twins = read_people(b"Name,E-mail,Correo\nAna,a@b.org,a@b.org\n", &names());
    assert!(
        matches!(twins, Err(FileFault::TwoColumns { first, second, .. }) if (first.as_str(), second.as_str()) == ("B", "C"))
    );
    assert_eq!(read_people(b"Colour;Size\nred;4\n", &names()), Err(FileFault::NoHeadings));
    assert_eq!(read_people(b"\n\n  \n", &names()), Err(FileFault::Empty));
}

#[test]
fn needs_with_names_are_kept_as_such_and_other_words_as_a_note() {
    let needs = |text: &str| {
        let file = read(&format!("Name;Access needs\nAna;\"{text}\"\n"));
        (file.people[0].needs.clone(), file.people[0].note.clone())
    };
    assert_eq!(needs("Silla de ruedas, captions"), (Some(vec![AccessNeed::Wheelchair, AccessNeed::Captions]), None));
    assert_eq!(
        needs("wheelchair; a seat by the door"),
        (Some(vec![AccessNeed::Wheelchair]), Some("a seat by the door".to_owned()))
    );
    assert_eq!(needs("no nuts, please"), (None, Some("no nuts, please".to_owned())));
}

#[test]
fn a_cell_that_the_spreadsheet_lost_or_could_not_calculate_is_told() {
    let file = read("Name,Position\nAna,Mini\u{FFFD}tra\nBruno,\u{7}\nCarla,#ERROR!\n");
    let expected = [
        "B2 holds U+FFFD: a character was lost when the file was saved",
        "B3 holds control characters",
        "B4 could not be calculated by the spreadsheet",
    ];
    assert_eq!(told(&file), expected);
}

#[test]
fn faults_are_told_up_to_a_number_and_counted_beyond() {
    let mut text = "Name,Country\n".to_owned();
    (0..MOST_FAULTS + 50).for_each(|number| text.push_str(&format!("Person {number},Atlantis\n")));
    let file = read(&text);
    assert_eq!((file.faults.list.len(), file.faults.row_count), (MOST_FAULTS, MOST_FAULTS + 50));
}

#[test]
fn a_zip_bomb_is_refused_before_anything_of_it_is_kept() {
    let zeros = vec![b' '; 300 << 20];
    let bomb = workbook_with("xl/worksheets/sheet1.xml", &zeros);
    assert!(bomb.len() < 1 << 20, "{}", bomb.len());
    assert_eq!(read_table(&bomb), Err(FileFault::Bomb { most_mebibytes: 128 }));
}

#[test]
fn a_count_that_would_take_all_memory_is_refused() {
    let strings =
        format!("<?xml version=\"1.0\"?><sst count=\"1\" uniqueCount=\"{}\"><si><t>Name</t></si></sst>", u64::MAX);
    let bytes = workbook_with("xl/sharedStrings.xml", strings.as_bytes());
    assert_eq!(read_table(&bytes), Err(FileFault::Bomb { most_mebibytes: 128 }));
}

#[test]
fn damaged_and_foreign_workbooks_are_told_as_such() {
    let good = workbook(&[&["Name"], &["Ana"]]);
    assert_eq!(read_table(&good).unwrap().rows().len(), 2);
    for length in [2, 40, good.len() / 2, good.len() - 4] {
        assert_eq!(read_table(&good[..length]), Err(FileFault::Damaged), "{length}");
    }
    let mut other = zip::ZipWriter::new(Cursor::new(Vec::new()));
    other.start_file("mimetype", SimpleFileOptions::default()).unwrap();
    other.write_all(b"application/vnd.oasis.opendocument.spreadsheet").unwrap();
    assert!(read_table(&other.finish().unwrap().into_inner()).is_err());
    assert_eq!(read_table(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]), Err(FileFault::OldWorkbook));
    assert_eq!(read_table(&workbook(&[])), Err(FileFault::NoSheet));
}

#[test]
fn rows_and_columns_far_away_take_no_room_and_too_many_columns_are_told() {
    let sheet = |cells: &str| {
        let text = format!(
            "<?xml version=\"1.0\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><dimension ref=\"A1:XFD1048576\"/><sheetData>{cells}</sheetData></worksheet>"
        );
        read_table(&workbook_with("xl/worksheets/sheet1.xml", text.as_bytes()))
    };
    let inline = |at: &str, text: &str| format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let far = sheet(&format!(
        "<row r=\"1\">{}</row><row r=\"1048576\">{}</row>",
        inline("A1", "Name"),
        inline("A1048576", "Ana")
    ))
    .unwrap();
    assert_eq!(far.rows().iter().map(|row| row.number).collect::<Vec<_>>(), [1, 1_048_576]);
    let wide = sheet(&format!("<row r=\"1\">{}</row>", inline("XFD1", "Name")));
    assert_eq!(wide, Err(FileFault::TooManyColumns { row: 1 }));
    let backwards =
        sheet(&format!("<row r=\"9\">{}</row><row r=\"1\">{}</row>", inline("A9", "Ana"), inline("A1", "Name")));
    assert_eq!(backwards, Err(FileFault::Damaged));
    let long = sheet(&format!("<row r=\"1\">{}</row>", inline("B1", &noise(10 << 20))));
    assert_eq!(long, Err(FileFault::TooLongCell { cell: "B1".to_owned() }));
}

#[test]
fn what_is_written_is_read_again_and_no_cell_is_a_formula() {
    let rows = [
        ["Name", "Note"].map(str::to_owned).to_vec(),
        ["=1+1", "+56 2 2345"].map(str::to_owned).to_vec(),
        ["a \"quoted\", one", "two\nlines; and 'more"].map(str::to_owned).to_vec(),
        ["@cmd", "'=already"].map(str::to_owned).to_vec(),
    ];
    let mut separated = SeparatedWriter::default();
    rows.iter().for_each(|row| separated.put(row));
    let text = String::from_utf8(separated.take()).unwrap();
    assert!(text.starts_with('\u{FEFF}'));
    assert!(text.contains("'=1+1,'+56 2 2345\r\n"), "{text}");
    let folder = std::env::temp_dir();
    let mut workbook = WorkbookWriter::new(&folder, "People").unwrap();
    rows.iter().for_each(|row| workbook.put(row).unwrap());
    let mut file = tempfile::tempfile().unwrap();
    workbook.finish(&mut file).unwrap();
    let mut bytes = Vec::new();
    std::io::Seek::rewind(&mut file).unwrap();
    std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
    for table in [read_table(text.as_bytes()).unwrap(), read_table(&bytes).unwrap()] {
        let read: Vec<Vec<String>> = table.rows().iter().map(|row| row.cells().map(str::to_owned).collect()).collect();
        assert_eq!(read, rows);
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut sheet = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("xl/worksheets/sheet1.xml").unwrap(), &mut sheet).unwrap();
    assert!(!sheet.contains("<f>"), "{sheet}");
}

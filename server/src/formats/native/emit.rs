//! YAML that people like to read: block style, short lists and maps on one line, long texts folded,
//! plain scalars where no YAML reader could take them for something else.

/// How wide a line may be before it is broken, in characters.
const WIDTH: usize = 110;

/// A value to write.
pub(super) enum Yaml {
    /// A number, word, day or time, written as it is.
    Plain(String),
    /// A text, quoted where need be.
    Text(String),
    List(Vec<Yaml>),
    Map(Vec<(String, Yaml)>),
}

/// The value of a top-level key.
pub(super) enum Item {
    One(Yaml),
    Many(Vec<Yaml>),
}

/// Appends a top-level key with its value, after an empty line.
pub(super) fn emit_section(out: &mut String, name: &str, item: Item) {
    out.push_str(&format!("\n{name}:\n"));
    match item {
        Item::One(value) => block(out, &value, 2),
        Item::Many(records) => {
            for record in &records {
                list_item(out, record, 2);
            }
        }
    }
}

fn block(out: &mut String, value: &Yaml, indent: usize) {
    match value {
        Yaml::Map(fields) => {
            for (name, value) in fields {
                out.push_str(&" ".repeat(indent));
                field(out, name, value, indent);
            }
        }
        Yaml::List(items) => {
            for item in items {
                match flow(item, WIDTH.saturating_sub(indent)) {
                    Some(line) => out.push_str(&format!("{}- {line}\n", " ".repeat(indent))),
                    None => list_item(out, item, indent),
                }
            }
        }
        Yaml::Plain(_) | Yaml::Text(_) => {}
    }
}

/// A list's item in block style; a map's first field stands beside the hyphen.
fn list_item(out: &mut String, item: &Yaml, indent: usize) {
    let hyphen = format!("{}- ", " ".repeat(indent));
    match item {
        Yaml::Map(fields) if !fields.is_empty() => {
            for (index, (name, value)) in fields.iter().enumerate() {
                out.push_str(&if index == 0 { hyphen.clone() } else { " ".repeat(indent + 2) });
                field(out, name, value, indent + 2);
            }
        }
        Yaml::Text(text) => out.push_str(&format!("{hyphen}{}\n", long_text(text, indent + 2))),
        other => out.push_str(&format!("{hyphen}{}\n", flow(other, usize::MAX).unwrap_or_default())),
    }
}

fn field(out: &mut String, name: &str, value: &Yaml, indent: usize) {
    let name = scalar(name, true);
    let room = WIDTH.saturating_sub(indent + name.len() + 2);
    match (flow(value, room), value) {
        (Some(line), _) => out.push_str(&format!("{name}: {line}\n")),
        (None, Yaml::Text(text)) => out.push_str(&format!("{name}: {}\n", long_text(text, indent + 2))),
        (None, _) => {
            out.push_str(&format!("{name}:\n"));
            block(out, value, indent + 2);
        }
    }
}

/// The value on one line, if it fits into `room` characters.
fn flow(value: &Yaml, room: usize) -> Option<String> {
    let line = flow_line(value, false)?;
    (line.chars().count() <= room).then_some(line)
}

fn flow_line(value: &Yaml, is_inside: bool) -> Option<String> {
    match value {
        Yaml::Plain(text) => Some(text.clone()),
        Yaml::Text(text) => (!text.contains('\n')).then(|| scalar(text, is_inside)),
        // Several maps, or maps with lists of maps, read better below each other.
        Yaml::List(items) if is_inside && items.iter().any(|item| matches!(item, Yaml::Map(_))) => None,
        Yaml::List(items) if items.len() > 1 && items.iter().any(|item| matches!(item, Yaml::Map(_))) => None,
        Yaml::List(items) => {
            let items: Option<Vec<_>> = items.iter().map(|item| flow_line(item, true)).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        Yaml::Map(fields) => {
            let fields: Option<Vec<_>> = fields
                .iter()
                .map(|(name, value)| Some(format!("{}: {}", scalar(name, true), flow_line(value, true)?)))
                .collect();
            Some(format!("{{{}}}", fields?.join(", ")))
        }
    }
}

/// A text that does not fit on its line: paragraphs as a literal block, a long line folded.
fn long_text(text: &str, indent: usize) -> String {
    let is_block_safe = !text.chars().any(|c| needs_escape(c) || c == '\t')
        && !text.starts_with([' ', '\n'])
        && !text.ends_with('\n')
        && text.lines().all(|line| !line.ends_with(' '));
    let margin = format!("\n{}", " ".repeat(indent));
    if is_block_safe && text.contains('\n') {
        let lines: Vec<_> = text
            .split('\n')
            .map(|line| if line.is_empty() { "\n".into() } else { format!("{margin}{line}") })
            .collect();
        return format!("|-{}", lines.concat());
    }
    if is_block_safe && !text.contains("  ") {
        return format!(">-{margin}{}", fold(text, WIDTH.saturating_sub(indent)).join(&margin));
    }
    quote(text)
}

fn fold(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn scalar(text: &str, is_inside: bool) -> String {
    if is_plain_safe(text, is_inside) { text.to_owned() } else { quote(text) }
}

/// Whether every YAML reader takes the bare text for that text.
fn is_plain_safe(text: &str, is_inside: bool) -> bool {
    let starts_well = text.chars().next().is_some_and(char::is_alphanumeric);
    let looks_like_number_or_time = text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_hexdigit() || " .:-+_xXoOTtZz".contains(c));
    let looks_like_word = matches!(
        text.to_ascii_lowercase().as_str(),
        "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n" | "inf" | "nan"
    );
    starts_well
        && !looks_like_number_or_time
        && !looks_like_word
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.chars().any(|c| needs_escape(c) || matches!(c, '\n' | '\t'))
        && !(is_inside && text.contains([',', '[', ']', '{', '}', ':', '#']))
}

fn needs_escape(c: char) -> bool {
    let is_invisible = matches!(c, '\u{a0}' | '\u{ad}' | '\u{2028}' | '\u{2029}' | '\u{feff}');
    (c.is_control() && c != '\n' && c != '\t') || is_invisible || matches!(c, '\u{fffe}' | '\u{ffff}')
}

fn quote(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if needs_escape(c) => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

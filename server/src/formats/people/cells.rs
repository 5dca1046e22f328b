//! Cells that a spreadsheet would take for a formula.

/// What a formula begins with (also where a tab or line break stands before it).
const FORMULA_STARTS: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\n'];

/// What is put before a text so that a spreadsheet does not calculate it.
const GUARD: char = '\'';

/// Whether a spreadsheet may take the text for a formula.
fn is_risky(text: &str) -> bool {
    text.starts_with(FORMULA_STARTS)
}

/// The text as it may stand in a file of separated cells. A text that looks guarded already gets a
/// guard as well, so that [`strip_guard`] gives back every text.
pub(super) fn guard(text: &str) -> std::borrow::Cow<'_, str> {
    let is_like_guarded = text.strip_prefix(GUARD).is_some_and(|rest| is_risky(rest) || rest.starts_with(GUARD));
    if is_risky(text) || is_like_guarded { format!("{GUARD}{text}").into() } else { text.into() }
}

/// The text without the guard that an export put before it.
pub(super) fn strip_guard(text: &str) -> &str {
    match text.strip_prefix(GUARD) {
        Some(rest) if is_risky(rest) || rest.starts_with(GUARD) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_begins_as_a_formula_does_and_every_text_comes_back() {
        let texts = [
            "=1+1",
            "+56 2 2345",
            "-5",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "'",
            "''",
            "'=1",
            "''=1",
            "'quoted'",
            "O'Higgins",
            "",
            "Ana",
            "'+1",
        ];
        for text in texts {
            let guarded = guard(text);
            assert!(!guarded.starts_with(FORMULA_STARTS), "{text:?}");
            assert_eq!(strip_guard(&guarded), text);
        }
        assert_eq!(guard("Ana = B"), "Ana = B");
    }
}

//! Countries as they stand in names of institutions, so that "National Police of Colombia" and
//! "National Police of Spain" are two.

use std::ops::Range;

/// Names in lower case without accents and small words, with the ISO 3166-1 alpha-2 code.
const COUNTRIES: &[(&str, &str)] = &[
    ("argentina", "AR"),
    ("australia", "AU"),
    ("austria", "AT"),
    ("bahamas", "BS"),
    ("barbados", "BB"),
    ("belgium", "BE"),
    ("belize", "BZ"),
    ("bolivia", "BO"),
    ("brasil", "BR"),
    ("brazil", "BR"),
    ("canada", "CA"),
    ("chile", "CL"),
    ("colombia", "CO"),
    ("costa rica", "CR"),
    ("cuba", "CU"),
    ("denmark", "DK"),
    ("dominican republic", "DO"),
    ("republica dominicana", "DO"),
    ("ecuador", "EC"),
    ("salvador", "SV"),
    ("espana", "ES"),
    ("estados unidos", "US"),
    ("finland", "FI"),
    ("france", "FR"),
    ("germany", "DE"),
    ("guatemala", "GT"),
    ("guyana", "GY"),
    ("haiti", "HT"),
    ("honduras", "HN"),
    ("ireland", "IE"),
    ("israel", "IL"),
    ("italia", "IT"),
    ("italy", "IT"),
    ("jamaica", "JM"),
    ("japan", "JP"),
    ("korea", "KR"),
    ("lithuania", "LT"),
    ("mexico", "MX"),
    ("netherlands", "NL"),
    ("new zealand", "NZ"),
    ("nicaragua", "NI"),
    ("norway", "NO"),
    ("panama", "PA"),
    ("paraguay", "PY"),
    ("peru", "PE"),
    ("portugal", "PT"),
    ("spain", "ES"),
    ("suriname", "SR"),
    ("sweden", "SE"),
    ("switzerland", "CH"),
    ("trinidad tobago", "TT"),
    ("united kingdom", "GB"),
    ("united states", "US"),
    ("uruguay", "UY"),
    ("venezuela", "VE"),
];

/// The first country among `words`: which of them name it, and its code.
pub(super) fn find_country(words: &[String]) -> Option<(Range<usize>, &'static str)> {
    let named_at = |start: usize| {
        COUNTRIES.iter().find_map(|(name, code)| {
            let length = name.split(' ').count();
            let part = words.get(start..start + length)?;
            name.split(' ').eq(part.iter().map(String::as_str)).then_some((start..start + length, *code))
        })
    };
    (0..words.len()).find_map(named_at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_found_by_one_word_or_two() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(find_country(&words("police trinidad tobago")), Some((1..3, "TT")));
        assert_eq!(find_country(&words("chile carabineros")), Some((0..1, "CL")));
        assert_eq!(find_country(&words("costa police")), None);
    }
}

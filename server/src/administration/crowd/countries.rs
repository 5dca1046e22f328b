//! The countries that send a delegation, and what is spoken there.

/// A country of the crowd.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Country {
    /// ISO 3166-1 alpha-2.
    pub code: &'static str,
    /// Its name in English.
    pub english: &'static str,
    /// Its name in Spanish.
    pub spanish: &'static str,
    /// The language of its people's names and letters.
    pub language: Tongue,
}

/// A language in which people of the crowd are named and written to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tongue {
    /// Dutch: names only; letters are in English.
    Dutch,
    /// English.
    English,
    /// French.
    French,
    /// Portuguese.
    Portuguese,
    /// Spanish.
    Spanish,
}

impl Tongue {
    /// The tag of the language that they are written to in.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English | Self::Dutch => "en",
            Self::French => "fr",
            Self::Portuguese => "pt",
            Self::Spanish => "es",
        }
    }
}

const fn country(code: &'static str, english: &'static str, spanish: &'static str, language: Tongue) -> Country {
    Country { code, english, spanish, language }
}

/// Those of the Americas that come, in the alphabetical order of their Spanish names.
pub const COUNTRIES: [Country; 26] = [
    country("AR", "Argentina", "Argentina", Tongue::Spanish),
    country("BS", "Bahamas", "Bahamas", Tongue::English),
    country("BB", "Barbados", "Barbados", Tongue::English),
    country("BZ", "Belize", "Belice", Tongue::English),
    country("BO", "Bolivia", "Bolivia", Tongue::Spanish),
    country("BR", "Brazil", "Brasil", Tongue::Portuguese),
    country("CA", "Canada", "Canadá", Tongue::French),
    country("CL", "Chile", "Chile", Tongue::Spanish),
    country("CO", "Colombia", "Colombia", Tongue::Spanish),
    country("CR", "Costa Rica", "Costa Rica", Tongue::Spanish),
    country("EC", "Ecuador", "Ecuador", Tongue::Spanish),
    country("SV", "El Salvador", "El Salvador", Tongue::Spanish),
    country("GT", "Guatemala", "Guatemala", Tongue::Spanish),
    country("GY", "Guyana", "Guyana", Tongue::English),
    country("HT", "Haiti", "Haití", Tongue::French),
    country("HN", "Honduras", "Honduras", Tongue::Spanish),
    country("JM", "Jamaica", "Jamaica", Tongue::English),
    country("MX", "Mexico", "México", Tongue::Spanish),
    country("NI", "Nicaragua", "Nicaragua", Tongue::Spanish),
    country("PA", "Panama", "Panamá", Tongue::Spanish),
    country("PY", "Paraguay", "Paraguay", Tongue::Spanish),
    country("PE", "Peru", "Perú", Tongue::Spanish),
    country("DO", "Dominican Republic", "República Dominicana", Tongue::Spanish),
    country("SR", "Suriname", "Surinam", Tongue::Dutch),
    country("TT", "Trinidad and Tobago", "Trinidad y Tobago", Tongue::English),
    country("UY", "Uruguay", "Uruguay", Tongue::Spanish),
];

//! A mail as a list of blocks, written as plain text and as HTML.

/// A mail ready to be sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Letter {
    /// The subject.
    pub subject: String,
    /// The plain text.
    pub plain: String,
    /// The same for readers that show HTML.
    pub html: String,
}

/// A part of a mail's text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Block {
    /// A paragraph; its line breaks are kept.
    Text(String),
    /// A code to type, in large letters.
    Code(String),
    /// A link that says what it is for in words; plain text shows its address.
    Link {
        /// The whole address.
        address: String,
        /// The words.
        label: String,
    },
    /// Lines of a name and a value.
    Facts(Vec<(String, String)>),
}

/// Writes a mail in both forms. The subject is made one line.
pub fn write_letter(subject: &str, blocks: &[Block]) -> Letter {
    let plain = blocks.iter().map(Block::to_plain).collect::<Vec<_>>().join("\n\n") + "\n";
    let html = blocks.iter().map(Block::to_html).collect::<String>();
    Letter {
        subject: subject.split_whitespace().collect::<Vec<_>>().join(" "),
        plain,
        html: format!("<!doctype html><meta charset=\"utf-8\">{html}"),
    }
}

impl Block {
    fn to_plain(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Code(code) => format!("    {code}"),
            Self::Link { address, .. } => format!("    {address}"),
            Self::Facts(facts) => {
                facts.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join("\n")
            }
        }
    }

    fn to_html(&self) -> String {
        match self {
            Self::Text(text) => format!("<p>{}", escape(text).replace('\n', "<br>")),
            Self::Code(code) => format!("<p style=\"font:bold 28px monospace\">{}", escape(code)),
            Self::Link { address, label } => format!("<p><a href=\"{}\">{}</a>", escape(address), escape(label)),
            Self::Facts(facts) => {
                let line = |(name, value): &(String, String)| format!("<b>{}:</b> {}", escape(name), escape(value));
                format!("<p>{}", facts.iter().map(line).collect::<Vec<_>>().join("<br>"))
            }
        }
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_say_the_same_and_html_takes_no_markup_from_values() {
        let blocks = [
            Block::Text("Hello Ana <b>,".to_owned()),
            Block::Code("7KQ2-M9XT".to_owned()),
            Block::Link { address: "https://a.example/x#y\"z".to_owned(), label: "Sign in".to_owned() },
            Block::Facts(vec![("When".to_owned(), "now & then".to_owned()), ("Where".to_owned(), "here".to_owned())]),
        ];
        let letter = write_letter("one\r\nBcc: two", &blocks);
        assert_eq!(letter.subject, "one Bcc: two");
        let plain =
            "Hello Ana <b>,\n\n    7KQ2-M9XT\n\n    https://a.example/x#y\"z\n\nWhen: now & then\nWhere: here\n";
        assert_eq!(letter.plain, plain);
        for part in ["Ana &lt;b&gt;,", "7KQ2-M9XT", "x#y&quot;z\">Sign in</a>", "<b>When:</b> now &amp; then<br>"] {
            assert!(letter.html.contains(part), "{part} is not in {}", letter.html);
        }
    }
}

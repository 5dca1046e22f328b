//! What a push says, for every provider.

use serde_json::{Value, json};
use shared::notice::{NoticeKind, Told, Urgency};
use uuid::Uuid;

/// A push ready to be sent to one device.
#[derive(Clone, PartialEq, Debug)]
pub struct Message {
    /// The push's id: a repeat has the same.
    pub id: Uuid,
    /// The event's slug.
    pub event: Option<String>,
    /// The position that the device is to ask for.
    pub covers: Option<String>,
    /// Over how many seconds devices spread their exchanges.
    pub spread_s: u32,
    /// Pushes with the same tag replace one another; 32 characters of hex.
    pub tag: String,
    /// What it says; none where it only wakes the app up.
    pub says: Option<Says>,
    /// For how many seconds it is of use.
    pub ttl_s: i64,
    /// Whether it is to wake a device that saves its battery.
    pub is_urgent: bool,
}

/// What a push says.
#[derive(Clone, PartialEq, Debug)]
pub struct Says {
    /// The row of the inbox.
    pub notice: Option<Uuid>,
    /// What kind of notice.
    pub kind: NoticeKind,
    /// How soon it must be known.
    pub urgency: Urgency,
    /// The words.
    pub told: Told,
}

impl Message {
    /// What apps read, as an object.
    pub fn data(&self) -> Value {
        let mut data = json!({ "spread_s": self.spread_s, "tag": self.tag });
        // A message to try out is of no event.
        if let (Some(event), Some(covers)) = (&self.event, &self.covers) {
            data["event"] = json!(event);
            data["covers"] = json!(covers);
        }
        if let Some(says) = &self.says {
            data["kind"] = json!(says.kind);
            data["urgency"] = json!(says.urgency);
            if let Some(notice) = says.notice {
                data["notice"] = json!(notice);
            }
        }
        data
    }

    /// The same with the words, as text of at most so many bytes: a text that is too long ends in an ellipsis.
    pub fn payload_within(&self, most: usize) -> Vec<u8> {
        let mut data = self.data();
        let Some(says) = &self.says else { return data.to_string().into_bytes() };
        let (mut title, mut text) = (says.told.title.clone(), says.told.text.clone());
        loop {
            data["title"] = json!(title);
            data["text"] = json!(text);
            let payload = data.to_string();
            let over = payload.len().saturating_sub(most);
            if over == 0 {
                return payload.into_bytes();
            }
            let longer = if text.chars().count() > 1 { &mut text } else { &mut title };
            *longer = cut(longer, over);
        }
    }
}

/// The text without its last characters, at least so many bytes of them in JSON.
fn cut(text: &str, over: usize) -> String {
    let count = text.chars().count();
    let kept = count.saturating_sub(over / 4 + 2);
    let mut shorter: String = text.chars().take(kept).collect();
    if kept > 0 {
        shorter.push('…');
    }
    shorter
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_to_what_fits_and_stays_text() {
        let told = Told { title: "Cambio".to_owned(), text: "é\n\"".repeat(3_000) };
        let says = Says { notice: None, kind: NoticeKind::Announcement, urgency: Urgency::Normal, told };
        let message = Message {
            id: Uuid::nil(),
            event: Some("week".to_owned()),
            covers: Some("1.2.3".to_owned()),
            spread_s: 3,
            tag: "t".to_owned(),
            says: Some(says),
            ttl_s: 60,
            is_urgent: false,
        };
        let payload = message.payload_within(3_993);
        assert!(payload.len() <= 3_993 && payload.len() > 3_500, "{}", payload.len());
        let read: Value = serde_json::from_slice(&payload).unwrap();
        assert!(read["text"].as_str().unwrap().ends_with('…') && read["title"] == "Cambio", "{read}");
    }
}

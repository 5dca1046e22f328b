//! The live stream as a device reads it: server-sent events over an answer without end.

use reqwest::Response;
use serde::Deserialize;
use shared::replica::LiveEvent;
use shared::sync::{Position, ScopeEntry};

use super::api::ApiError;

/// The longest event that is waited for, in bytes; a server sends scopes of this size by exchange.
const MAX_EVENT_BYTES: usize = 16 * 1024 * 1024;

/// One event as it was sent.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct RawEvent {
    name: String,
    data: String,
}

/// Splits a stream of bytes into events (HTML Living Standard, server-sent events).
#[derive(Debug, Default)]
struct EventParser {
    pending: Vec<u8>,
    event: RawEvent,
}

impl EventParser {
    /// Takes the next bytes and gives the events that they finish.
    fn feed(&mut self, bytes: &[u8]) -> Result<Vec<RawEvent>, ApiError> {
        self.pending.extend_from_slice(bytes);
        let mut events = Vec::new();
        let mut start = 0;
        while let Some(length) = self.pending[start..].iter().position(|byte| *byte == b'\n') {
            let line = self.pending[start..start + length].strip_suffix(b"\r");
            let line = line.unwrap_or(&self.pending[start..start + length]);
            let line = std::str::from_utf8(line).map_err(|error| ApiError::Unreadable(error.to_string()))?;
            events.extend(take_line(&mut self.event, line));
            start += length + 1;
        }
        self.pending.drain(..start);
        if self.pending.len() + self.event.data.len() > MAX_EVENT_BYTES {
            return Err(ApiError::Unreadable("an event of the live stream is too long".to_owned()));
        }
        Ok(events)
    }
}

/// Adds a line to the event; an empty one ends it.
fn take_line(event: &mut RawEvent, line: &str) -> Option<RawEvent> {
    if line.is_empty() {
        let ended = std::mem::take(event);
        return (!ended.data.is_empty()).then_some(ended);
    }
    let (field, value) = line.split_once(':').unwrap_or((line, ""));
    let value = value.strip_prefix(' ').unwrap_or(value);
    match field {
        "event" => value.clone_into(&mut event.name),
        "data" => {
            if !event.data.is_empty() {
                event.data.push('\n');
            }
            event.data.push_str(value);
        }
        _ => {}
    }
    None
}

#[derive(Deserialize)]
struct Covers {
    covers: Position,
}

fn read(event: &RawEvent) -> Result<Option<LiveEvent>, ApiError> {
    let unreadable = |error: serde_json::Error| ApiError::Unreadable(format!("event {}: {error}", event.name));
    Ok(match event.name.as_str() {
        "changes" => Some(LiveEvent::Changes(serde_json::from_str::<ScopeEntry>(&event.data).map_err(unreadable)?)),
        "covers" => Some(LiveEvent::Covers(serde_json::from_str::<Covers>(&event.data).map_err(unreadable)?.covers)),
        "scopes" => Some(LiveEvent::Scopes),
        "exchange" => Some(LiveEvent::Exchange),
        _ => None,
    })
}

/// A live stream that is open.
pub struct LiveStream {
    response: Response,
    parser: EventParser,
    ready: std::collections::VecDeque<LiveEvent>,
}

impl LiveStream {
    /// Reads the answer to a request for the live stream.
    pub fn new(response: Response) -> Self {
        Self { response, parser: EventParser::default(), ready: Default::default() }
    }

    /// The next event; none when the server closed the stream. Kinds of events that this version
    /// does not know are passed over.
    pub async fn next(&mut self) -> Result<Option<LiveEvent>, ApiError> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Ok(Some(event));
            }
            let Some(bytes) = self.response.chunk().await? else { return Ok(None) };
            for event in self.parser.feed(&bytes)? {
                self.ready.extend(read(&event)?);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_read_wherever_the_network_cuts_them() {
        let text = ": still here\n\nevent: changes\ndata: {\"scope\":\"público\",\r\ndata: \"gone\":true}\r\n\r\n\
                    event: covers\ndata: {\"covers\":\"00000001.6.0000000a\"}\n\n";
        let whole = EventParser::default().feed(text.as_bytes()).unwrap();
        assert_eq!(whole.len(), 2);
        for at in 0..text.len() {
            let mut parser = EventParser::default();
            let mut events = parser.feed(&text.as_bytes()[..at]).unwrap();
            events.extend(parser.feed(&text.as_bytes()[at..]).unwrap());
            assert_eq!(events, whole, "cut at {at}");
        }
        assert!(matches!(read(&whole[0]), Ok(Some(LiveEvent::Changes(entry))) if entry.scope == "público"));
        assert!(matches!(read(&whole[1]), Ok(Some(LiveEvent::Covers(at))) if at.head.seq == 6));
    }

    #[test]
    fn unknown_events_are_passed_over_and_broken_ones_are_not() {
        let event = |name: &str, data: &str| RawEvent { name: name.to_owned(), data: data.to_owned() };
        assert!(matches!(read(&event("weather", "{}")), Ok(None)));
        assert!(read(&event("covers", "{}")).is_err());
        assert!(EventParser::default().feed(b"data: \xff\n").is_err());
    }
}

//! Stable codes of problems (RFC 9457) and of rejected mutations.

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[$doc:meta])+ $name:ident = $text:literal => $status:literal, $title:literal;)+) => {
        /// What went wrong, as a stable word for programs. The same word stands in a problem's
        /// `code` and in a rejected mutation's `reason`.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Serialize, Deserialize)]
        pub enum ProblemCode {
            $($(#[$doc])+ #[serde(rename = $text)] $name,)+
        }

        impl ProblemCode {
            /// Every code, for documents and tests.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The word on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// The HTTP status that goes with it.
            pub fn status(self) -> u16 {
                match self { $(Self::$name => $status,)+ }
            }

            /// A short title in English, the same for every occurrence.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)+ }
            }
        }
    };
}

codes! {
    /// The body is not JSON.
    MalformedJson = "malformed_json" => 400, "The body is not JSON";
    /// The body, a parameter or a header has the wrong shape.
    InvalidRequest = "invalid_request" => 400, "The request is not of the form described";
    /// A value is of the right shape but cannot be.
    InvalidValue = "invalid_value" => 422, "A value is not acceptable";
    /// A position cannot be read.
    MalformedPosition = "malformed_position" => 400, "A position cannot be read";
    /// A reference names nothing in this event.
    UnknownReference = "unknown_reference" => 422, "A reference names nothing in this event";
    /// A slug is taken by another record of the collection.
    SlugTaken = "slug_taken" => 409, "The slug is taken";
    /// A record is still referred to and cannot go.
    StillReferenced = "still_referenced" => 409, "The record is still referred to";
    /// The state does not allow the operation.
    WrongState = "wrong_state" => 409, "The present state does not allow this";
    /// It is not open, not yet or not any more.
    Closed = "closed" => 409, "It is not open";
    /// Every place is taken.
    Full = "full" => 409, "There is no free place";
    /// A delegation, or an account, has as many as it may.
    QuotaReached = "quota_reached" => 409, "There are as many as there may be";
    /// What was edited has changed since the edit's base.
    StaleBase = "stale_base" => 409, "It has changed since your copy";
    /// If-Match does not name the present version.
    PreconditionFailed = "precondition_failed" => 412, "It is not the version you named";
    /// No valid access token.
    Unauthenticated = "unauthenticated" => 401, "You are not signed in";
    /// The code, password or refresh token is not right, or not any more.
    CredentialRefused = "credential_refused" => 401, "The credential is not valid";
    /// The signed-in account may not do this.
    Forbidden = "forbidden" => 403, "You may not do this";
    /// There is no such thing, or not for this reader.
    NotFound = "not_found" => 404, "There is no such thing";
    /// The method is not one of this resource's.
    MethodNotAllowed = "method_not_allowed" => 405, "The method is not allowed here";
    /// The body is not of a type that is read here.
    UnsupportedMediaType = "unsupported_media_type" => 415, "The type of the body is not supported";
    /// The body or the number of mutations is over the bound.
    TooLarge = "too_large" => 413, "The request is too large";
    /// The client's schema is too old for this server.
    UpgradeRequired = "upgrade_required" => 426, "The app is too old for this server";
    /// Too many requests or attempts.
    TooManyRequests = "too_many_requests" => 429, "Too many requests";
    /// The server cannot answer now.
    Unavailable = "unavailable" => 503, "The server cannot answer now";
    /// A mutation id or Idempotency-Key was used with other content.
    IdReused = "id_reused" => 422, "The id was used with other content";
    /// A mutation depends on one that was rejected.
    Dependency = "dependency" => 422, "It depends on a rejected mutation";
    /// The operation is not one of this server's.
    UnknownOperation = "unknown_operation" => 422, "The operation is unknown";
    /// An import would remove more than a fifth of the published sessions.
    RemovalsNotAllowed = "removals_not_allowed" => 409, "The import removes too much";
    /// A file has faults; each is listed.
    FaultyFile = "faulty_file" => 422, "The file has faults";
    /// It is for attendees with a confirmed registration.
    NotRegistered = "not_registered" => 409, "The registration is not confirmed";
    /// The attendee is not let in.
    NotInvited = "not_invited" => 409, "The attendee is not invited";
    /// The time for it has not begun.
    WindowNotOpen = "window_not_open" => 409, "It is too early for this";
    /// The time for it is over.
    WindowOver = "window_over" => 409, "It is too late for this";
    /// The attendee holds a seat at the same time.
    Clash = "clash" => 409, "It is at the same time as another seat";
    /// A fault of the server. Nothing of its cause is told.
    Internal = "internal" => 500, "The server failed";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_words() {
        let mut words: Vec<_> = ProblemCode::ALL.iter().map(|c| c.as_str()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), ProblemCode::ALL.len());
    }
}

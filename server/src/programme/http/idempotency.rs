//! The Idempotency-Key: the same request under the same key is done once.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde_json::Value;
use shared::ids::MutationId;
use shared::problem_code::ProblemCode;
use shared::sync::{Mutation, MutationResult, content_hash};

use crate::identity::SignedIn;
use crate::problem::Problem;
use crate::refusal::{Failure, Refusal};
use crate::sync::change_log::{StoredResult, Unit};
use crate::sync::mutations::{Sender, find_stored};

/// The header that names the key.
const HEADER: &str = "Idempotency-Key";

/// The key of a request, if it has one, and what it stands for beside the body: method and path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IdempotencyKey {
    id: Option<MutationId>,
    address: String,
}

/// What a key stands for: who sent it, and what the request said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyedRequest {
    sender: Sender,
    id: MutationId,
    hash: String,
}

impl IdempotencyKey {
    /// Reads the key of a request.
    pub fn read(request: &HttpRequest) -> Result<Self, Problem> {
        let problem = |_| Problem::new(ProblemCode::InvalidRequest, "Idempotency-Key is to be a UUID.").at(HEADER);
        let text = request.headers().get(HEADER).map(|value| value.to_str().unwrap_or_default());
        let id = text.map(|text| text.trim().trim_matches('"').parse().map_err(problem)).transpose()?;
        Ok(Self { id, address: format!("{} {}", request.method(), request.path()) })
    }

    /// What the key stands for in a request with this content; none without a key.
    pub fn request(&self, who: SignedIn, content: &Value) -> Option<KeyedRequest> {
        let mutation = Mutation {
            id: self.id?,
            op: self.address.clone(),
            for_attendee: None,
            args: content.clone(),
            base: None,
            at: None,
            depends_on: None,
        };
        let sender = Sender { account: who.account, device: who.device };
        Some(KeyedRequest { sender, id: mutation.id, hash: content_hash(&mutation) })
    }
}

impl KeyedRequest {
    /// What the request's unit said when it ran; none where it has not.
    ///
    /// # Errors
    ///
    /// `id_reused` where the key stands for another request; the database's failure.
    pub fn find_outcome(&self, unit: &mut Unit<'_>) -> Result<Option<String>, Failure> {
        let Some(stored) = find_stored(unit.connection, unit.group, self.sender, self.id)? else { return Ok(None) };
        if stored.content_hash != self.hash {
            let detail = "The Idempotency-Key was used for another request.";
            return Err(Refusal::new(ProblemCode::IdReused, detail).at(HEADER).into());
        }
        match stored.result {
            MutationResult::Applied { outcome, .. } => Ok(Some(outcome.unwrap_or_default())),
            _ => Ok(None),
        }
    }

    /// Stores what the request's unit said.
    pub fn store(&self, unit: &mut Unit<'_>, outcome: &str) {
        let result = MutationResult::Applied { rev: unit.group.seq(), outcome: Some(outcome.to_owned()) };
        unit.group.store_result(StoredResult {
            account: self.sender.account,
            device: self.sender.device,
            mutation: self.id,
            content_hash: self.hash.clone(),
            result,
        });
    }
}

impl FromRequest for IdempotencyKey {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::read(request))
    }
}

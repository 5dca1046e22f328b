//! Who asks, and from where.

use std::future::{Ready, ready};
use std::net::IpAddr;

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use shared::ids::{AccountId, DeviceId};
use shared::problem_code::ProblemCode;

use crate::app::App;
use crate::config::Network;
use crate::problem::Problem;

/// Somebody signed in: the handler that asks for it is not reached by anybody else.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct SignedIn {
    /// The account.
    pub account: AccountId,
    /// The device that asks.
    pub device: DeviceId,
}

/// Somebody signed in, or nobody. A token that is not valid is refused here too, so that the
/// device renews it and does not go on with less than it may see.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MaybeSignedIn(pub Option<SignedIn>);

/// The address that a request comes from, as seen by the first proxy that is ours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ClientAddress(pub Option<IpAddr>);

fn app_of(request: &HttpRequest) -> Result<&web::Data<App>, Problem> {
    request.app_data().ok_or_else(|| Problem::internal("the service has no app"))
}

fn read(request: &HttpRequest) -> Result<Option<SignedIn>, Problem> {
    let Some(authorization) = request.headers().get(header::AUTHORIZATION) else { return Ok(None) };
    let found = find_signed_in(request, authorization);
    found.map(Some).ok_or_else(|| refuse("The access token is not valid, or not any more. Renew it."))
}

/// What the token of a request was found to be, kept with the request.
#[derive(Clone, Copy)]
struct Verified(Option<SignedIn>);

/// Who holds the token in an `Authorization` header of this request. It is verified once, however
/// many ask.
pub fn find_signed_in(request: &HttpRequest, authorization: &HeaderValue) -> Option<SignedIn> {
    if let Some(Verified(known)) = request.extensions().get::<Verified>() {
        return *known;
    }
    let (scheme, token) = authorization.to_str().ok()?.split_once(' ')?;
    let identity = &app_of(request).ok()?.identity;
    let bearer = identity.find_bearer(token.trim_start()).filter(|_| scheme.eq_ignore_ascii_case("bearer"));
    let found = bearer.map(|bearer| SignedIn { account: bearer.account, device: bearer.device });
    request.extensions_mut().insert(Verified(found));
    found
}

fn refuse(detail: &str) -> Problem {
    Problem::new(ProblemCode::Unauthenticated, detail)
}

impl FromRequest for SignedIn {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let found = read(request);
        ready(found.and_then(|found| found.ok_or_else(|| refuse("Sign in and send the access token."))))
    }
}

impl FromRequest for MaybeSignedIn {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(request).map(Self))
    }
}

impl FromRequest for ClientAddress {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let address = app_of(request).map(|app| {
            let peer = request.peer_addr().map(|peer| peer.ip());
            let lines = request.headers().get_all("x-forwarded-for").filter_map(|line| line.to_str().ok());
            let forwarded: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
            peer.map(|peer| find_client(peer, &forwarded, &app.config.trusted_proxies.0))
        });
        ready(address.map(Self))
    }
}

/// The last address that no trusted proxy has. What stands before it anybody could have written.
fn find_client(peer: IpAddr, forwarded: &[&str], trusted: &[Network]) -> IpAddr {
    let mut client = peer;
    for hop in forwarded.iter().rev() {
        if !trusted.iter().any(|network| network.contains(client)) {
            break;
        }
        let Ok(address) = hop.parse() else { break };
        client = address;
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_say_where_a_request_comes_from() {
        let trusted: Vec<Network> = vec!["10.0.0.0/8".parse().unwrap()];
        let client =
            |peer: &str, forwarded: &[&str]| find_client(peer.parse().unwrap(), forwarded, &trusted).to_string();
        assert_eq!(client("192.0.2.1", &["203.0.113.9"]), "192.0.2.1");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &["198.51.100.7", "203.0.113.9"]), "203.0.113.9");
        assert_eq!(client("10.0.0.1", &["203.0.113.9", "10.0.0.2"]), "203.0.113.9");
        assert_eq!(client("10.0.0.1", &["nonsense"]), "10.0.0.1");
    }
}

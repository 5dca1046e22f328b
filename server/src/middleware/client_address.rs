//! From which address a request comes, behind proxies too.

use std::net::IpAddr;

use actix_web::http::header::HeaderMap;
use actix_web::{HttpRequest, web};

use crate::app::App;
use crate::config::Network;

/// The address that attempts to sign in are counted by; none where they are not counted, such as
/// from a venue where hundreds of phones share one.
pub fn address_to_count(request: &HttpRequest) -> Option<IpAddr> {
    let app = request.app_data::<web::Data<App>>()?;
    let peer = request.peer_addr()?.ip();
    let address = client_address(peer, request.headers(), &app.config.trusted_proxies.0);
    let is_exempt = app.config.sign_in_exempt_networks.0.iter().any(|network| network.contains(address));
    (!is_exempt).then_some(address)
}

/// Walks X-Forwarded-For from its end while the one who wrote is a trusted proxy: what stands further
/// left may be invented by the client.
fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let forwarded: Vec<IpAddr> = headers
        .get_all("x-forwarded-for")
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map_while(|address| address.trim().parse().ok())
        .collect();
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut client = peer;
    for address in forwarded.into_iter().rev() {
        if !is_trusted(client) {
            break;
        }
        client = address;
    }
    client.to_canonical()
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn client(peer: &str, forwarded: &'static str) -> Result<String, Box<dyn Error>> {
        let mut headers = HeaderMap::new();
        headers.insert(HeaderName::from_static("x-forwarded-for"), HeaderValue::from_static(forwarded));
        let trusted = ["10.0.0.0/8".parse::<Network>()?];
        Ok(client_address(peer.parse()?, &headers, &trusted).to_string())
    }

    #[test]
    fn only_what_a_trusted_proxy_wrote_is_believed() -> Result<(), Box<dyn Error>> {
        assert_eq!(client("192.0.2.7", "198.51.100.1")?, "192.0.2.7");
        assert_eq!(client("10.0.0.1", "198.51.100.1")?, "198.51.100.1");
        assert_eq!(client("10.0.0.1", "203.0.113.9, 198.51.100.1, 10.0.0.2")?, "198.51.100.1");
        assert_eq!(client("10.0.0.1", "nonsense")?, "10.0.0.1");
        Ok(())
    }
}

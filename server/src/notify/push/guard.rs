//! Which addresses pushes may go to: an endpoint is what somebody's browser says, and must not lead into the
//! server's own network.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::config::Network;

/// Which private networks may be reached, beside everything that is public.
#[derive(Clone, Debug, Default)]
pub struct Guard(Arc<Vec<Network>>);

impl Guard {
    /// With these networks; without any, only what is public.
    pub fn new(networks: &[Network]) -> Self {
        Self(Arc::new(networks.to_vec()))
    }

    /// Whether an address may be asked, as far as its text tells: by TLS, and, where it is no name, public. In a
    /// network that is allowed it may be without TLS.
    pub fn may_reach(&self, url: &Url) -> bool {
        let has_no_user = url.username().is_empty() && url.password().is_none();
        let Some(host) = url.host_str() else { return false };
        let address: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
        has_no_user
            && match (url.scheme(), address) {
                ("https", None) => true,
                ("https", Some(address)) => self.allows(address),
                ("http", Some(address)) => self.is_configured(address),
                _ => false,
            }
    }

    fn is_configured(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }

    fn allows(&self, address: IpAddr) -> bool {
        is_public(address) || self.is_configured(address)
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            // Looked up and asked are the same addresses: a name cannot answer otherwise in between.
            let allowed: Vec<SocketAddr> = found.filter(|address| guard.allows(address.ip())).collect();
            if allowed.is_empty() {
                return Err("the name leads to no public address".into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is one of the whole internet's.
fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => {
            let first = address.segments()[0];
            let is_global = (0x2000..=0x3fff).contains(&first);
            // Documentation, and ways to reach IPv4 addresses through relays (Teredo, 6to4).
            let is_special = (first == 0x2001 && matches!(address.segments()[1], 0 | 0x0db8)) || first == 0x2002;
            is_global && !is_special
        }
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_shared = a == 100 && (64..128).contains(&b);
    let is_special = a == 0 || a >= 224 || (a == 192 && b == 0 && c == 0) || (a == 198 && (b == 18 || b == 19));
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || is_shared
        || is_special)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_private_networks_are_not_public() {
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "198.18.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "2002:a00:1::",
            "64:ff9b::a00:1",
            "2001:db8::1",
            "ff02::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        for public in ["1.1.1.1", "142.250.0.1", "2606:4700::1111"] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn an_endpoint_is_reached_by_tls_and_never_inside_unless_configured() {
        let (strict, lax) = (Guard::default(), Guard::new(&["127.0.0.0/8".parse().unwrap()]));
        let may = |guard: &Guard, url: &str| guard.may_reach(&url.parse().unwrap());
        assert!(may(&strict, "https://updates.push.services.mozilla.com/wpush/v2/x"));
        for inside in [
            "https://127.0.0.1/x",
            "https://[::1]/x",
            "https://2130706433/x",
            "https://0x7f.1/x",
            "http://push.example/x",
            "ftp://push.example/x",
            "https://user@push.example/x",
            "http://127.0.0.1:8080/x",
        ] {
            assert!(!may(&strict, inside), "{inside}");
        }
        assert!(
            may(&lax, "http://127.0.0.1:8080/x") && !may(&lax, "http://10.0.0.1/x") && !may(&lax, "https://10.0.0.1/x")
        );
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_not_found() {
        let found = Guard::default().resolve("localhost".parse().unwrap()).await;
        assert!(found.is_err());
        let found = Guard::new(&["127.0.0.0/8".parse().unwrap()]).resolve("localhost".parse().unwrap()).await;
        assert!(found.is_ok());
    }
}

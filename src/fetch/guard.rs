//! Decides which IP addresses may be connected to.
//!
//! URLs in articles are written by other people, so a URL must not make feedmill talk to machines that only its own
//! network reaches. The guard is the client's name resolver: it sees every address of a name for every connection,
//! including those of redirects, and the client connects to the addresses that it returns. So a name cannot have another
//! address between the check and the connection, and the spelling of an address in a URL has no influence.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use ureq::unversioned::transport::time::Duration;

use crate::site::IpRange;

/// The ports of http and https.
const PORTS: [u16; 2] = [80, 443];

/// Why an address is not connected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Forbidden {
    #[error("the host has the address {0}, which is not public (`images.private` of site.yaml can allow it)")]
    Address(IpAddr),
    #[error("port {0} is neither 80 nor 443")]
    Port(u16),
}

/// Resolves names and refuses those that have an address which may not be connected to.
#[derive(Debug)]
pub(super) struct Guard<Names = DefaultResolver> {
    private: Vec<IpRange>,
    names: Names,
}

impl<Names> Guard<Names> {
    /// A guard that also allows addresses in the ranges of `private`, on every port.
    pub(super) fn new(private: &[IpRange], names: Names) -> Self {
        Self { private: private.to_vec(), names }
    }

    fn check(&self, address: SocketAddr) -> Result<(), Forbidden> {
        // `::ffff:127.0.0.1` connects to 127.0.0.1.
        let ip = address.ip().to_canonical();
        if self.private.iter().any(|range| range.contains(ip)) {
            Ok(())
        } else if !is_public(ip) {
            Err(Forbidden::Address(ip))
        } else if !PORTS.contains(&address.port()) {
            Err(Forbidden::Port(address.port()))
        } else {
            Ok(())
        }
    }
}

impl<Names: Resolver> Resolver for Guard<Names> {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        // With a timeout, ureq would start a thread for each look-up. The system's resolver has timeouts of its own.
        let found = self.names.resolve(uri, config, NextTimeout { after: Duration::NotHappening, ..timeout })?;
        match found.iter().find_map(|address| self.check(*address).err()) {
            Some(forbidden) => Err(Error::Other(Box::new(forbidden))),
            None => Ok(found),
        }
    }
}

/// Returns whether an address can be reached from everywhere: those that the IANA registries of special-purpose
/// addresses do not list (RFC 6890).
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => !is_special_v4(ip),
        IpAddr::V6(ip) => !is_special_v6(ip),
    }
}

/// The special ranges of IPv4 (RFC 6890), as the octets and the length of their prefixes.
const SPECIAL: [([u8; 4], u32); 15] = [
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    // Carrier-grade NAT.
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    // Link-local, with the metadata services of clouds.
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    // Relays of 6to4.
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    ([224, 0, 0, 0], 4),
    ([240, 0, 0, 0], 4),
];

fn is_special_v4(ip: Ipv4Addr) -> bool {
    SPECIAL.iter().any(|(octets, length)| (ip.to_bits() ^ u32::from_be_bytes(*octets)) >> (32 - length) == 0)
}

fn is_special_v6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    match (a, b) {
        // IETF protocols with Teredo, documentation, 6to4.
        (0x2001, ..0x200 | 0xdb8) | (0x2002, _) | (0x3fff, ..0x1000) => true,
        // All public addresses are in 2000::/3. Outside are loopback, NAT64, unique local and link-local addresses.
        _ => a >> 13 != 1,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn guard() -> Guard {
        Guard::new(&[], DefaultResolver::default())
    }

    fn checked(guard: &Guard, address: &str) -> Result<(), Forbidden> {
        guard.check(address.parse().unwrap())
    }

    #[test]
    fn only_public_addresses_are_allowed() {
        for ip in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::808:808",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:10::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:808:808::",
            "3fff::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "5f00::1",
        ] {
            let ip: IpAddr = ip.parse().unwrap();
            let forbidden = guard().check(SocketAddr::new(ip, 80));
            assert_eq!(forbidden, Err(Forbidden::Address(ip.to_canonical())), "{ip}");
        }
        for ip in ["1.1.1.1", "100.63.0.1", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.0.1.1", "223.255.255.255"] {
            assert_eq!(checked(&guard(), &format!("{ip}:443")), Ok(()), "{ip}");
        }
        for ip in ["2606:4700::1111", "2001:200::1", "2001:4860::8888", "2a00::1", "::ffff:8.8.8.8"] {
            assert_eq!(checked(&guard(), &format!("[{ip}]:443")), Ok(()), "{ip}");
        }
    }

    #[test]
    fn other_ports_are_only_allowed_in_private_ranges() {
        assert_eq!(checked(&guard(), "1.1.1.1:8080"), Err(Forbidden::Port(8080)));
        let open = Guard::new(&[IpRange::parse("10.0.0.0/8").unwrap()], DefaultResolver::default());
        assert_eq!(checked(&open, "10.1.2.3:8080"), Ok(()));
        assert_eq!(checked(&open, "[::ffff:10.1.2.3]:8080"), Ok(()));
        assert!(checked(&open, "127.0.0.1:8080").is_err());
        assert_eq!(checked(&open, "1.1.1.1:8080"), Err(Forbidden::Port(8080)));
    }

    /// A name server that answers with another address at every other question, to pass a check and then lead inside.
    #[derive(Debug, Default)]
    struct Rebinding(AtomicUsize);

    impl Resolver for Rebinding {
        fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
            let mut found = self.empty();
            let is_even = self.0.fetch_add(1, Ordering::Relaxed).is_multiple_of(2);
            found.push(if is_even { "1.1.1.1:80" } else { "127.0.0.1:80" }.parse().unwrap());
            Ok(found)
        }
    }

    #[test]
    fn a_name_is_checked_for_every_connection_and_with_all_its_addresses() {
        let guard = Guard::new(&[], Rebinding::default());
        let uri = Uri::from_static("http://rebinding.example/");
        for _ in 0..5 {
            let resolve = || guard.resolve(&uri, &Config::default(), NextTimeout::default());
            assert_eq!(resolve().unwrap()[..], ["1.1.1.1:80".parse().unwrap()]);
            let error = resolve().unwrap_err().to_string();
            assert!(error.contains("127.0.0.1, which is not public"), "{error}");
        }
    }
}

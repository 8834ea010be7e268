//! Binds sockets first and lets them listen later.
//!
//! A bound socket that does not listen refuses connections. The port is therefore known and
//! reserved during the first load, and no client sees a server without feeds
//! (docs/decisions/wire.md#never-fail-for-a-transient-reason).

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, ToSocketAddrs as _};

use socket2::{Domain, Protocol, Socket, Type};

use super::connection::STALLED;
use super::load::SEND_BUFFER;
use crate::platform;
pub(crate) use public::{Listener, Public, SocketFile, inherited, unix_path};

pub(crate) mod public;

/// A socket that is bound and does not listen yet.
#[derive(Debug)]
pub(crate) struct Bound {
    socket: Socket,
    address: SocketAddr,
}

/// Connections that may wait to be accepted.
pub(crate) const BACKLOG: i32 = 1024;

/// Binds an address such as `127.0.0.1:8080`, `[::1]:0` or `localhost:8080`. `8080` means 127.0.0.1, `:8080`
/// all addresses of this machine, and port 0 a free port.
pub(crate) fn bind(address: &str) -> io::Result<Bound> {
    let mut failed = None;
    for candidate in addresses(address)? {
        match bind_one(candidate) {
            Ok(bound) => return Ok(bound),
            // Report the error of the first address, which is the one that the user most likely
            // meant.
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    Err(failed.unwrap_or_else(|| io::Error::new(io::ErrorKind::NotFound, "this host name has no address")))
}

/// Returns the addresses that a text may mean, the most likely one first.
pub(crate) fn addresses(address: &str) -> io::Result<Vec<SocketAddr>> {
    let wrong = |message: String| io::Error::new(io::ErrorKind::InvalidInput, message);
    if unix_path(address).is_some() {
        return Err(wrong("only the public listener can be a Unix socket".to_owned()));
    }
    if !address.is_empty() && address.bytes().all(|byte| byte.is_ascii_digit()) {
        return addresses(&format!("{}:{address}", Ipv4Addr::LOCALHOST));
    }
    if let Some((_, named)) = address.split_once("://") {
        let named = named.split('/').next().unwrap_or_default();
        let message = format!("`{address}` is a URL; write the address to listen on as `{named}`");
        return Err(wrong(format!("{message}, and set the public URL with --base-url")));
    }
    if let Ok(alone) = address.parse::<Ipv6Addr>() {
        // `::1:8080` is itself an IPv6 address.
        let with_port = address
            .rsplit_once(':')
            .filter(|(host, port)| port.len() > 3 && port.parse::<u16>().is_ok() && host.parse::<Ipv6Addr>().is_ok());
        let meant = with_port.map_or_else(|| format!("[{alone}]:8080"), |(host, port)| format!("[{host}]:{port}"));
        return Err(wrong(format!("`{address}` has no port; an IPv6 address has brackets: write it as `{meant}`")));
    }
    let Some((host, port)) = address.rsplit_once(':').filter(|(host, _)| whole(host)) else {
        return Err(wrong(format!("`{address}` has no port; write it as `{address}:8080`")));
    };
    let Ok(port) = port.parse::<u16>() else {
        return Err(wrong(format!("`{port}` is not a port; a port is a number up to 65535")));
    };
    if host.is_empty() {
        // IPv6 first: its socket also accepts IPv4 connections.
        let every = [(Ipv6Addr::UNSPECIFIED, port).into(), (Ipv4Addr::UNSPECIFIED, port).into()];
        return Ok(every.to_vec());
    }
    let mut found: Vec<_> = address.to_socket_addrs()?.collect();
    // `localhost` should mean 127.0.0.1; clients that try ::1 first fall back to it.
    found.sort_by_key(SocketAddr::is_ipv6);
    Ok(found)
}

/// Whether the colon found follows a host and is not part of an IPv6 address.
fn whole(host: &str) -> bool {
    !host.contains(':') || host.ends_with(']')
}

fn bind_one(address: SocketAddr) -> io::Result<Bound> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    // Connections of the previous run may still be in TIME_WAIT.
    socket.set_reuse_address(true)?;
    if address.is_ipv6() {
        socket.set_only_v6(!address.ip().is_unspecified())?;
    }
    limit(&socket)?;
    socket.bind(&address.into())?;
    let address = socket.local_addr()?.as_socket().unwrap_or(address);
    Ok(Bound { socket, address })
}

/// Limits the data that the kernel holds for a client, and for how long if the client does not read it or is gone. Accepted
/// sockets inherit both options.
fn limit(socket: &Socket) -> io::Result<()> {
    socket.set_send_buffer_size(SEND_BUFFER)?;
    platform::end_unacknowledged(socket, STALLED)
}

/// Whether two listeners cannot exist at the same time. A listener on all addresses of a family
/// collides with one on any of them.
pub(crate) fn collide(one: SocketAddr, other: SocketAddr) -> bool {
    let takes = |one: SocketAddr, other: SocketAddr| match one {
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => true,
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => other.is_ipv4(),
        _ => one.ip() == other.ip(),
    };
    one.port() == other.port() && (takes(one, other) || takes(other, one))
}

impl Bound {
    /// A socket that another program has bound, and that listens already.
    fn inherited(listener: TcpListener) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let socket = Socket::from(listener);
        limit(&socket)?;
        Ok(Self { socket, address })
    }

    /// The address, with the port that was chosen.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Starts to accept connections. Fails with `AddrInUse` if another program took the port in the
    /// meantime.
    pub(crate) fn listen(self, backlog: i32) -> io::Result<TcpListener> {
        self.socket.listen(backlog)?;
        Ok(self.socket.into())
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use super::*;

    #[test]
    fn every_notation_of_an_address_can_be_bound() {
        for address in ["0", ":0", "localhost:0", "127.0.0.1:0", "0.0.0.0:0"] {
            let bound = bind(address).unwrap();
            assert_ne!(bound.address().port(), 0, "{address}");
            let port = bound.address().port();
            let _listener = bound.listen(BACKLOG).unwrap();
            TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        }
        // Machines without IPv6 refuse ::1, each with its own error.
        if let Ok(bound) = bind("[::1]:0") {
            assert!(bound.address().is_ipv6());
        }
    }

    #[test]
    fn a_listener_on_every_address_collides_with_each_of_them() {
        for (one, other, wanted) in [
            ("127.0.0.1:1", "127.0.0.1:1", true),
            ("0.0.0.0:1", "127.0.0.1:1", true),
            ("127.0.0.1:1", "[::]:1", true),
            ("0.0.0.0:1", "[::1]:1", false),
            ("0.0.0.0:1", "127.0.0.1:2", false),
            ("127.0.0.1:1", "127.0.0.2:1", false),
        ] {
            assert_eq!(collide(one.parse().unwrap(), other.parse().unwrap()), wanted, "{one} {other}");
        }
    }

    #[test]
    fn an_invalid_address_is_explained() {
        let table = [
            ("localhost", "has no port"),
            ("65536", "is not a port"),
            ("::1", "write it as `[::1]:8080`"),
            ("::1:8081", "write it as `[::1]:8081`"),
            ("[::1]", "write it as `[::1]:8080`"),
            ("http://localhost:8080/", "write the address to listen on as `localhost:8080`"),
            ("", "has no port"),
            ("localhost:", "is not a port"),
            ("localhost:http", "is not a port"),
            (":65536", "is not a port"),
            (":-1", "is not a port"),
        ];
        for (address, words) in table {
            let error = bind(address).unwrap_err().to_string();
            assert!(error.contains(words), "{address}: {error}");
        }
    }

    #[test]
    fn connections_are_refused_until_it_listens() {
        let bound = bind("127.0.0.1:0").unwrap();
        let address = bound.address();
        assert_eq!(TcpStream::connect(address).unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
        let _listener = bound.listen(BACKLOG).unwrap();
        TcpStream::connect(address).unwrap();
    }

    #[test]
    fn a_port_in_use_cannot_be_bound() {
        let listener = bind("127.0.0.1:0").unwrap();
        let address = listener.address().to_string();
        let _listener = listener.listen(BACKLOG).unwrap();
        assert_eq!(bind(&address).unwrap_err().kind(), io::ErrorKind::AddrInUse);
    }
}

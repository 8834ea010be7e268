//! `feedmill healthcheck`: asks the running server whether it is ready, for containers without a
//! shell or curl.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::process::ExitCode;
use std::time::Duration;

use super::log;
use crate::server::listen;
use crate::settings::HealthcheckSettings;

/// Longer than a ready server ever takes, and shorter than Docker's timeout of 30 s.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) fn run(settings: &HealthcheckSettings) -> ExitCode {
    match ask(settings) {
        Ok(answer) if answer.starts_with("HTTP/1.1 200") => ExitCode::SUCCESS,
        Ok(answer) => {
            log::say(&format!("not ready: {}", answer.lines().next().unwrap_or("no response")));
            ExitCode::FAILURE
        }
        Err(error) => {
            log::say(&format!("no response from {}: {error}", settings.bind));
            ExitCode::FAILURE
        }
    }
}

fn ask(settings: &HealthcheckSettings) -> io::Result<String> {
    if let Some(path) = listen::unix_path(&settings.bind) {
        let stream = UnixStream::connect(path)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        return question(stream);
    }
    let addresses = listen::addresses(&settings.bind)?;
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in addresses {
        match TcpStream::connect_timeout(&reachable(address), PATIENCE) {
            Ok(stream) => {
                stream.set_read_timeout(Some(PATIENCE))?;
                stream.set_write_timeout(Some(PATIENCE))?;
                return question(stream);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn question(mut stream: impl Read + Write) -> io::Result<String> {
    stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.take(64 * 1024).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// The address at which a server that listens on all addresses can be reached.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_on_all_addresses_is_reached_on_loopback() {
        assert_eq!(reachable("0.0.0.0:8080".parse().unwrap()).to_string(), "127.0.0.1:8080");
        assert_eq!(reachable("[::]:8080".parse().unwrap()).to_string(), "[::1]:8080");
        assert_eq!(reachable("10.0.0.1:80".parse().unwrap()).to_string(), "10.0.0.1:80");
    }
}

//! The public listeners: TCP addresses, Unix sockets for a proxy on the same machine, and sockets that systemd has opened.

use std::fmt;
use std::fs::{self, Permissions};
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use listenfd::ListenFd;
use socket2::{Domain, SockAddr, Socket, Type};

use super::super::load::SEND_BUFFER;
use super::Bound;

/// What `--bind` begins with if it names a Unix socket.
const UNIX: &str = "unix:";

/// A public listener that does not listen yet.
#[derive(Debug)]
pub(crate) enum Public {
    Tcp(Bound),
    Unix(BoundFile),
    /// A Unix socket that another program has bound.
    Inherited(UnixListener),
}

/// A Unix socket below a temporary name. It gets its own name when it listens, so that a proxy never connects to a socket
/// that does not listen, and the socket of an earlier run is replaced in one step.
#[derive(Debug)]
pub(crate) struct BoundFile {
    socket: Socket,
    temporary: PathBuf,
    path: PathBuf,
}

/// A listener that accepts connections.
#[derive(Debug)]
pub(crate) enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener),
}

/// The file of a Unix socket. It is removed when the value is dropped, unless another program has replaced it.
#[derive(Debug)]
pub(crate) struct SocketFile {
    path: PathBuf,
    inode: u64,
}

/// The path of a Unix socket, if this address is one.
pub(crate) fn unix_path(address: &str) -> Option<&Path> {
    address.strip_prefix(UNIX).map(Path::new)
}

/// Binds the address of a public listener: `unix:PATH`, or one of [`super::bind`].
pub(crate) fn bind(address: &str) -> io::Result<Public> {
    match unix_path(address) {
        Some(path) => bind_file(path).map(Public::Unix),
        None => super::bind(address).map(Public::Tcp),
    }
}

/// Takes the sockets that systemd has opened for this process (`LISTEN_FDS`).
pub(crate) fn inherited() -> io::Result<Vec<Public>> {
    let mut sockets = ListenFd::from_env();
    let mut found = Vec::new();
    for index in 0..sockets.len() {
        if let Ok(Some(listener)) = sockets.take_tcp_listener(index) {
            found.push(Public::Tcp(Bound::inherited(listener)?));
        } else if let Ok(Some(listener)) = sockets.take_unix_listener(index) {
            found.push(Public::Inherited(listener));
        } else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "a socket of systemd is no stream that listens"));
        }
    }
    Ok(found)
}

fn bind_file(path: &Path) -> io::Result<BoundFile> {
    refuse_other(path)?;
    let name =
        path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the path has no file name"))?;
    let temporary = path.with_file_name(format!(".{}.{}", name.to_string_lossy(), std::process::id()));
    // A left-over of an earlier process with this id, for example in a container.
    let _ = fs::remove_file(&temporary);
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(&SockAddr::unix(&temporary)?)?;
    let bound = BoundFile { socket, temporary, path: path.to_owned() };
    // What it serves is public; the permissions of the directory decide who may connect.
    fs::set_permissions(&bound.temporary, Permissions::from_mode(0o666))?;
    Ok(bound)
}

/// Fails if something other than a socket of a process that has ended is at this path.
fn refuse_other(path: &Path) -> io::Result<()> {
    let there = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        there => there?,
    };
    if !there.file_type().is_socket() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("`{}` exists and is not a socket", path.display()),
        ));
    }
    match UnixStream::connect(path) {
        Ok(_) => Err(io::ErrorKind::AddrInUse.into()),
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => Ok(()),
        Err(error) => Err(error),
    }
}

impl Drop for BoundFile {
    fn drop(&mut self) {
        // It is gone if the socket listens.
        let _ = fs::remove_file(&self.temporary);
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        if fs::symlink_metadata(&self.path).is_ok_and(|there| there.ino() == self.inode) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

impl Public {
    /// The address, if it is a TCP listener.
    pub(crate) fn address(&self) -> Option<SocketAddr> {
        match self {
            Self::Tcp(bound) => Some(bound.address()),
            Self::Unix(_) | Self::Inherited(_) => None,
        }
    }

    /// Starts to accept connections. The file is to be kept as long as the listener.
    pub(crate) fn listen(self, backlog: i32) -> io::Result<(Listener, Option<SocketFile>)> {
        match self {
            Self::Tcp(bound) => Ok((Listener::Tcp(bound.listen(backlog)?), None)),
            Self::Inherited(listener) => Ok((Listener::Unix(listener), None)),
            Self::Unix(bound) => {
                let socket = bound.socket.try_clone()?;
                socket.listen(backlog)?;
                let inode = fs::symlink_metadata(&bound.temporary)?.ino();
                fs::rename(&bound.temporary, &bound.path)?;
                let file = SocketFile { path: bound.path.clone(), inode };
                Ok((Listener::Unix(socket.into()), Some(file)))
            }
        }
    }
}

impl fmt::Display for Public {
    /// Writes `http://ADDR:PORT` or `unix:PATH`, for the log.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(bound) => write!(formatter, "http://{}", bound.address()),
            Self::Unix(bound) => write!(formatter, "{UNIX}{}", bound.path.display()),
            Self::Inherited(listener) => {
                let address = listener.local_addr().ok();
                let path = address.as_ref().and_then(|address| address.as_pathname());
                write!(formatter, "{UNIX}{}", path.unwrap_or(Path::new("")).display())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_is_at_its_path_only_while_it_listens() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("feeds.sock");
        let bound = bind(&format!("unix:{}", path.display())).unwrap();
        assert!(!path.exists(), "a proxy would be refused");
        let (listener, file) = bound.listen(16).unwrap();
        UnixStream::connect(&path).unwrap();
        drop((listener, file));
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_left_over_socket_is_replaced_and_a_used_one_is_not() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("feeds.sock");
        let address = format!("unix:{}", path.display());
        drop(UnixListener::bind(&path).unwrap());
        assert!(path.exists(), "the left-over");
        let (_listener, file) = bind(&address).unwrap().listen(16).unwrap();
        assert_eq!(bind(&address).unwrap_err().kind(), io::ErrorKind::AddrInUse);
        // The file of another process stays.
        fs::remove_file(&path).unwrap();
        let _other = UnixListener::bind(&path).unwrap();
        drop(file);
        assert!(path.exists());
        fs::remove_file(&path).unwrap();
        fs::write(&path, "text").unwrap();
        assert!(bind(&address).unwrap_err().to_string().contains("is not a socket"));
        assert_eq!(fs::read(&path).unwrap(), b"text");
    }
}

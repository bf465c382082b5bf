//! What a command asks a server for, as anything between the two hears it: addresses are logged by proxies.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::Api;

/// An address on this machine that passes everything on to a server and back.
#[derive(Debug)]
pub struct Overheard {
    address: SocketAddr,
    said: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Overheard {
    /// Between a command and this server.
    #[must_use]
    pub fn before(server: &Api) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it listens");
        let (said, server) = (Arc::<Mutex<Vec<Vec<u8>>>>::default(), server.address());
        let kept = Arc::clone(&said);
        thread::spawn(move || {
            for (number, asker) in listener.incoming().flatten().enumerate() {
                let Ok(answerer) = TcpStream::connect(server) else { continue };
                kept.lock().unwrap_or_else(PoisonError::into_inner).push(Vec::new());
                let back = (answerer.try_clone().expect("a socket"), asker.try_clone().expect("a socket"));
                let kept = Arc::clone(&kept);
                thread::spawn(move || {
                    pass_on(asker, answerer, |bytes| {
                        kept.lock().unwrap_or_else(PoisonError::into_inner)[number].extend(bytes);
                    });
                });
                thread::spawn(move || pass_on(back.0, back.1, |_| ()));
            }
        });
        Self { address, said }
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The method and address of every request until now.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let texts = said.iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        texts.flat_map(|text| text.lines().filter_map(request).collect::<Vec<_>>()).collect()
    }
}

/// The method and address that a line asks for, if it is the first line of a request. The body of the
/// request before ends in the same line.
fn request(line: &str) -> Option<String> {
    let (before, address) = line.strip_suffix(" HTTP/1.1")?.rsplit_once(' ')?;
    let method = before.rsplit(|letter: char| !letter.is_ascii_uppercase()).next()?;
    Some(format!("{method} {address}"))
}

fn pass_on(mut from: TcpStream, mut to: TcpStream, mut keep: impl FnMut(&[u8])) {
    let mut piece = vec![0; 65_536];
    while let Ok(read) = from.read(&mut piece) {
        if read == 0 || to.write_all(&piece[..read]).is_err() {
            break;
        }
        keep(&piece[..read]);
    }
    to.shutdown(Shutdown::Both).ok();
}

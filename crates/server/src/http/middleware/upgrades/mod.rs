//! No request changes the protocol of its connection. A server may ignore `Upgrade` (RFC 9110
//! §7.8), and this one does.
//!
//! actix-http does not: it answers `Connection: Upgrade` with `connection: upgrade` and closes, and
//! with `Upgrade: websocket` it takes everything that follows for the body, regardless of
//! `Content-Length`. It decides both while it reads the head, before any of our middleware runs. So
//! the words are removed from the bytes before it reads them. No byte is added or removed: one
//! letter is replaced, so the connection option `upgrade` becomes an unknown one.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The replacement of a letter: a character that every header may have.
const TAKEN_OUT: u8 = b'-';
/// The connection option to hide.
const OPTION: &[u8] = b"upgrade";
/// The longest name of a header that matters here.
const LONGEST_NAME: usize = b"transfer-encoding".len();

/// A connection whose requests never ask to change its protocol.
pub(in crate::http) struct WithoutUpgrades<T> {
    connection: T,
    /// Absent if it speaks something else than HTTP/1.
    requests: Option<Requests>,
}

impl<T> WithoutUpgrades<T> {
    /// A connection that speaks HTTP/1.
    pub(in crate::http) fn http1(connection: T) -> Self {
        Self { connection, requests: Some(Requests::default()) }
    }

    /// A connection that speaks HTTP/2, which has no such header.
    pub(in crate::http) fn http2(connection: T) -> Self {
        Self { connection, requests: None }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for WithoutUpgrades<T> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let polled = Pin::new(&mut this.connection).poll_read(context, buffer);
        if let Some(requests) = &mut this.requests {
            requests.read(&mut buffer.filled_mut()[before..]);
        }
        polled
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for WithoutUpgrades<T> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().connection).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().connection).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().connection).poll_shutdown(context)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().connection).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.connection.is_write_vectored()
    }
}

/// Requests one after another, as far as they have been read.
#[derive(Debug, Default)]
struct Requests {
    part: Part,
    /// How long the body is that follows the present head.
    length: u64,
    /// Whether it comes in chunks.
    chunked: bool,
}

/// The part of a request that the next byte belongs to.
#[derive(Debug, Default, PartialEq, Eq)]
enum Part {
    /// Before a request line, which empty lines may precede.
    #[default]
    Between,
    /// A line of the head up to its colon: the request line, too.
    Name(Vec<u8>),
    /// The rest of a line of the head.
    Value(Header),
    /// So many bytes of a body.
    Body(u64),
    /// The line with the size of a chunk.
    ChunkSize { size: u64, has_ended: bool },
    /// So many bytes of a chunk and of the end of its line.
    Chunk(u64),
    /// The lines after the last chunk.
    Trailer { line_is_empty: bool },
    /// Not HTTP as this parser reads it. actix refuses it and closes the connection, so nothing
    /// depends on it.
    Unreadable,
}

/// A header, by what is to be done with its value.
#[derive(Debug, PartialEq, Eq)]
enum Header {
    /// `Connection`: how much of an option has been `upgrade` so far; none if it is another option.
    Connection(Option<usize>),
    Upgrade,
    ContentLength,
    TransferEncoding,
    Other,
}

impl Requests {
    /// Continues with these bytes, and removes what must be ignored.
    fn read(&mut self, bytes: &mut [u8]) {
        let mut at = 0;
        while at < bytes.len() {
            let left = (bytes.len() - at) as u64;
            match &mut self.part {
                Part::Unreadable => return,
                Part::Body(rest) | Part::Chunk(rest) if *rest > 0 => {
                    let skipped = left.min(*rest);
                    *rest -= skipped;
                    at += usize::try_from(skipped).expect("no more than there are");
                }
                Part::Body(_) => self.part = Part::Between,
                Part::Chunk(_) => self.part = Part::ChunkSize { size: 0, has_ended: false },
                Part::Between | Part::Name(_) | Part::Value(_) => {
                    self.read_head(&mut bytes[at]);
                    at += 1;
                }
                Part::ChunkSize { .. } | Part::Trailer { .. } => {
                    self.read_line_of_body(bytes[at]);
                    at += 1;
                }
            }
        }
    }

    fn read_head(&mut self, byte: &mut u8) {
        match (&mut self.part, *byte) {
            (Part::Between, b'\r' | b'\n') | (Part::Name(_), b'\r') => {}
            (Part::Between, first) => {
                (self.length, self.chunked) = (0, false);
                self.part = Part::Name(vec![first.to_ascii_lowercase()]);
            }
            (Part::Name(name), b'\n') if name.is_empty() => self.part = self.body(),
            (Part::Name(name), b'\n') => name.clear(),
            (Part::Name(name), b':') => self.part = Part::Value(Header::named(name)),
            // For a longer name, only that it is longer.
            (Part::Name(name), letter) if name.len() <= LONGEST_NAME => {
                name.push(letter.to_ascii_lowercase());
            }
            (Part::Value(_), b'\n') => self.part = Part::Name(Vec::new()),
            (Part::Value(_), _) => self.read_value(byte),
            _ => {}
        }
    }

    fn read_value(&mut self, byte: &mut u8) {
        let Part::Value(header) = &mut self.part else { return };
        match header {
            Header::Connection(option) => {
                if matches!(*byte, b',' | b' ' | b'\t') {
                    *option = Some(0);
                } else if let Some(read) = *option {
                    let goes_on = OPTION.get(read).is_some_and(|letter| byte.eq_ignore_ascii_case(letter));
                    *option = goes_on.then_some(read + 1);
                    if *option == Some(OPTION.len()) {
                        *byte = TAKEN_OUT;
                    }
                }
            }
            Header::Upgrade if byte.is_ascii_alphanumeric() => *byte = TAKEN_OUT,
            Header::ContentLength if byte.is_ascii_digit() => {
                let digit = u64::from(*byte - b'0');
                self.length = self.length.saturating_mul(10).saturating_add(digit);
            }
            Header::TransferEncoding => self.chunked = true,
            Header::Upgrade | Header::ContentLength | Header::Other => {}
        }
    }

    /// What follows the head that has just ended.
    fn body(&self) -> Part {
        match self.length {
            _ if self.chunked => Part::ChunkSize { size: 0, has_ended: false },
            0 => Part::Between,
            length => Part::Body(length),
        }
    }

    fn read_line_of_body(&mut self, byte: u8) {
        match (&mut self.part, byte) {
            (Part::ChunkSize { .. } | Part::Trailer { .. }, b'\r')
            | (Part::ChunkSize { has_ended: true, .. }, b'\t' | b' '..=b'~') => {}
            (Part::ChunkSize { size: 0, .. }, b'\n') => self.part = Part::Trailer { line_is_empty: true },
            (Part::ChunkSize { size, .. }, b'\n') => self.part = Part::Chunk(size.saturating_add(2)),
            (Part::ChunkSize { has_ended, .. }, b';' | b' ' | b'\t') => *has_ended = true,
            (Part::ChunkSize { size, .. }, digit) => match char::from(digit).to_digit(16) {
                Some(value) => *size = size.saturating_mul(16).saturating_add(u64::from(value)),
                None => self.part = Part::Unreadable,
            },
            (Part::Trailer { line_is_empty: true }, b'\n') => self.part = Part::Between,
            (Part::Trailer { line_is_empty }, letter) => *line_is_empty = letter == b'\n',
            _ => {}
        }
    }
}

impl Header {
    fn named(name: &[u8]) -> Self {
        match name {
            b"connection" => Self::Connection(Some(0)),
            b"upgrade" => Self::Upgrade,
            b"content-length" => Self::ContentLength,
            b"transfer-encoding" => Self::TransferEncoding,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests;

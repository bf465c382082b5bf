//! Request bodies that are too large, of another type, or cut off.

use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::Duration;

use omklap_tests::{Case, Ledger};
use serde_json::json;

const LARGEST: usize = 8 * 1024 * 1024;

#[test]
fn a_body_is_eight_mebibytes_at_most() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let fact = case.next("consent-given").to_string();
    let padded_to = |length: usize| format!("{fact}{}", " ".repeat(length - fact.len()));
    let answer = case.reporting(&().into()).body(padded_to(LARGEST + 1)).answer().with_status(413);
    assert_eq!(answer.problem(), "too-large");
    case.reporting(&().into()).body(padded_to(LARGEST)).answer().with_status(201);
}

#[test]
fn a_chunked_body_is_cut_off_when_it_is_too_large() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let mut connection = connected(&ledger);
    write!(connection, "{}transfer-encoding: chunked\r\n\r\n", head(&ledger, &case)).expect("sent");
    let chunk = [b"100000\r\n".as_slice(), &vec![b' '; 0x0010_0000], b"\r\n"].concat();
    // The server may close the connection before everything is written.
    let _ = (0..9).try_for_each(|_| connection.write_all(&chunk));
    assert_eq!(status(connection), Some(413));
    assert_eq!(ledger.facts(), 3);
}

#[test]
fn a_body_that_is_cut_off_is_not_recorded() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let fact = case.next("consent-given").to_string();
    let mut connection = connected(&ledger);
    write!(connection, "{}content-length: {}\r\n\r\n{fact}", head(&ledger, &case), fact.len() + 1)
        .expect("sent");
    connection.shutdown(Shutdown::Write).expect("half closed");
    assert!(matches!(status(connection), None | Some(400)));
    assert_eq!((ledger.facts(), case.state()["version"].as_u64()), (3, Some(3)));
}

#[test]
fn a_body_that_takes_too_long_is_refused() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let fact = case.next("consent-given").to_string();
    let mut connection = connected(&ledger);
    write!(connection, "{}content-length: {}\r\n\r\n", head(&ledger, &case), fact.len()).expect("sent");
    let slowly = connection.try_clone().expect("the same connection");
    thread::spawn(move || dribble(slowly, fact.as_bytes()));
    assert_eq!(status(connection), Some(408));
    assert_eq!(ledger.facts(), 3);
}

#[test]
fn a_report_without_a_json_content_type_is_refused() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let fact = case.next("consent-given");
    let send = |name, value| case.reporting(&fact).header(name, value).answer();
    for wrong in ["text/plain", "application/x-www-form-urlencoded", "application/xml"] {
        assert_eq!(send("content-type", wrong).with_status(415).problem(), "not-json-content");
    }
    assert_eq!(send("content-encoding", "gzip").with_status(415).problem(), "not-json-content");
    send("content-type", "application/json; charset=utf-8").with_status(201);
}

fn connected(ledger: &Ledger) -> TcpStream {
    TcpStream::connect(ledger.address()).expect("it listens")
}

/// Sends a byte a second until the connection is closed.
fn dribble(mut connection: TcpStream, bytes: &[u8]) {
    for byte in bytes {
        if connection.write_all(&[*byte]).is_err() {
            return;
        }
        thread::sleep(Duration::from_secs(1));
    }
}

/// The first lines of a report, without the length of its body.
fn head(ledger: &Ledger, case: &Case) -> String {
    format!(
        "POST {} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\nif-match: *\r\n\
         authorization: Bearer {}\r\n",
        case.events(),
        ledger.token_claiming(&json!({}))
    )
}

/// The status of the answer, if there is one.
fn status(connection: TcpStream) -> Option<u16> {
    let mut line = String::new();
    // If the connection is reset there is no answer.
    let _ = BufReader::new(connection).read_line(&mut line);
    line.split(' ').nth(1)?.parse().ok()
}

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU16, AtomicU32, Ordering};
use std::thread::JoinHandle;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use uuid::Uuid;

use super::*;
use crate::auth::certificate_authorities::Authorities;
use crate::webhooks::allowed_hosts::Looking;

/// The address of the receiver of these tests, and how often its name was looked up.
static PORT: AtomicU16 = AtomicU16::new(0);
static LOOKED_UP: AtomicU32 = AtomicU32::new(0);

/// An attacker's name server: first a public address, to which nothing connects here, and from then
/// on our own machine.
fn rebinding(_: String) -> Looking {
    Box::pin(async {
        let times = LOOKED_UP.fetch_add(1, Ordering::SeqCst);
        let at = if times == 0 { [93, 184, 216, 34] } else { [127, 0, 0, 1] };
        Ok::<_, io::Error>(vec![SocketAddr::from((at, PORT.load(Ordering::SeqCst)))])
    })
}

#[tokio::test]
async fn the_address_that_was_looked_at_is_the_one_that_is_connected_to() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("it listens").port();
    PORT.store(port, Ordering::SeqCst);
    let looked = Allowed::looking(Vec::new(), rebinding);
    let url = format!("https://rebound.example.org:{port}/in");
    assert!(looked.address(&url).is_ok(), "nothing is to be seen of the name itself");
    assert!(looked.found("rebound.example.org").await.is_ok(), "it leads outside when it is looked up first");
    let sender = Sender::going(looked, &patient());
    let outcome = sender.send(&url, &[], &event(), Timestamp::UNIX_EPOCH).await.outcome;
    assert_eq!(outcome, AttemptOutcome::TargetNotAllowed, "and inside when it is connected to");
    assert_eq!(
        LOOKED_UP.load(Ordering::SeqCst),
        2,
        "it is looked up once for a connection, and that answer counts"
    );

    // The same name, named by the operator: no name server of the machine knows it, and it is
    // connected to all the same.
    let named = Allowed::looking(vec!["rebound.example.org".to_owned()], rebinding);
    let sender = Sender::going(named, &patient());
    let url = format!("http://rebound.example.org:{port}/in");
    let (message, now) = (event(), Timestamp::UNIX_EPOCH);
    let (sent, ()) = tokio::join!(sender.send(&url, &[], &message, now), accepts_one(&listener));
    assert_eq!(sent.outcome, AttemptOutcome::Delivered);
}

#[tokio::test]
async fn a_caller_that_waits_for_one_result_does_not_queue_behind_other_messages() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/in", listener.local_addr().expect("it listens"));
    let (sender, mut turns) = (Sender::of(&patient()), Vec::new());
    for _ in 0..AT_ONCE_TO_A_HOST {
        turns.push(sender.turn(&url).await.expect("it may go there"));
    }
    let one_more = timeout(Duration::from_millis(50), sender.turn(&url)).await;
    assert!(one_more.is_err(), "there are no more turns");
    let (message, now) = (event(), Timestamp::UNIX_EPOCH);
    let (sent, ()) = tokio::join!(sender.send(&url, &[], &message, now), accepts_one(&listener));
    assert_eq!(sent.outcome, AttemptOutcome::Delivered);
}

#[tokio::test]
async fn an_answer_in_time_counts_regardless_of_its_body() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/in", listener.local_addr().expect("it listens"));
    let sender = Sender::of(&Settings { webhook_timeout: 1, ..patient() });
    let late = async {
        let (mut connection, _) = listener.accept().await.expect("connected to");
        let mut read = [0; 4_096];
        let _ = connection.read(&mut read).await.expect("a message");
        tokio::time::sleep(Duration::from_millis(300)).await;
        connection.write_all(b"HTTP/1.1 200 x\r\ncontent-length: 9\r\n\r\n").await.expect("answered");
        // The body never comes: until the sender gives it up.
        let _ = connection.read(&mut read).await;
    };
    let (message, now) = (event(), Timestamp::UNIX_EPOCH);
    let (sent, ()) = tokio::join!(sender.send(&url, &[], &message, now), late);
    assert_eq!((sent.outcome, sent.status), (AttemptOutcome::Delivered, Some(200)));
}

#[tokio::test]
async fn the_text_of_an_address_does_not_decide_the_outcome() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/certificate-hook", listener.local_addr().expect("it listens"));
    drop(listener);
    let sent = Sender::of(&patient()).send(&url, &[], &event(), Timestamp::UNIX_EPOCH).await;
    assert_eq!(sent.outcome, AttemptOutcome::Unreachable);
}

async fn accepts_one(listener: &TcpListener) {
    let (mut connection, _) = listener.accept().await.expect("connected to");
    let mut read = [0; 4_096];
    let _ = connection.read(&mut read).await.expect("a message");
    connection.write_all(b"HTTP/1.1 204 x\r\n\r\n").await.expect("answered");
}

#[tokio::test]
async fn a_receiver_without_a_trusted_certificate_gets_nothing() {
    let (url, _, received) = certified_by_itself();
    let sent = Sender::of(&patient()).send(&url, &[], &event(), Timestamp::UNIX_EPOCH).await;
    assert_eq!((sent.outcome, sent.status), (AttemptOutcome::CertificateRefused, None));
    assert_eq!(received.join().expect("it ended"), b"");
}

#[tokio::test]
async fn a_receiver_with_a_certificate_that_the_operator_trusts_gets_messages() {
    let (url, certificate, received) = certified_by_itself();
    let file = std::env::temp_dir().join(format!("omklap-authorities-{}.pem", std::process::id()));
    std::fs::write(&file, certificate).expect("a temporary file");
    let authorities = Authorities::in_file(&file).expect("a certificate");
    std::fs::remove_file(&file).expect("ours");
    let sender = Sender::of(&Settings { authorities, ..patient() });
    let sent = sender.send(&url, &[], &event(), Timestamp::UNIX_EPOCH).await;
    assert_eq!((sent.outcome, sent.status), (AttemptOutcome::Delivered, Some(204)));
    assert!(received.join().expect("it ended").starts_with(b"POST /in HTTP/1.1"));
}

/// A receiver with a self-made certificate: its address, the certificate, and what it receives.
fn certified_by_itself() -> (String, String, JoinHandle<Vec<u8>>) {
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).expect("made");
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
    let shown = rustls::ServerConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("its own key");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("https://127.0.0.1:{}/in", listener.local_addr().expect("it listens").port());
    let received = std::thread::spawn(move || {
        let connection = rustls::ServerConnection::new(Arc::new(shown)).expect("made");
        let (stream, _) = listener.accept().expect("connected to");
        let mut stream = rustls::StreamOwned::new(connection, stream);
        // A client that does not trust the certificate ends it here.
        let mut received = vec![0; 4_096];
        let read = io::Read::read(&mut stream, &mut received).unwrap_or(0);
        received.truncate(read);
        io::Write::write_all(&mut stream, b"HTTP/1.1 204 x\r\n\r\n").ok();
        received
    });
    (url, made.cert.pem(), received)
}

fn patient() -> Settings {
    Settings { webhook_hosts: vec!["127.0.0.1".to_owned()], webhook_timeout: 5, ..Settings::default() }
}

fn event() -> CloudEvent {
    CloudEvent::test(Uuid::nil(), Timestamp::UNIX_EPOCH, &Settings::default())
}

//! Sends one message to one receiver, and says what came of it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use omklap_store::subscriptions::Secret;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, RequestBuilder, Response, Url};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

use super::allowed_hosts::Allowed;
use super::attempt_outcome::{AttemptOutcome, AttemptResult, answered, asked, failed};
use super::cloud_event;
use super::cloud_event::CloudEvent;
use super::signature::signature;
use super::{Settings, WEBHOOK_ATTEMPTS};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How many bytes of an answer's body are read, and for how long. What it says is not kept.
const READ_AT_MOST: usize = 4_096;
const READ_FOR: Duration = Duration::from_millis(500);
/// How many are on their way to one host at the same time: who has many subscriptions there waits for himself.
const AT_ONCE_TO_A_HOST: usize = 32;

/// Sends messages.
pub struct Sender {
    client: Client,
    allowed: Allowed,
    whole: Duration,
    hosts: Mutex<HashMap<String, Arc<Semaphore>>>,
}

impl Sender {
    /// A sender that goes, waits and believes as the operator decided.
    pub(crate) fn of(settings: &Settings) -> Self {
        Self::going(Allowed::naming(settings.webhook_hosts.clone()), settings)
    }

    /// A sender that goes where it is allowed to.
    fn going(allowed: Allowed, settings: &Settings) -> Self {
        let client = settings
            .authorities
            .believed_by(Client::builder())
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .dns_resolver(Arc::new(allowed.clone()))
            .connect_timeout(CONNECT)
            .user_agent(concat!("omklap/", env!("CARGO_PKG_VERSION")))
            .build()
            .expect("a client without settings that could be wrong");
        let whole = Duration::from_secs(settings.webhook_timeout);
        Self { client, allowed, whole, hosts: Mutex::default() }
    }

    /// Where webhooks may go.
    #[must_use]
    pub fn allowed(&self) -> &Allowed {
        &self.allowed
    }

    /// Waits until not too many are on their way to the host of this address. Who sends one message while somebody waits for
    /// what comes of it takes no turn: many messages to a host that is away would hold it up.
    ///
    /// # Panics
    /// Never: the turns are never closed.
    pub async fn turn(&self, url: &str) -> Option<OwnedSemaphorePermit> {
        let url = self.allowed.address(url).ok()?;
        Some(self.host(&url).acquire_owned().await.expect("it is never closed"))
    }

    /// Sends a message, signed with these secrets.
    pub async fn send(
        &self,
        url: &str,
        secrets: &[Secret],
        event: &CloudEvent,
        now: Timestamp,
    ) -> AttemptResult {
        let sent = self.tried(url, secrets, event, now).await;
        metrics::counter!(WEBHOOK_ATTEMPTS, "outcome" => sent.outcome.as_str()).increment(1);
        sent
    }

    async fn tried(
        &self,
        url: &str,
        secrets: &[Secret],
        event: &CloudEvent,
        now: Timestamp,
    ) -> AttemptResult {
        let Ok(url) = self.allowed.address(url) else {
            return AttemptResult {
                outcome: AttemptOutcome::TargetNotAllowed,
                status: None,
                asked: None,
                took_ms: 0,
            };
        };
        let started = Instant::now();
        let answer = timeout(self.whole, self.request(url, secrets, event, now).send()).await;
        let took_ms = u32::try_from(started.elapsed().as_millis()).unwrap_or(u32::MAX);
        match answer {
            Err(_) => AttemptResult { outcome: AttemptOutcome::TimedOut, status: None, asked: None, took_ms },
            Ok(Err(error)) => AttemptResult { outcome: failed(&error), status: None, asked: None, took_ms },
            Ok(Ok(response)) => {
                let (status, asked) = (response.status(), asked(&response, now));
                // That the status came is what counts: a body that is long, slow or broken changes nothing.
                timeout(READ_FOR, drain(response)).await.ok();
                AttemptResult {
                    outcome: answered(status, asked),
                    status: Some(status.as_u16()),
                    asked,
                    took_ms,
                }
            }
        }
    }

    fn request(&self, url: Url, secrets: &[Secret], event: &CloudEvent, now: Timestamp) -> RequestBuilder {
        let body = event.bytes();
        self.client
            .post(url)
            .header(CONTENT_TYPE, cloud_event::CONTENT_TYPE)
            .header("webhook-id", event.id().to_string())
            .header("webhook-timestamp", now.as_second())
            .header("webhook-signature", signature(secrets, event.id(), now, &body))
            .body(body)
    }

    fn host(&self, url: &Url) -> Arc<Semaphore> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        // Those whom nobody waits for any more are forgotten.
        if hosts.len() > 1_000 {
            hosts.retain(|_, turns| Arc::strong_count(turns) > 1);
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        Arc::clone(hosts.entry(host).or_insert_with(|| Arc::new(Semaphore::new(AT_ONCE_TO_A_HOST))))
    }
}

/// Reads the little that most receivers say, so that the connection can be used again.
async fn drain(mut response: Response) {
    let mut read = 0;
    while let Ok(Some(piece)) = response.chunk().await {
        read += piece.len();
        if read > READ_AT_MOST {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
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

    /// Where the receiver of these tests listens, and how often its name was looked up.
    static PORT: AtomicU16 = AtomicU16::new(0);
    static LOOKED_UP: AtomicU32 = AtomicU32::new(0);

    /// The name server of somebody who means harm: a public address, which nobody connects to here, when it is asked first, and
    /// our own machine ever after.
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
        assert!(
            looked.found("rebound.example.org").await.is_ok(),
            "it leads outside when it is looked up first"
        );
        let sender = Sender::going(looked, &patient());
        let outcome = sender.send(&url, &[], &event(), Timestamp::UNIX_EPOCH).await.outcome;
        assert_eq!(outcome, AttemptOutcome::TargetNotAllowed, "and inside when it is connected to");
        assert_eq!(
            LOOKED_UP.load(Ordering::SeqCst),
            2,
            "it is looked up once for a connection, and that answer counts"
        );

        // The same name, named by the operator: no name server of the machine knows it, and it is connected to all the same.
        let named = Allowed::looking(vec!["rebound.example.org".to_owned()], rebinding);
        let sender = Sender::going(named, &patient());
        let url = format!("http://rebound.example.org:{port}/in");
        let (message, now) = (event(), Timestamp::UNIX_EPOCH);
        let (sent, ()) = tokio::join!(sender.send(&url, &[], &message, now), accepts_one(&listener));
        assert_eq!(sent.outcome, AttemptOutcome::Delivered);
    }

    #[tokio::test]
    async fn who_waits_for_what_comes_of_one_message_does_not_wait_behind_others_to_its_host() {
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
    async fn an_answer_that_came_in_time_counts_whatever_its_body_does() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/in", listener.local_addr().expect("it listens"));
        let sender = Sender::of(&Settings { webhook_timeout: 1, ..patient() });
        let late = async {
            let (mut connection, _) = listener.accept().await.expect("connected to");
            let mut read = [0; 4_096];
            let _ = connection.read(&mut read).await.expect("a message");
            tokio::time::sleep(Duration::from_millis(800)).await;
            connection.write_all(b"HTTP/1.1 200 x\r\ncontent-length: 9\r\n\r\n").await.expect("answered");
            tokio::time::sleep(Duration::from_secs(1)).await;
        };
        let (message, now) = (event(), Timestamp::UNIX_EPOCH);
        let (sent, ()) = tokio::join!(sender.send(&url, &[], &message, now), late);
        assert_eq!((sent.outcome, sent.status), (AttemptOutcome::Delivered, Some(200)));
    }

    #[tokio::test]
    async fn what_an_address_says_is_not_taken_for_what_came_of_it() {
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
    async fn a_receiver_that_cannot_show_who_it_is_is_told_nothing() {
        let (url, _, heard) = certified_by_itself();
        let sent = Sender::of(&patient()).send(&url, &[], &event(), Timestamp::UNIX_EPOCH).await;
        assert_eq!((sent.outcome, sent.status), (AttemptOutcome::CertificateRefused, None));
        assert_eq!(heard.join().expect("it ended"), b"");
    }

    #[tokio::test]
    async fn a_receiver_is_told_where_the_operator_believes_who_certified_it() {
        let (url, certificate, heard) = certified_by_itself();
        let file = std::env::temp_dir().join(format!("omklap-authorities-{}.pem", std::process::id()));
        std::fs::write(&file, certificate).expect("a temporary file");
        let authorities = Authorities::in_file(&file).expect("a certificate");
        std::fs::remove_file(&file).expect("ours");
        let sender = Sender::of(&Settings { authorities, ..patient() });
        let sent = sender.send(&url, &[], &event(), Timestamp::UNIX_EPOCH).await;
        assert_eq!((sent.outcome, sent.status), (AttemptOutcome::Delivered, Some(204)));
        assert!(heard.join().expect("it ended").starts_with(b"POST /in HTTP/1.1"));
    }

    /// A receiver with a certificate of its own making: its address, the certificate, and what it hears.
    fn certified_by_itself() -> (String, String, JoinHandle<Vec<u8>>) {
        let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).expect("made");
        let key =
            rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
        let shown =
            rustls::ServerConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
                .with_safe_default_protocol_versions()
                .expect("versions")
                .with_no_client_auth()
                .with_single_cert(vec![made.cert.der().clone()], key)
                .expect("its own key");
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("https://127.0.0.1:{}/in", listener.local_addr().expect("it listens").port());
        let heard = std::thread::spawn(move || {
            let connection = rustls::ServerConnection::new(Arc::new(shown)).expect("made");
            let (stream, _) = listener.accept().expect("connected to");
            let mut stream = rustls::StreamOwned::new(connection, stream);
            // Whoever does not believe the certificate ends it here.
            let mut heard = vec![0; 4_096];
            let read = io::Read::read(&mut stream, &mut heard).unwrap_or(0);
            heard.truncate(read);
            io::Write::write_all(&mut stream, b"HTTP/1.1 204 x\r\n\r\n").ok();
            heard
        });
        (url, made.cert.pem(), heard)
    }

    fn patient() -> Settings {
        Settings { webhook_hosts: vec!["127.0.0.1".to_owned()], webhook_timeout: 5, ..Settings::default() }
    }

    fn event() -> CloudEvent {
        CloudEvent::test(Uuid::nil(), Timestamp::UNIX_EPOCH, &Settings::default())
    }
}

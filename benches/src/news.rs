//! How soon a new event reaches a caller that waits at the feed, and a receiver of webhooks, while
//! reports keep coming in.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use omklap::clock::Clock;
use omklap::webhooks::supervisor::deliver;
use omklap::webhooks::{Messaging, Settings};
use omklap_domain::ids::{OrganisationId, TrajectoryId};
use omklap_domain::visibility::{Role, Viewer};
use omklap_store::database::scratch::ScratchDatabase;
use omklap_store::subscriptions::NewSubscription;
use omklap_store::{Ledger, Metadata, OperatorKey, Target};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{interval, sleep};
use uuid::Uuid;

use crate::results::{Figure, result, section};
use crate::timing::spread;
use crate::{case, omklap as bench};

/// The number of reports per second, and how many seconds they last.
const REPORTS_A_SECOND: u64 = 50;
const SECONDS: u64 = 20;

/// When each trajectory was recorded, and when its event arrived.
type Times = Arc<Mutex<HashMap<Uuid, Instant>>>;

/// Reports, follows and receives, and prints how long it took.
pub async fn measure() {
    let database = ScratchDatabase::create().await;
    let ledger = bench::ledger(&database, OperatorKey::of_tests());
    let settings = Settings { webhook_hosts: vec!["127.0.0.1".into()], ..Settings::default() };
    let messaging = Messaging::new(Arc::clone(&ledger), settings);
    let organisation: OrganisationId = "cosis".parse().expect("a code");
    let viewer = Viewer {
        role: Role::CareProvider,
        organisation,
        regions: std::collections::BTreeSet::new(),
        trajectory: None,
    };
    let (recorded, followed, received) = (Times::default(), Times::default(), Times::default());
    let url = receiver(Arc::clone(&received)).await;
    bench::register(&ledger).await;
    subscribe(&ledger, &viewer, url).await;
    let clock = Clock::running();
    let deliveries =
        tokio::spawn(deliver(Arc::clone(&ledger), database.pool().clone(), clock, messaging.clone()));
    tokio::spawn(follow(messaging, viewer, Arc::clone(&followed)));
    sleep(Duration::from_secs(2)).await;
    report(&ledger, &recorded).await;
    sleep(Duration::from_secs(2)).await;
    section(&format!(
        "from recording to arrival, at {REPORTS_A_SECOND} reports a second for {SECONDS} seconds"
    ));
    for (receiver, arrived) in
        [("a caller that waits at the feed", followed), ("a receiver of webhooks", received)]
    {
        result(receiver, &delays(&recorded, &arrived));
    }
    deliveries.abort();
}

async fn subscribe(ledger: &Ledger, viewer: &Viewer, url: String) {
    let clock = Clock::running();
    let new = NewSubscription {
        id: clock.new_id(),
        client: "cosis".parse().expect("a code"),
        viewer: viewer.clone(),
        url,
        types: Vec::new(),
        position: 0,
        created_at: clock.now(),
        metadata: Metadata::new(),
    };
    ledger.subscribe(new, None).await.expect("made");
}

async fn report(ledger: &Arc<Ledger>, recorded: &Times) {
    let mut beat = interval(Duration::from_millis(1_000 / REPORTS_A_SECOND));
    for number in 0..REPORTS_A_SECOND * SECONDS {
        beat.tick().await;
        let (ledger, recorded) = (Arc::clone(ledger), Arc::clone(recorded));
        tokio::spawn(async move {
            let id = Uuid::from_u64_pair(0x0190_0000_0000_7000, 0x8000_0000_0000_0000 | number);
            let report =
                bench::report(Target::New(TrajectoryId(id)), case::before().into_iter().take(1).collect());
            ledger.record(report).await.expect("an admissible case");
            note(&recorded, id);
        });
    }
}

/// As `GET /v1/feed?wait=30s` does.
async fn follow(messaging: Messaging, viewer: Viewer, followed: Times) {
    let (mut waiting, mut after) = (messaging.feed_watch.wait(), 0);
    loop {
        waiting.mark_unchanged();
        let events = messaging.feed.events_after(after, 100).await.expect("readable");
        let seen = messaging.views.seen(&viewer, &events).await.expect("readable");
        for event in &events {
            after = event.position;
            if seen.item(event).is_some() {
                note(&followed, event.subject.id());
            }
        }
        if events.is_empty() && waiting.changed().await.is_err() {
            return;
        }
    }
}

/// A receiver that accepts everything; its address.
async fn receiver(received: Times) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/in", listener.local_addr().expect("it listens"));
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            tokio::spawn(receive(connection, Arc::clone(&received)));
        }
    });
    url
}

async fn receive(mut connection: TcpStream, received: Times) {
    let mut bytes = Vec::new();
    while let Ok(more) = connection.read_buf(&mut bytes).await {
        if more == 0 {
            return;
        }
        // A message ends with its data, and is small.
        if let Some(subject) = subject(&bytes).filter(|_| bytes.ends_with(b"}}")) {
            note(&received, subject);
            bytes.clear();
            connection.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.ok();
        }
    }
}

fn subject(bytes: &[u8]) -> Option<Uuid> {
    let text = std::str::from_utf8(bytes).ok()?;
    text.split_once("\"subject\":\"")?.1.get(..36)?.parse().ok()
}

fn note(times: &Times, id: Uuid) {
    times.lock().expect("nobody panicked").entry(id).or_insert_with(Instant::now);
}

fn delays(recorded: &Times, arrived: &Times) -> [Figure; 4] {
    let (recorded, arrived) =
        (recorded.lock().expect("nobody panicked"), arrived.lock().expect("nobody panicked"));
    let delay = |(id, at): (&Uuid, &Instant)| Some(arrived.get(id)?.saturating_duration_since(*at));
    let delays: Vec<Duration> = recorded.iter().filter_map(delay).collect();
    let (sent, received) =
        (Figure::count("recorded", recorded.len()), Figure::count("arrived", delays.len()));
    let [median, p99] = spread(delays);
    [sent, received, median, p99]
}

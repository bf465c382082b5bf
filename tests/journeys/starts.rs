//! A server starts while its database recovers or beside another server, and the commands in its
//! folder find it.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use omklap_tests::{Process, eventually};

/// The answer of PostgreSQL while it recovers: `FATAL`, `57P03`.
const RECOVERING: &[u8] = b"SFATAL\0VFATAL\0C57P03\0Mthe database system is in recovery mode\0\0";

#[test]
fn a_database_that_recovers_is_waited_for() {
    let ledger = Process::start();
    let recovering = Recovering::refusing(12, port(&ledger));
    let serve = format!(
        "export DATABASE_URL={}
         omklap serve --listen 127.0.0.1:0 > log 2>&1 & server=$!
         until grep -q 'listening on' log; do kill -0 $server || {{ cat log; exit 1; }}; sleep 0.1; done
         kill $server; wait $server; cat log",
        through(&ledger, recovering.address)
    );
    let ran = ledger.shell(&serve);
    let log = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(ran.status.success(), "{log}");
    assert!(log.contains("waiting for the database") && log.contains("is in recovery mode"), "{log}");
    assert!(log.contains("the database is reachable"), "{log}");
    assert!(recovering.refused.load(Ordering::SeqCst) >= 12);
}

#[test]
fn what_was_recorded_last_is_signed_when_the_server_stops() {
    let mut ledger = Process::start_signing_seldom();
    let mut case = ledger.ready();
    let file = ledger.directory().join("data/checkpoints.ndjson");
    let leaves = || -> u64 {
        let kept = std::fs::read_to_string(&file).unwrap_or_default();
        let last = kept.lines().last().and_then(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        last.and_then(|last| last["treeSize"].as_u64()).unwrap_or(0)
    };
    eventually(|| leaves() > 0);
    let before = leaves();
    case.reports("case-discussed");
    assert_eq!(leaves(), before, "the next checkpoint is not due for an hour");
    assert!(ledger.stop(), "it ends well");
    assert!(leaves() > before, "{before} leaves");
}

#[test]
fn waiting_for_a_database_has_an_end_that_says_why() {
    let ledger = Process::start();
    let recovering = Recovering::refusing(u32::MAX, port(&ledger));
    let check = format!(
        "DATABASE_URL={} OMKLAP_DATABASE_WAIT=2 omklap check 2>&1",
        through(&ledger, recovering.address)
    );
    let ran = ledger.shell(&check);
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert_eq!(ran.status.code(), Some(2), "{said}");
    assert!(
        said.contains("was not reachable within 2 seconds") && said.contains("is in recovery mode"),
        "{said}"
    );
}

#[test]
fn one_of_two_servers_that_start_at_once_on_a_new_database_serves() {
    let ledger = Process::start();
    let psql = ledger.programs_of_postgresql().join("psql");
    let lines = format!(
        "{} -qc 'CREATE DATABASE fresh' {}
         for folder in one two; do
             mkdir $folder
             (cd $folder; export OMKLAP_DATA=data DATABASE_URL={}
              omklap serve --listen 127.0.0.1:0 > log 2>&1 & echo $! > pid; wait $! || echo $? > code) &
         done
         for tick in $(seq 600); do
             grep -q 'listening on' one/log two/log && [ -f one/code -o -f two/code ] && break; sleep 0.1
         done
         (grep -l 'listening on' one/log two/log || true) | wc -l
         (grep -h 'is missing' one/log two/log || true) | wc -l
         (ls one/data/operator.key two/data/operator.key 2>/dev/null || true) | wc -l
         (cat one/code two/code 2>/dev/null || true) | tr '\n' ' '
         for folder in one two; do [ -f $folder/code ] || kill $(cat $folder/pid); done; wait",
        psql.display(),
        ledger.database_url("omklap"),
        ledger.database_url("fresh"),
    );
    let ran = ledger.shell(&lines);
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    let words: Vec<_> = said.split_whitespace().collect();
    assert_eq!(words, ["1", "1", "1", "1"], "{said} {}", String::from_utf8_lossy(&ran.stderr));
}

#[test]
fn commands_find_the_server_of_their_folder_and_say_which_it_is() {
    let mut ledger = Process::start();
    let token = || ledger.omklap(&["token", "--client", "matching-point"]);
    let ran = token();
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(ran.status.success(), "{said}");
    assert!(said.contains(&format!("talking to http://{}/ (the server of ", ledger.address())), "{said}");
    assert_eq!(
        String::from_utf8_lossy(&ran.stdout).lines().count(),
        1,
        "only the token is on standard output"
    );
    ledger.kill();
    let said =
        String::from_utf8_lossy(&ledger.omklap(&["token", "--client", "matching-point"]).stderr).into_owned();
    assert!(said.contains("no server of") && said.contains("no server listens"), "{said}");
}

/// A port that first refuses connections like a recovering PostgreSQL, and then relays to a real
/// one.
struct Recovering {
    address: SocketAddr,
    refused: Arc<AtomicU32>,
}

impl Recovering {
    fn refusing(times: u32, port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let (address, refused) = (listener.local_addr().expect("it listens"), Arc::<AtomicU32>::default());
        let count = Arc::clone(&refused);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if count.fetch_add(1, Ordering::SeqCst) < times {
                    refuse(client);
                } else {
                    let server = TcpStream::connect(("127.0.0.1", port)).expect("PostgreSQL listens");
                    relay(&client, &server);
                    relay(&server, &client);
                }
            }
        });
        Self { address, refused }
    }
}

fn refuse(mut client: TcpStream) {
    let mut startup = [0; 1_024];
    if client.read(&mut startup).unwrap_or(0) == 0 {
        return;
    }
    let length = u32::try_from(RECOVERING.len() + 4).expect("short");
    let answer = [b"E", &length.to_be_bytes()[..], RECOVERING].concat();
    client.write_all(&answer).ok();
}

fn relay(from: &TcpStream, to: &TcpStream) {
    let (mut from, mut to) = (from.try_clone().expect("cloned"), to.try_clone().expect("cloned"));
    thread::spawn(move || {
        std::io::copy(&mut from, &mut to).ok();
        to.shutdown(Shutdown::Write).ok();
    });
}

fn port(ledger: &Process) -> u16 {
    let url = ledger.database_url("omklap");
    let port = url.rsplit(':').next().and_then(|rest| rest.split('/').next());
    port.and_then(|port| port.parse().ok()).expect("a port")
}

/// The URL of this ledger's database through another port, without TLS, which the relay does not
/// speak.
fn through(ledger: &Process, address: SocketAddr) -> String {
    let url = ledger.database_url("omklap");
    let at = format!("127.0.0.1:{}", port(ledger));
    format!("{}?sslmode=disable", url.replace(&at, &address.to_string()))
}

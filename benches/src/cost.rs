//! The cost of a report with and without its read models: the same report through a ledger with
//! agreement sets, and through one that derives nothing.

use std::sync::Arc;

use omklap_domain::agreements::AgreementSets;
use omklap_domain::trajectory::Fact;
use omklap_store::database::scratch::ScratchDatabase;
use omklap_store::{Ledger, OperatorKey, Seen, Target};

use crate::rate::{self, EACH, Rate};
use crate::results::{Figure, result, section};
use crate::{case, omklap};

/// How many report at the same time.
const CLIENTS: usize = 8;
/// How often each is measured.
const TURNS: u32 = 4;

/// Measures a report that changes no row, and one that opens obligations.
pub async fn measure() {
    section("what read models add to a report");
    for (what, fact) in reports() {
        let [without, with] = of(fact).await;
        result(&format!("{what}, without read models"), &[Figure::reports_per_second(without.0)]);
        result(
            &format!("{what}, compared with the same without read models"),
            &[Figure::reports_per_second(with.0), Figure::times_the_cost(without.0 / with.0)],
        );
    }
}

/// A fact that changes no row, and one that opens an obligation.
fn reports() -> [(&'static str, Fact); 2] {
    let signal = serde_json::json!({
        "type": "signal-reported", "occurredOn": "2026-10-01", "signalId": "0b8ca77c-0000-4000-8000-4930b7354a1d",
        "source": "corporation", "kind": "rent", "asked": "care-provider", "asksForGuidance": true, "observation": "Huur gemist.",
    });
    [
        ("a report that changes no row", case::reported()),
        ("a report that opens obligations", serde_json::from_value(signal).expect("a fact")),
    ]
}

/// The rates without and with read models, each on new databases.
async fn of(fact: Fact) -> [Rate; 2] {
    let mut rates = [Rate(0.0); 2];
    // They alternate, so that other load on the machine affects both.
    for with in [false, true].repeat(TURNS as usize) {
        let database = ScratchDatabase::create().await;
        let file = std::env::temp_dir().join(format!("omklap-bench-{}.key", std::process::id()));
        let key = || OperatorKey::from_file(&file).expect("a temporary file");
        let opening = omklap::ledger(&database, key());
        omklap::open(&opening, CLIENTS, EACH / CLIENTS).await;
        let sets = Arc::new(AgreementSets::shipped());
        let ledger = Ledger::new(database.pool().clone(), key(), sets);
        let ledger = Arc::new(if with { ledger } else { ledger.deriving_nothing() });
        rates[usize::from(with)].0 += reporting(&ledger, &fact).await.0 / f64::from(TURNS);
    }
    rates
}

async fn reporting(ledger: &Arc<Ledger>, fact: &Fact) -> Rate {
    rate::of(CLIENTS, |client| {
        let (ledger, fact) = (Arc::clone(ledger), fact.clone());
        move |number| {
            let (ledger, fact) = (Arc::clone(&ledger), fact.clone());
            async move {
                let seen = Seen::Any;
                let target =
                    Target::Existing { id: case::trajectory(client, number % (EACH / CLIENTS)), seen };
                ledger.record(omklap::report(target, vec![fact])).await.expect("recorded");
            }
        }
    })
    .await
}

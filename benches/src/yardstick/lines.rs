//! Lines of the access log, each with a commit of its own and together with those that wait.

use std::sync::Arc;

use ::omklap::clock::Clock;
use omklap_store::access_log::{self, Accessor, Action, Line, Trace};
use uuid::Uuid;

use super::omklap_does::InProcess;
use super::{Operation, System, Work};
use crate::case;

pub const ALONE: &str = "a line of the access log, each alone";
pub const TOGETHER: &str = "a line of the access log, those that wait together";

/// Both ways, in one database.
pub fn of_the_access_log(ledger: &InProcess) -> [System; 2] {
    let (one_by_one, together) = (ledger.clone(), ledger.clone());
    let alone = Box::new(move |number| {
        let database = Arc::clone(&one_by_one.database);
        Box::pin(async move {
            access_log::write(database.pool(), &[line(number)]).await.expect("written");
        }) as Operation
    });
    let together = Box::new(move |number| {
        let ledger = Arc::clone(&together.ledger);
        Box::pin(async move { ledger.log_access(&[line(number)]).await.expect("written") }) as Operation
    });
    [
        System { name: ALONE, work: Work::Ours { operation: alone, server: None } },
        System { name: TOGETHER, work: Work::Ours { operation: together, server: None } },
    ]
}

/// What a guide's look at a case leaves.
fn line(number: usize) -> Line {
    let by = Accessor {
        actor: "k-12".to_owned(),
        organisation: "cosis".to_owned(),
        role: "guide".to_owned(),
        purpose: "care".to_owned(),
        client: "cosis".to_owned(),
        trace: Trace::begun_by(Uuid::nil()),
    };
    Line::new(by, Action::Read, Clock::running().now(), vec![case::trajectory(0, number)])
        .of(["course", "agreements"])
}

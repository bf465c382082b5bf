//! Counts reports for a while.

use std::future::Future;
use std::time::{Duration, Instant};

/// Reports per second.
#[derive(Clone, Copy, Debug)]
pub struct Rate(pub f64);

/// How long each system reports.
pub const FOR: Duration = Duration::from_secs(8);

/// How many trajectories are opened for all reporters together, so that every report is made on a
/// stream of the same length. A reporter that reaches the end of its share stops, and the rate is
/// counted up to there.
pub const EACH: usize = 6_000;

/// Runs `clients` reporters concurrently, each through its own numbers from 0, until the time is
/// over.
pub async fn of<Reporter, Report>(clients: usize, reporter: impl Fn(usize) -> Reporter) -> Rate
where
    Reporter: FnMut(usize) -> Report + Send + 'static,
    Report: Future<Output = ()> + Send,
{
    let started = Instant::now();
    let working: Vec<_> = (0..clients)
        .map(|client| {
            let mut report = reporter(client);
            tokio::spawn(async move {
                let mut done = 0_u32;
                for number in 0..EACH / clients {
                    if started.elapsed() > FOR {
                        break;
                    }
                    report(number).await;
                    done += 1;
                }
                done
            })
        })
        .collect();
    let mut done = 0;
    for reporter in working {
        done += reporter.await.expect("a reporter does not panic");
    }
    Rate(f64::from(done) / started.elapsed().as_secs_f64())
}

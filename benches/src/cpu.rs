//! CPU time of processes, as Linux counts it, and how long the disk takes.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use omklap_store::database::scratch::ScratchDatabase;
use tokio::sync::OnceCell;

/// A process by its number; none has used no time.
#[derive(Clone, Copy, Debug)]
pub struct Process(Option<u32>);

impl Process {
    /// With this number.
    pub fn numbered(id: u32) -> Self {
        Self(Some(id))
    }

    /// This one.
    pub fn own() -> Self {
        Self(Some(std::process::id()))
    }

    /// None.
    pub fn none() -> Self {
        Self(None)
    }

    /// The CPU time that it used so far.
    pub fn cpu_time(self) -> Duration {
        self.0.map_or(Duration::ZERO, |id| used(&stat(id).expect("the process runs"), 11, 2))
    }
}

/// The CPU time of PostgreSQL and all its backends so far, also of those that have ended.
async fn cpu_time_of_postgres() -> Duration {
    let server = *POSTGRES.get_or_init(postgres).await;
    let own_and_ended = || used(&stat(server).expect("PostgreSQL runs"), 11, 4);
    loop {
        let before = own_and_ended();
        let backends = processes().filter_map(stat).filter(|stat| field(stat, 1) == u64::from(server));
        let running = backends.map(|stat| used(&stat, 11, 2)).sum::<Duration>();
        // A backend that ended meanwhile would be counted twice, or not at all.
        if own_and_ended() == before {
            return before + running;
        }
    }
}

/// What was used while something was done.
#[derive(Clone, Copy, Debug)]
pub struct Used {
    /// By PostgreSQL.
    pub postgres: Duration,
    /// By a process beside it.
    pub process: Duration,
}

impl Used {
    /// While this work was done, which it returns as well.
    pub async fn during<T>(process: Process, work: impl Future<Output = T>) -> (T, Self) {
        let before = (cpu_time_of_postgres().await, process.cpu_time());
        let done = work.await;
        let postgres = cpu_time_of_postgres().await.saturating_sub(before.0);
        (done, Self { postgres, process: process.cpu_time().saturating_sub(before.1) })
    }
}

/// The process of PostgreSQL itself.
static POSTGRES: OnceCell<u32> = OnceCell::const_new();

async fn postgres() -> u32 {
    let database = ScratchDatabase::create().await;
    let mut owner = database.as_owner().await;
    let backend: i32 =
        sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut owner).await.expect("a number");
    let stat = stat(u32::try_from(backend).expect("positive")).expect("PostgreSQL runs on this machine");
    u32::try_from(field(&stat, 1)).expect("the number of a process")
}

fn processes() -> impl Iterator<Item = u32> {
    let names = fs::read_dir("/proc").expect("this is Linux").flatten();
    names.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// The fields behind the name of a process, from its state on (proc(5)); none if it has ended.
fn stat(id: u32) -> Option<Vec<String>> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, behind_the_name) = stat.rsplit_once(')')?;
    Some(behind_the_name.split_whitespace().map(str::to_owned).collect())
}

fn field(stat: &[String], index: usize) -> u64 {
    stat[index].parse().expect("a number")
}

/// The sum of some fields that count hundredths of a second.
fn used(stat: &[String], first: usize, how_many: usize) -> Duration {
    Duration::from_millis(10 * (first..first + how_many).map(|index| field(stat, index)).sum::<u64>())
}

/// How long a page takes to be on the disk: the median of twenty.
pub fn write_to_disk() -> Duration {
    let path: PathBuf = std::env::temp_dir().join(format!("omklap-bench-{}.page", std::process::id()));
    let mut file = fs::File::create(&path).expect("a temporary file");
    let took = (0..20).map(|_| {
        let started = Instant::now();
        file.write_all(&[7; 8192]).and_then(|()| file.sync_data()).expect("written");
        started.elapsed()
    });
    let took = crate::timing::median(took.collect());
    fs::remove_file(path).expect("it was written above");
    took
}

//! What the connector keeps: its place in the feed, and of each message the ids on both sides and how it was
//! settled last. No message is kept, only its digest.
//!
//! A file to which a line is added before anything else is sent, and on which no second connector can work.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::clock::Clock;

/// The file of one connector.
#[derive(Debug)]
pub(super) struct Kept {
    file: File,
    rows: BTreeMap<Key, Row>,
    feed: Option<String>,
    /// The id of this file, so that a connector whose file was lost sends under other numbers than before.
    made: Uuid,
    // Held until the connector ends.
    _lock: File,
}

/// What a message is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Key {
    /// The list, such as `aanbiedingen`.
    pub(super) list: String,
    /// Its id in the ledger; of what is read from the corporation's server, its key there.
    pub(super) key: String,
}

/// How the last message about it was settled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Row {
    /// Its id on the corporation's server, once that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    /// The SHA-256 of the message; none if it has to be sent again, whatever it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) digest: Option<String>,
    /// How often a message about it was settled before.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) turn: u64,
    /// Why it was refused: it is parked until the message changes, or somebody says that it is sent again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refused: Option<Refused>,
}

/// Why a message was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Refused {
    /// The status of the answer.
    pub(super) status: u16,
    /// The code of its `Foutbericht`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) code: Option<String>,
    /// What is wrong, a line each, if the ledger refused it: its words repeat no value of a message. What
    /// another server writes may name people, so it is not kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) faults: Vec<String>,
}

/// A line of the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Line {
    Message {
        #[serde(flatten)]
        key: Key,
        #[serde(flatten)]
        row: Row,
    },
    Made {
        made: Uuid,
    },
    Feed {
        feed: Option<String>,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(turn: &u64) -> bool {
    *turn == 0
}

impl Key {
    pub(super) fn of(list: &str, key: &str) -> Self {
        Self { list: list.to_owned(), key: key.to_owned() }
    }
}

impl Row {
    /// A message that was accepted.
    pub(super) fn accepted(id: Option<String>, digest: String) -> Self {
        Self { id, digest: Some(digest), ..Self::default() }
    }
}

impl Kept {
    /// What is in the file of this folder, which is made if it is not there.
    ///
    /// # Errors
    /// If it cannot be read or written, or another connector works on it.
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let lock = locked(&folder.join("vera-connector.lock"))?;
        let path = folder.join("vera-connector.ndjson");
        let (rows, feed, made) = read(&path)?;
        let made = made.unwrap_or_else(|| Clock::running().new_id());
        let file = written_anew(&path, &rows, (feed.clone(), made))?;
        Ok(Self { file, rows, feed, made, _lock: lock })
    }

    pub(super) fn feed(&self) -> Option<&str> {
        self.feed.as_deref()
    }

    pub(super) fn row(&self, key: &Key) -> Option<&Row> {
        self.rows.get(key)
    }

    /// Its id on the corporation's server.
    pub(super) fn id(&self, list: &str, key: &str) -> Option<String> {
        self.rows.get(&Key::of(list, key))?.id.clone()
    }

    /// Every message of a list.
    pub(super) fn of_list<'k>(&'k self, list: &'k str) -> impl Iterator<Item = (&'k Key, &'k Row)> {
        self.rows.iter().filter(move |(key, _)| key.list == list)
    }

    /// The messages that are parked.
    pub(super) fn parked(&self) -> impl Iterator<Item = (&Key, &Refused)> {
        self.rows.iter().filter_map(|(key, row)| Some((key, row.refused.as_ref()?)))
    }

    /// The number of a message: the same when it is repeated after a crash, and another when the same message
    /// comes again after a different one, or is sent in another way.
    pub(super) fn number(&self, key: &Key, method: &str, digest: &str) -> String {
        let turn = self.row(key).map_or(0, |row| row.turn).to_string();
        digest_of([&self.made.to_string(), &key.list, &key.key, &turn, method, digest])
    }

    /// Keeps how a message was settled.
    pub(super) fn settle(&mut self, key: Key, row: Row) -> io::Result<()> {
        let row = Row { turn: self.row(&key).map_or(0, |before| before.turn) + 1, ..row };
        append(&mut self.file, &Line::Message { key: key.clone(), row: row.clone() })?;
        self.rows.insert(key, row);
        Ok(())
    }

    /// Keeps the place in the feed.
    pub(super) fn follow(&mut self, feed: Option<String>) -> io::Result<()> {
        if self.feed == feed {
            return Ok(());
        }
        append(&mut self.file, &Line::Feed { feed: feed.clone() })?;
        self.feed = feed;
        Ok(())
    }

    /// Lets everything of these lists be compared and sent again, as if the other side did not have it.
    pub(super) fn forget(&mut self, lists: &[&str]) -> io::Result<()> {
        let of_them = self.rows.keys().filter(|key| lists.contains(&key.list.as_str()));
        for key in of_them.cloned().collect::<Vec<_>>() {
            self.settle(key, Row::default())?;
        }
        Ok(())
    }

    /// Lets what is parked be sent again.
    pub(super) fn unpark(&mut self) -> io::Result<()> {
        let parked: Vec<Key> = self.parked().map(|(key, _)| key.clone()).collect();
        for key in parked {
            let id = self.id(&key.list, &key.key);
            self.settle(key, Row { id, ..Row::default() })?;
        }
        Ok(())
    }
}

pub(super) fn digest_of<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(text);
        hash.update([0]);
    }
    hex::encode(hash.finalize())
}

fn locked(path: &Path) -> io::Result<File> {
    let lock = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => {
            Err(io::Error::other(format!("another connector works on {}", path.display())))
        }
        Err(TryLockError::Error(error)) => Err(error),
    }
}

type Read = (BTreeMap<Key, Row>, Option<String>, Option<Uuid>);

/// A last line that was cut off says nothing yet: what it was about is settled again.
fn read(path: &Path) -> io::Result<Read> {
    let (mut rows, mut feed, mut made) = (BTreeMap::new(), None, None);
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        text => text?,
    };
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    for line in whole.lines() {
        match serde_json::from_str(line)? {
            Line::Made { made: id } => made = Some(id),
            Line::Feed { feed: next } => feed = next,
            Line::Message { key, row } => drop(rows.insert(key, row)),
        }
    }
    Ok((rows, feed, made))
}

/// The file as short as it can be, replaced as a whole.
fn written_anew(
    path: &Path,
    rows: &BTreeMap<Key, Row>,
    (feed, made): (Option<String>, Uuid),
) -> io::Result<File> {
    let draft: PathBuf = path.with_extension("draft");
    let mut text = Vec::new();
    add(&mut text, &Line::Made { made })?;
    for (key, row) in rows {
        add(&mut text, &Line::Message { key: key.clone(), row: row.clone() })?;
    }
    add(&mut text, &Line::Feed { feed })?;
    let mut file = File::create(&draft)?;
    file.write_all(&text)?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(file)
}

fn append(file: &mut File, line: &Line) -> io::Result<()> {
    let mut text = Vec::new();
    add(&mut text, line)?;
    file.write_all(&text)?;
    file.sync_data()
}

fn add(text: &mut Vec<u8>, line: &Line) -> io::Result<()> {
    serde_json::to_writer(&mut *text, line)?;
    text.push(b'\n');
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_settled_is_there_after_a_crash_and_a_line_that_was_cut_off_is_not() {
        let folder = folder();
        let key = Key::of("aanbiedingen", "a.b");
        let row = Row::accepted(Some("7".to_owned()), "d1".to_owned());
        let mut kept = Kept::open(&folder).expect("a new file");
        kept.settle(key.clone(), row.clone()).expect("written");
        kept.follow(Some("place".to_owned())).expect("written");
        drop(kept);
        let path = folder.join("vera-connector.ndjson");
        let mut torn = OpenOptions::new().append(true).open(&path).expect("it is there");
        torn.write_all(br#"{"list":"toewijzingen","key":"c"#).expect("written");
        let kept = Kept::open(&folder).expect("readable");
        assert_eq!((kept.row(&key), kept.feed()), (Some(&Row { turn: 1, ..row }), Some("place")));
        assert_eq!(kept.rows.len(), 1);
        fs::remove_dir_all(folder).expect("ours");
    }

    #[test]
    fn a_message_that_comes_back_after_another_has_a_number_of_its_own_each_time() {
        let folder = folder();
        let key = Key::of("publicaties", "a");
        let mut kept = Kept::open(&folder).expect("a new file");
        let mut numbers = BTreeMap::new();
        for digest in ["a", "b", "a", "b"] {
            let number = kept.number(&key, "PUT", digest);
            assert_eq!(kept.number(&key, "PUT", digest), number, "a repetition before it is settled");
            assert_ne!(kept.number(&key, "POST", digest), number);
            numbers.insert(number, digest);
            kept.settle(key.clone(), Row::accepted(None, digest.to_owned())).expect("written");
        }
        assert_eq!(numbers.len(), 4);
        let before = kept.number(&key, "PUT", "a");
        drop(kept);
        assert_eq!(Kept::open(&folder).expect("readable").number(&key, "PUT", "a"), before);
        fs::remove_file(folder.join("vera-connector.ndjson")).expect("it is there");
        assert_ne!(Kept::open(&folder).expect("a new file").number(&key, "PUT", "a"), before);
        fs::remove_dir_all(folder).expect("ours");
    }

    #[test]
    fn what_is_forgotten_is_compared_again_under_another_number() {
        let folder = folder();
        let (taken, brought) = (Key::of("publicaties", "a"), Key::of("aanbiedingen", "b"));
        let mut kept = Kept::open(&folder).expect("a new file");
        for key in [&taken, &brought] {
            kept.settle(key.clone(), Row::accepted(Some("7".to_owned()), "d".to_owned())).expect("written");
        }
        let before = kept.number(&taken, "POST", "d");
        kept.forget(&["publicaties"]).expect("written");
        assert_eq!(kept.row(&taken), Some(&Row { turn: 2, ..Row::default() }));
        assert_ne!(kept.number(&taken, "POST", "d"), before);
        assert_eq!(kept.id("aanbiedingen", "b").as_deref(), Some("7"), "another list stays");
        fs::remove_dir_all(folder).expect("ours");
    }

    #[test]
    fn two_connectors_do_not_work_on_one_file() {
        let folder = folder();
        let first = Kept::open(&folder).expect("a new file");
        assert!(Kept::open(&folder).is_err());
        drop(first);
        Kept::open(&folder).expect("the first has ended");
        fs::remove_dir_all(folder).expect("ours");
    }

    #[test]
    fn what_is_parked_is_sent_again_when_somebody_says_so() {
        let folder = folder();
        let key = Key::of("kandidaten", "a.b");
        let refused = Refused { status: 422, code: None, faults: Vec::new() };
        let row = Row { refused: Some(refused), ..Row::accepted(Some("7".to_owned()), "d1".to_owned()) };
        let mut kept = Kept::open(&folder).expect("a new file");
        kept.settle(key.clone(), row).expect("written");
        assert_eq!(kept.parked().count(), 1);
        kept.unpark().expect("written");
        assert_eq!(kept.parked().count(), 0);
        assert_eq!(kept.row(&key), Some(&Row { id: Some("7".to_owned()), turn: 2, ..Row::default() }));
        fs::remove_dir_all(folder).expect("ours");
    }

    fn folder() -> PathBuf {
        std::env::temp_dir().join(format!("omklap-connector-{}", Clock::running().new_id()))
    }
}

//! The witness that partners are for each other: it remembers the last tree of each ledger, and
//! cosigns only what continues it (C2SP tlog-witness).

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use actix_web::dev::Server;
use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Bytes, Data, PayloadConfig};
use actix_web::{App, HttpResponse, HttpServer, post};
use omklap_store::tree::{AddCheckpoint, CosigningKey, NotCosigned, SeenTree, WitnessedLog};
use serde::{Deserialize, Serialize};

use crate::clock::Clock;

/// How long a request may be: 63 hashes and a checkpoint with the signatures of many.
const LONGEST: usize = 65_536;

/// A witness with what it has seen.
#[derive(Debug)]
pub struct WitnessService {
    key: CosigningKey,
    logs: Vec<WitnessedLog>,
    seen: Mutex<SeenTrees>,
    clock: Clock,
}

/// The last tree of each ledger, in a file. A witness that lost it could cosign a second history.
#[derive(Debug)]
struct SeenTrees {
    file: PathBuf,
    trees: BTreeMap<String, StoredTree>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StoredTree {
    tree_size: u64,
    root: String,
}

impl WitnessService {
    /// The witness whose key and file are in this folder. If a name is given and the folder has no
    /// key, both are made.
    ///
    /// # Errors
    /// If the folder cannot be read or made, or has a key without the file of what it has seen.
    pub fn open(
        folder: &Path,
        name: Option<&str>,
        logs: Vec<WitnessedLog>,
        clock: Clock,
    ) -> io::Result<Self> {
        let (key_file, file) = (folder.join("witness.key"), folder.join("witnessed.json"));
        if key_file.exists() && !file.exists() {
            return Err(io::Error::other(format!(
                "{} is missing: without it this witness could cosign a second history. Restore it, or begin a new witness under another name",
                file.display()
            )));
        }
        let mut seen = SeenTrees { trees: BTreeMap::new(), file };
        if seen.file.exists() {
            seen.trees = serde_json::from_slice(&fs::read(&seen.file)?)?;
        } else {
            if name.is_none() {
                return Err(io::Error::other("a new witness needs a --name, such as witness.example.org/1"));
            }
            fs::create_dir_all(folder)?;
            seen.write()?;
        }
        let key = CosigningKey::from_file(&key_file, name)?;
        Ok(Self { key, logs, seen: Mutex::new(seen), clock })
    }

    /// The public key, as those who rely on this witness are given it.
    #[must_use]
    pub fn public_key(&self) -> &str {
        self.key.public()
    }

    /// Answers at this address while the server is awaited.
    ///
    /// # Errors
    /// If the address cannot be listened on.
    pub fn serve(self, on: SocketAddr) -> io::Result<(SocketAddr, Server)> {
        let listener = TcpListener::bind(on)?;
        let address = listener.local_addr()?;
        let service = Data::new(self);
        let app = move || {
            App::new().app_data(service.clone()).app_data(PayloadConfig::new(LONGEST)).service(add_checkpoint)
        };
        Ok((address, HttpServer::new(app).workers(1).disable_signals().listen(listener)?.run()))
    }

    /// The line of a cosignature. What was seen is in the file before it leaves.
    fn cosign(&self, body: &str) -> Result<String, Refused> {
        let request = AddCheckpoint::read(body)?;
        let log = self.logs.iter().find(|log| log.origin() == request.origin());
        let log = log.ok_or(NotCosigned::UnknownLog)?;
        let now = u64::try_from(self.clock.now().as_second()).unwrap_or(0);
        // One request at a time, so that two histories cannot pass each other.
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let last = seen.trees.get(log.origin()).map(StoredTree::read).transpose()?;
        let (tree, line) = log.cosign(last, &request, &self.key, now)?;
        if last != Some(tree) {
            let before = seen.trees.clone();
            let stored = StoredTree { tree_size: tree.tree_size, root: hex::encode(tree.root) };
            seen.trees.insert(log.origin().to_owned(), stored);
            if let Err(error) = seen.write() {
                seen.trees = before;
                return Err(error.into());
            }
        }
        Ok(line)
    }
}

impl SeenTrees {
    /// Replaces the file as a whole.
    fn write(&self) -> io::Result<()> {
        let draft = self.file.with_extension("draft");
        let mut file = File::create(&draft)?;
        file.write_all(&serde_json::to_vec_pretty(&self.trees)?)?;
        file.sync_all()?;
        fs::rename(&draft, &self.file)?;
        let folder = self.file.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }
}

impl StoredTree {
    fn read(&self) -> io::Result<SeenTree> {
        let mut root = [0; 32];
        hex::decode_to_slice(&self.root, &mut root).map_err(io::Error::other)?;
        Ok(SeenTree { tree_size: self.tree_size, root })
    }
}

/// Why there is no cosignature.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error(transparent)]
    Rule(#[from] NotCosigned),
    #[error(transparent)]
    File(#[from] io::Error),
}

#[post("/add-checkpoint")]
async fn add_checkpoint(service: Data<WitnessService>, body: Bytes) -> HttpResponse {
    let cosigned = std::str::from_utf8(&body).map_err(|_| Refused::from(NotCosigned::Malformed));
    match cosigned.and_then(|body| service.cosign(body)) {
        Ok(line) => text(StatusCode::OK, line),
        Err(Refused::Rule(NotCosigned::SeenAnother(size))) => HttpResponse::Conflict()
            .insert_header((CONTENT_TYPE, "text/x.tlog.size"))
            .body(format!("{size}\n")),
        Err(Refused::Rule(rule)) => {
            tracing::warn!("not cosigned: {rule}");
            text(status_of(rule), format!("{rule}\n"))
        }
        Err(Refused::File(error)) => {
            tracing::error!("not cosigned: {error}");
            text(StatusCode::SERVICE_UNAVAILABLE, "what was seen cannot be stored\n".to_owned())
        }
    }
}

fn status_of(rule: NotCosigned) -> StatusCode {
    match rule {
        NotCosigned::Malformed => StatusCode::BAD_REQUEST,
        NotCosigned::NotSigned => StatusCode::FORBIDDEN,
        NotCosigned::UnknownLog => StatusCode::NOT_FOUND,
        NotCosigned::SeenAnother(_) => StatusCode::CONFLICT,
        NotCosigned::NotConsistent => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

fn text(status: StatusCode, body: String) -> HttpResponse {
    HttpResponse::build(status).insert_header((CONTENT_TYPE, "text/plain; charset=utf-8")).body(body)
}

//! One round of the connector: what the corporation's server has for the ledger, and then what the ledger
//! has for that server.

use std::collections::BTreeSet;
use std::io;
use std::time::Duration;

use omklap_domain::day::Day;
use omklap_domain::ids::OrganisationId;
use omklap_vera::{NOTICES, PUBLICATIONS};
use reqwest::StatusCode;
use serde_json::Value;
use thiserror::Error;
use uuid::Uuid;

use super::kept::{Kept, Key, Refused, Row, digest_of};
use super::vera_server::{Answer, Target, Unusable, VeraServer};
use crate::cli::remote::{LedgerClient, Refusal};

/// After how many answers of "later", one after another, a round is given up: the server is not well.
const MOST_LATER: usize = 5;

/// The two sides, and what is kept between rounds.
pub(super) struct Connector {
    pub(super) ledger: LedgerClient,
    pub(super) facade: VeraServer,
    /// The corporation's server of *woonruimteverdeling*.
    pub(super) allocation: VeraServer,
    /// Its server of *overeenkomsten*; none if notices are not read.
    pub(super) agreements: Option<VeraServer>,
    pub(super) corporation: OrganisationId,
    pub(super) kept: Kept,
    /// The day on which the ledger was read last, and its open vacancies then; none before the first time.
    pub(super) read_at: Option<(Day, BTreeSet<Uuid>)>,
    /// The digests of the notices that were about no lease of the ledger when it was read last. Not kept in the
    /// file: whom the corporation gives notice is none of the ledger's business.
    pub(super) foreign: BTreeSet<String>,
}

/// What a round came to.
#[derive(Debug, Default)]
pub(super) struct Round {
    /// The messages that were accepted, from the corporation and to it.
    pub(super) taken: usize,
    pub(super) brought: usize,
    /// The messages that were refused, and are parked.
    pub(super) parked: usize,
    /// The messages to which a server answered that it may take them later.
    pub(super) later: BTreeSet<Key>,
    /// How many answers of "later" came since one that was not.
    pub(super) later_in_a_row: usize,
    /// The longest pause that a server asked for.
    pub(super) pause: Option<Duration>,
}

/// Why a round was given up. The next one continues.
#[derive(Debug, Error)]
pub(super) enum GivenUp {
    #[error(transparent)]
    Server(#[from] Unusable),
    #[error("{0}")]
    Ledger(#[from] Refusal),
    #[error("what is kept cannot be written: {0}")]
    Kept(#[from] io::Error),
    #[error("the server refuses for now ({0})")]
    NotWell(StatusCode),
}

/// How the sending of a message ended.
pub(super) enum Sent {
    /// It was accepted, with the id that the server gave.
    Accepted(Option<String>),
    /// It was refused.
    Refused(StatusCode, Value),
    /// It has to be sent again.
    Later,
}

impl Connector {
    /// Waits at most so many seconds for something to happen in the ledger, and brings both sides up to date.
    ///
    /// # Errors
    /// If one of them cannot be used now.
    pub(super) async fn round(&mut self, today: Day, seconds: u64) -> Result<Round, GivenUp> {
        let (news, place) = self.follow(seconds).await?;
        let mut round = Round::default();
        if news {
            // There may be a lease now that was not there before.
            self.foreign.clear();
        }
        self.take(today, &mut round).await?;
        // The other server may be well.
        round.later_in_a_row = 0;
        let open: BTreeSet<Uuid> = self.ledger.open_vacancies().await?.into_iter().collect();
        let now = Some((today, open.clone()));
        if news || self.read_at != now {
            self.bring(&open, &mut round).await?;
        }
        if round.later.is_empty() {
            self.kept.follow(place)?;
            self.read_at = now;
        } else {
            self.read_at = None;
        }
        Ok(round)
    }

    /// Whether something happened since the last round, and the place until which it was read.
    async fn follow(&mut self, seconds: u64) -> Result<(bool, Option<String>), GivenUp> {
        let (mut news, mut place) = (false, self.kept.feed().map(str::to_owned));
        let mut seconds = seconds;
        loop {
            let page = match self.ledger.feed(place.as_deref(), seconds).await {
                // The ledger was restored from a backup: everything is compared again.
                Err(Refusal::Problem(problem)) if place.is_some() && is_lost(&problem) => {
                    self.kept.forget(&[PUBLICATIONS, NOTICES])?;
                    place = None;
                    continue;
                }
                page => page?,
            };
            news |= page.has_news();
            place = Some(page.next);
            seconds = 0;
            if !page.more {
                return Ok((news, place));
            }
        }
    }

    /// Sends a message unless it was settled before, under a number that is the same if it is repeated after
    /// a crash, and another if the same message comes again after a different one.
    pub(super) async fn send(
        &self,
        (key, digest): (&Key, &str),
        (server, target): (&VeraServer, &Target),
        message: &Value,
        round: &mut Round,
    ) -> Result<Sent, GivenUp> {
        let number = self.kept.number(key, target.method(), digest);
        let sent = match server.send(target, &number, message).await? {
            Answer::Accepted(id) => Sent::Accepted(id),
            Answer::Refused(status, body) => Sent::Refused(status, body),
            Answer::Later(status, pause) => {
                round.later.insert(key.clone());
                round.pause = round.pause.max(pause);
                round.later_in_a_row += 1;
                if round.later_in_a_row >= MOST_LATER {
                    return Err(GivenUp::NotWell(status));
                }
                return Ok(Sent::Later);
            }
        };
        round.later_in_a_row = 0;
        Ok(sent)
    }

    /// Whether this message about it was accepted or refused before.
    pub(super) fn is_settled(&self, key: &Key, digest: &str) -> bool {
        self.kept.row(key).is_some_and(|row| row.digest.as_deref() == Some(digest))
    }

    /// Parks a message until it changes.
    pub(super) fn park(
        &mut self,
        (key, digest): (Key, String),
        refused: Refused,
        round: &mut Round,
    ) -> io::Result<()> {
        tracing::warn!(list = %key.list, status = refused.status, code = refused.code, "a message is parked");
        round.parked += 1;
        let id = self.kept.id(&key.list, &key.key);
        self.kept.settle(key, Row { refused: Some(refused), ..Row::accepted(id, digest) })
    }
}

fn is_lost(problem: &crate::cli::remote::Problem) -> bool {
    let codes = ["cursor-of-another-ledger", "not-a-cursor", "cursor-of-another"];
    problem.errors.iter().any(|error| codes.contains(&error.code.as_str()))
}

/// The digest of a message, whatever the order of its fields.
pub(super) fn digest(message: &Value) -> String {
    digest_of([serde_json_canonicalizer::to_string(message).unwrap_or_default().as_str()])
}

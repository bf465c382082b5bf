//! From the ledger to the corporation's server: candidates, offers and allocations.

use std::collections::BTreeSet;

use omklap_vera::{CaseKey, Outgoing, OutgoingKind};
use reqwest::StatusCode;
use serde_json::Value;
use uuid::Uuid;

use super::connector::{Connector, GivenUp, Round, Sent, digest};
use super::kept::{Key, Refused, Row};
use super::vera_server::Target;

impl Connector {
    /// Writes what the corporation's server does not have, or has otherwise.
    pub(super) async fn bring(&mut self, open: &BTreeSet<Uuid>, round: &mut Round) -> Result<(), GivenUp> {
        for kind in OutgoingKind::ALL {
            for message in self.written(kind, open).await? {
                self.bring_one(kind, &message, round).await?;
            }
        }
        Ok(())
    }

    /// The messages of a kind, as the ledger writes them now.
    async fn written(&self, kind: OutgoingKind, open: &BTreeSet<Uuid>) -> Result<Vec<Outgoing>, GivenUp> {
        let list = kind.path();
        if kind != OutgoingKind::Candidate {
            return Ok(self.facade.list(list, &[]).await?.into_iter().filter_map(Outgoing::of).collect());
        }
        let mut candidates = Vec::new();
        for vacancy in open {
            let of_vacancy = self.facade.list(list, &[("publicatie", &vacancy.to_string())]).await?;
            candidates.extend(of_vacancy.into_iter().filter_map(Outgoing::of));
        }
        let listed: BTreeSet<&str> = candidates.iter().map(|candidate| candidate.key.as_str()).collect();
        let former = self.kept.of_list(list).filter_map(|(key, row)| {
            let candidate: CaseKey = key.key.parse().ok()?;
            let is_gone = open.contains(&candidate.part) && !listed.contains(key.key.as_str());
            (is_gone && row.id.is_some()).then(|| Outgoing::former_candidate(candidate))
        });
        let former: Vec<Outgoing> = former.collect();
        Ok(candidates.into_iter().chain(former).collect())
    }

    async fn bring_one(
        &mut self,
        kind: OutgoingKind,
        outgoing: &Outgoing,
        round: &mut Round,
    ) -> Result<(), GivenUp> {
        let list = kind.path();
        let key = Key::of(list, &outgoing.key);
        // What names an object that is not there yet waits for it.
        let waits = |(list, key): &(&'static str, String)| round.later.contains(&Key::of(list, key));
        if outgoing.names.iter().any(waits) {
            round.later.insert(key);
            return Ok(());
        }
        let mut message = outgoing.message(|list, key| self.kept.id(list, key));
        let digest = digest(&message);
        if self.is_settled(&key, &digest) {
            return Ok(());
        }
        let target = self.target(kind, &outgoing.key).await?;
        if let Some(id) = target.id() {
            message["id"] = Value::from(id);
        }
        match self.send((&key, &digest), (&self.allocation, &target), &message, round).await? {
            Sent::Later => {}
            Sent::Accepted(new) => {
                round.brought += 1;
                let id = target.id().map(str::to_owned).or(new);
                self.kept.settle(key, Row::accepted(id, digest))?;
            }
            Sent::Refused(status, body) => self.park((key, digest), said_there(status, &body), round)?,
        }
        Ok(())
    }

    /// Where the message about this object goes: an earlier attempt may have arrived although its answer did
    /// not.
    async fn target(&self, kind: OutgoingKind, key: &str) -> Result<Target, GivenUp> {
        let list = kind.path();
        let row = self.kept.row(&Key::of(list, key));
        let id = match row.and_then(|row| row.id.clone()) {
            None => self.allocation.find(list, key).await?,
            id => id,
        };
        let was_accepted = row.is_some_and(|row| row.digest.is_some() && row.refused.is_none());
        Ok(if id.is_some() || was_accepted { Target::existing(list, id) } else { Target::new(list) })
    }
}

/// Why the corporation's server refused a message: no more than the code, since its words may name people.
fn said_there(status: StatusCode, body: &Value) -> Refused {
    let is_code = |text: &&str| {
        text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    let code = body.get("code").and_then(Value::as_str).filter(is_code).map(str::to_owned);
    Refused { status: status.as_u16(), code, faults: Vec::new() }
}

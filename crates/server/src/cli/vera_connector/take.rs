//! From the corporation's server to the ledger: publications for the flip, and notices of leases that the
//! ledger has. Everything else stays where it is.

use omklap_domain::day::Day;
use omklap_vera::{KnownLeases, NOTICES, OfferedThere, OutgoingKind, PUBLICATIONS, vacancy_id};
use reqwest::StatusCode;
use serde_json::Value;

use super::connector::{Connector, GivenUp, Round, Sent, digest};
use super::kept::{Key, Refused, Row};
use super::vera_server::Target;

impl Connector {
    /// Reports what is new on the corporation's server.
    pub(super) async fn take(&mut self, today: Day, round: &mut Round) -> Result<(), GivenUp> {
        for body in self.allocation.list(PUBLICATIONS, &[]).await? {
            if let Some(there) = OfferedThere::of(&body, today) {
                self.take_publication(there, &body, round).await?;
            }
        }
        let Some(agreements) = &self.agreements else { return Ok(()) };
        let notices = agreements.list(NOTICES, &[]).await?;
        // A read of what the ledger knows is a line in its access log: not without need.
        let news: Vec<Value> = notices.into_iter().filter(|body| self.is_news(body)).collect();
        if news.is_empty() {
            return Ok(());
        }
        let allocations = self.facade.list(OutgoingKind::Allocation.path(), &[]).await?;
        let leases = KnownLeases::of(&allocations);
        for body in news {
            self.take_notice(&leases, &body, round).await?;
        }
        Ok(())
    }

    async fn take_publication(
        &mut self,
        there: OfferedThere,
        body: &Value,
        round: &mut Round,
    ) -> Result<(), GivenUp> {
        let digest = digest(body);
        // Without a key the ledger refuses it, and its digest is what it is parked under.
        let vacancy = there.key.as_ref().map(|key| vacancy_id(&self.corporation, key).to_string());
        let key = Key::of(PUBLICATIONS, vacancy.as_ref().unwrap_or(&digest));
        if self.is_settled(&key, &digest) {
            return Ok(());
        }
        let was_taken = self.kept.id(&key.list, &key.key).is_some();
        if there.has_ended && !was_taken {
            self.kept.settle(key, Row::accepted(None, digest))?;
            return Ok(());
        }
        let again = Target::existing(PUBLICATIONS, Some(key.key.clone()));
        let first = if was_taken { again.clone() } else { Target::new(PUBLICATIONS) };
        let about = (&key, digest.as_str());
        let mut sent = self.send(about, (&self.facade, &first), body, round).await?;
        if !was_taken && matches!(&sent, Sent::Refused(_, answer) if answer["code"] == "already-there") {
            sent = self.send(about, (&self.facade, &again), body, round).await?;
        }
        self.taken((key, digest), there.id.or(there.key), sent, round)
    }

    async fn take_notice(
        &mut self,
        leases: &KnownLeases,
        body: &Value,
        round: &mut Round,
    ) -> Result<(), GivenUp> {
        let (key, digest) = notice_key(body);
        let Some(notice) = leases.notice(body, &self.corporation) else {
            self.foreign.insert(digest);
            return Ok(());
        };
        let target = Target::new(NOTICES);
        let sent = self.send((&key, &digest), (&self.facade, &target), &notice, round).await?;
        self.taken((key, digest), None, sent, round)
    }

    fn is_news(&self, notice: &Value) -> bool {
        let (key, digest) = notice_key(notice);
        !self.foreign.contains(&digest) && !self.is_settled(&key, &digest)
    }

    /// Keeps what the ledger said, with the id of the object there.
    fn taken(
        &mut self,
        (key, digest): (Key, String),
        id: Option<String>,
        sent: Sent,
        round: &mut Round,
    ) -> Result<(), GivenUp> {
        match sent {
            Sent::Later => {}
            Sent::Accepted(_) => {
                round.taken += 1;
                self.kept.settle(key, Row::accepted(id, digest))?;
            }
            Sent::Refused(status, body) => {
                self.park((key, digest), said_by_the_ledger(status, &body), round)?;
            }
        }
        Ok(())
    }
}

/// A notice has no key in the ledger: it is known by the corporation's, or else by what it says.
fn notice_key(body: &Value) -> (Key, String) {
    let digest = digest(body);
    let named = ["idExtern", "id", "code"].iter().find_map(|name| body.get(name)?.as_str());
    (Key::of(NOTICES, named.unwrap_or(&digest)), digest)
}

/// Why the ledger refused a message. Its words name places and codes, and repeat no value.
fn said_by_the_ledger(status: StatusCode, body: &Value) -> Refused {
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let faults = text("omschrijving").unwrap_or_default().lines().map(str::to_owned).collect();
    Refused { status: status.as_u16(), code: text("code").map(str::to_owned), faults }
}

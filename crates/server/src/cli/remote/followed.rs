//! Calls of a program that follows the ledger.

use omklap_domain::ids::OrganisationId;
use reqwest::Url;
use serde::Deserialize;
use serde::de::IgnoredAny;
use uuid::Uuid;

use super::{LedgerClient, Me, Refusal};

/// A page of the feed, as far as a program needs it that reads again what has changed.
#[derive(Debug, Deserialize)]
pub(in crate::cli) struct FeedPage {
    items: Vec<IgnoredAny>,
    /// What to give as `after` next time.
    pub(in crate::cli) next: String,
    /// Whether there is more at once.
    pub(in crate::cli) more: bool,
}

#[derive(Deserialize)]
struct VacanciesPage {
    items: Vec<ListedVacancy>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListedVacancy {
    vacancy_id: Uuid,
    status: String,
}

impl FeedPage {
    /// Whether something happened.
    pub(in crate::cli) fn has_news(&self) -> bool {
        !self.items.is_empty()
    }
}

impl LedgerClient {
    /// The feed after a place, or after waiting this many seconds for something to happen.
    pub(in crate::cli) async fn feed(&self, after: Option<&str>, seconds: u64) -> Result<FeedPage, Refusal> {
        let mut url = self.address(&format!("/v1/feed?limit=1000&wait={seconds}s"));
        if let Some(after) = after {
            url.query_pairs_mut().append_pair("after", after);
        }
        self.get(url).await?.read()
    }

    /// The open vacancies that the caller may read.
    pub(in crate::cli) async fn open_vacancies(&self) -> Result<Vec<Uuid>, Refusal> {
        let (mut open, mut next) = (Vec::new(), Some(self.address("/v1/vacancies?status=open")));
        while let Some(url) = next {
            let answer = self.get(url).await?;
            next = answer.next_page();
            let page: VacanciesPage = answer.read()?;
            // One into which a client moved is let, also if nobody reported that.
            let is_open = |listed: &ListedVacancy| listed.status == "open";
            open.extend(page.items.into_iter().filter(is_open).map(|listed| listed.vacancy_id));
        }
        Ok(open)
    }

    /// The façade of VERA, and the token for it.
    pub(in crate::cli) fn vera(&self) -> (Url, String) {
        (self.address(crate::http::vera::BASE), self.token().to_owned())
    }
}

impl Me {
    /// The caller's organisation.
    pub(in crate::cli) fn organisation(&self) -> Option<OrganisationId> {
        self.in_words().0.parse().ok()
    }
}

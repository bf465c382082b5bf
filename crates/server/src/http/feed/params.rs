//! The query parameters of the feed.

use std::time::Duration;

use omklap_domain::allocation::STREAM_WITHDRAWN;
use omklap_domain::trajectory::FactType;
use omklap_store::deadlines::DeadlineKind;
use omklap_store::destruction::DESTROYED;
use utoipa::IntoParams;

use super::cursor::{self, Cursor};
use super::event_type::{EventType, fact_kinds_of_streams};
use crate::http::problem::{Breach, Complaint, Fault, Form};
use crate::http::request::page;
use crate::http::request::query::{Parameters, Query};
use crate::views::cache::{WITHDRAWN, WITHHELD, ignores_type_filter};

/// The default and the maximum number of items of a page.
const USUAL: u32 = 100;
pub(super) const MOST: u32 = 1_000;
/// The maximum time a caller may wait, in seconds.
const LONGEST: u64 = 60;
/// The query parameters of the feed.
#[derive(Clone, Debug)]
pub struct FeedParams {
    pub(super) after: Option<Cursor>,
    pub(super) types: Kinds,
    pub(super) detail: Detail,
    pub(super) wait: Duration,
    pub(super) limit: u32,
}

/// How much of each event is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// That it happened, and the trajectory.
    #[default]
    Thin,
    /// All that the caller may see of it now.
    Full,
}

/// The query parameters of the feed.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read into a cursor and a wait; this is their documentation")]
pub(super) struct FeedParamsDoc {
    /// The `next` of the previous page, or the `cursor` of an event; without it, from the first
    /// event.
    #[param(nullable = false, max_length = 4000, pattern = r"^[^\x00]*$", example = json!(cursor::EXAMPLE))]
    after: Option<String>,
    /// The kinds of events, separated by commas; without it, all. `trajectory-withdrawn`,
    /// `trajectory-destroyed` and `stream-withdrawn` come in any case.
    #[param(
        nullable = false,
        style = Form,
        explode = false,
        max_items = 200,
        value_type = Option<BTreeSet<EventType>>,
        example = json!(["offer-refused", "obligation-overdue"])
    )]
    types: Option<String>,
    /// How much of each event: `thin` says that it happened; `full` brings what the caller may see
    /// of it now.
    #[param(required = false, pattern = "^(thin|full)$", default = "thin")]
    detail: String,
    /// How long to wait for a new event if there is none yet, in seconds: `30s`.
    #[param(required = false, pattern = "^([0-9]|[1-5][0-9]|60)s$", default = "0s")]
    wait: String,
    /// The maximum number of items.
    #[param(required = false, minimum = 1, maximum = 1000, default = 100)]
    limit: u32,
}

/// Kinds of events; none: all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kinds(Vec<&'static str>);

impl Kinds {
    /// The kinds of these names, or the names that are of none.
    ///
    /// # Errors
    /// If a name is not that of a kind.
    pub fn named<'n>(names: impl IntoIterator<Item = &'n str>) -> Result<Self, Vec<&'n str>> {
        let (mut kinds, mut unknown) = (Vec::new(), Vec::new());
        for name in names {
            match Self::known().find(|kind| *kind == name) {
                Some(kind) if kinds.contains(&kind) => {}
                Some(kind) => kinds.push(kind),
                None => unknown.push(name),
            }
        }
        if unknown.is_empty() { Ok(Self(kinds)) } else { Err(unknown) }
    }

    /// Every kind of event.
    pub fn known() -> impl Iterator<Item = &'static str> {
        let other = [WITHHELD, WITHDRAWN, DESTROYED, STREAM_WITHDRAWN];
        let of_cases = FactType::ALL.iter().map(|kind| kind.as_str());
        of_cases
            .chain(fact_kinds_of_streams())
            .chain(DeadlineKind::ALL.map(DeadlineKind::as_str))
            .chain(other)
    }

    /// Whether these include an event of this kind.
    #[must_use]
    pub fn have(&self, kind: &str) -> bool {
        self.0.is_empty() || ignores_type_filter(kind) || self.0.contains(&kind)
    }
}

impl Parameters for FeedParams {
    fn read(query: &mut Query) -> Self {
        let limit = page::limit(query, USUAL, MOST);
        let wait = query.take_as("wait", Form::Seconds, seconds).unwrap_or(0);
        let types = kinds(query);
        let detail = query.take_as("detail", Breach::not_in(Form::Detail), |text| match text {
            "thin" => Some(Detail::Thin),
            "full" => Some(Detail::Full),
            _ => None,
        });
        let after = query.take_as("after", Fault::NotACursor, |text| text.parse().ok());
        let detail = detail.unwrap_or_default();
        Self { after, types, detail, wait: Duration::from_secs(wait), limit }
    }
}

/// The kinds that `types` names, each once.
fn kinds(query: &mut Query) -> Kinds {
    let Some(text) = query.take::<String>("types", Fault::NotOneOf) else { return Kinds::default() };
    let breach = match Kinds::named(text.split(',')) {
        Err(unknown) => Breach::none_of(unknown.first().copied().unwrap_or_default(), Kinds::known()),
        Ok(Kinds(each)) if each.len() < text.split(',').count() => Fault::Repeated.into(),
        Ok(kinds) => return kinds,
    };
    query.complain(Complaint::parameter("types", breach));
    Kinds::default()
}

/// `30s`, in one way of writing.
fn seconds(text: &str) -> Option<u64> {
    let seconds = text.strip_suffix('s')?.parse::<u64>().ok()?;
    (seconds <= LONGEST && text == format!("{seconds}s")).then_some(seconds)
}

//! Pages of a list, by an opaque cursor.

use std::fmt::Display;
use std::str::FromStr;

use actix_web::http::header::{HeaderName, LINK};
use actix_web::{HttpResponse, HttpResponseBuilder};
use sha2::{Digest, Sha256};
use url::form_urlencoded;
use utoipa::IntoParams;

use super::query::Query;
use crate::http::problem::{Complaint, Fault, Form};

/// The default number of items of a page.
const USUAL: u32 = 100;
/// The maximum number of items of a page.
const MOST: u32 = 500;

/// The position and the length of a page of a list. `P` is the position of an item in the list.
#[derive(Clone, Debug)]
pub struct PageParams<P> {
    /// The maximum number of items.
    pub limit: u32,
    /// The position of the last item of the page before.
    pub after: Option<P>,
    path: String,
    filter: Vec<(String, String)>,
}

/// The parameters that [`PageParams::read`] takes.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read into a page; this is their documentation")]
pub struct PageParamsDoc {
    /// The maximum number of items.
    #[param(required = false, minimum = 1, maximum = 500, default = 100)]
    limit: u32,
    /// The `next` of the previous page.
    #[param(nullable = false, max_length = 4000, pattern = r"^[^\x00]*$")]
    cursor: Option<String>,
}

/// The next page of a list: its cursor, and the `Link` to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextPage {
    /// The value for `cursor`.
    pub cursor: String,
    /// The value of `Link`.
    link: String,
}

impl<P: FromStr + Display> PageParams<P> {
    /// Takes `limit` and `cursor`. A cursor belongs to its list: to the path and the filters it was
    /// made with.
    pub fn read(query: &mut Query) -> Self {
        let limit = limit(query, USUAL, MOST);
        let (path, filter) = (query.path().to_owned(), query.without(&["cursor", "limit"]));
        let mark = mark(&path, &filter);
        let cursor = query.take::<String>("cursor", Form::Cursor);
        let after = cursor.as_deref().and_then(|cursor| position(cursor, &mark));
        if cursor.is_some() && after.is_none() {
            query.leads_nowhere();
        }
        Self { limit, after, path, filter }
    }

    /// Cuts a list to the limit. Returns the next page if the list was longer: callers read one
    /// item more than the limit to find out.
    pub fn cut<T, O: Into<Option<P>>>(
        &self,
        items: &mut Vec<T>,
        position: impl FnOnce(&T) -> O,
    ) -> Option<NextPage> {
        let limit = self.limit as usize;
        let more = items.len() > limit;
        items.truncate(limit);
        let last = items.last().filter(|_| more).and_then(|last| position(last).into());
        last.map(|last| self.next(&last))
    }

    /// The page after this item.
    fn next(&self, last: &P) -> NextPage {
        let cursor = format!("{last}.{}", mark(&self.path, &self.filter));
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.filter)
            .append_pair("limit", &self.limit.to_string())
            .append_pair("cursor", &cursor)
            .finish();
        NextPage { cursor, link: format!("<{}?{query}>; rel=\"next\"", self.path) }
    }
}

/// The path that reads one item of a list without filters: the one after this position.
pub fn one_after(path: &str, position: &impl Display) -> String {
    format!("{path}?limit=1&cursor={position}.{}", mark(path, &[]))
}

/// What the caller gives as `cursor` to read the next page, if there is one.
#[must_use]
pub fn cursor(next: Option<&NextPage>) -> Option<String> {
    next.map(|next| next.cursor.clone())
}

/// A response with the `Link` to the next page, if there is one.
#[must_use]
pub fn linked(next: Option<&NextPage>) -> HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    if let Some(next) = next {
        response.insert_header(next.header());
    }
    response
}

impl NextPage {
    /// The `Link` header.
    #[must_use]
    pub fn header(&self) -> (HeaderName, &str) {
        (LINK, &self.link)
    }
}

/// Takes `limit`: a number from 1 to the maximum, or the default.
pub fn limit(query: &mut Query, usual: u32, most: u32) -> u32 {
    let Some(text) = query.take::<String>("limit", Form::Count) else { return usual };
    match text.parse() {
        Ok(limit) if (1..=most).contains(&limit) => limit,
        _ => {
            query.complain(Complaint::parameter("limit", Fault::NotAsAgreed).limit(format!("1–{most}")));
            usual
        }
    }
}

fn position<P: FromStr>(cursor: &str, mark: &str) -> Option<P> {
    let (position, of) = cursor.rsplit_once('.')?;
    position.parse().ok().filter(|_| of == mark)
}

/// A mark of the list, so that a cursor of one list is not taken for another. The order of the
/// filters does not matter.
fn mark(path: &str, filter: &[(String, String)]) -> String {
    let mut filter: Vec<_> = filter.iter().collect();
    filter.sort();
    hex::encode(&Sha256::digest(format!("{path}?{filter:?}"))[..6])
}

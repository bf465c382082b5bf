//! A response about trajectories, together with what it discloses.

use std::collections::BTreeSet;

use actix_web::body::BoxBody;
use actix_web::http::header::{CONTENT_LANGUAGE, ETAG};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, Responder};
use omklap_domain::ids::TrajectoryId;
use omklap_domain::visibility::{Category, Fields, View};
use omklap_store::access_log::Action;
use serde::Serialize;

use super::disclosure::{Disclosure, shows};
use super::redact;
use crate::http::request::language::Language;
use crate::http::request::page::NextPage;

/// A body that is sent as JSON without what the caller may not see, and the disclosures that the
/// access log writes before it leaves. A handler that reads returns one, so that it can forget
/// neither.
pub struct Disclosed<T> {
    body: T,
    /// The fields, some of which the view may hide; `None` if the handler has left them out itself.
    redaction: Option<(&'static [Fields], View)>,
    disclosures: Vec<Disclosure>,
    response: HttpResponseBuilder,
}

impl<T> Disclosed<T> {
    /// A body about one trajectory, to send without the fields that this view hides.
    pub(in crate::http) fn redacted(
        trajectory: TrajectoryId,
        body: T,
        fields: &'static [Fields],
        view: View,
    ) -> Self {
        let disclosures = vec![redact::disclosure(trajectory, fields, &view)];
        Self { body, redaction: Some((fields, view)), disclosures, response: HttpResponse::Ok() }
    }

    /// A body to send as it is: it holds only what the caller may see.
    pub(in crate::http) fn whole(body: T, disclosures: impl IntoIterator<Item = Disclosure>) -> Self {
        let disclosures = disclosures.into_iter().collect();
        Self { body, redaction: None, disclosures, response: HttpResponse::Ok() }
    }

    /// Discloses these categories, too.
    pub(in crate::http) fn and(self, categories: &BTreeSet<Category>) -> Self {
        self.each(|disclosure| disclosure.and(categories.iter().copied()))
    }

    /// If `withheld`, the access log says that part of the data was withheld.
    pub(in crate::http) fn in_part(self, withheld: bool) -> Self {
        self.each(|disclosure| disclosure.in_part(withheld))
    }

    /// The action that the access log writes.
    pub(in crate::http) fn by(self, action: Action) -> Self {
        self.each(|disclosure| disclosure.by(action))
    }

    /// With `Content-Language`.
    pub(in crate::http) fn in_language(mut self, language: Language) -> Self {
        self.response.insert_header((CONTENT_LANGUAGE, language.tag()));
        self
    }

    /// With the `ETag`, if there is one.
    pub(in crate::http) fn tagged(mut self, etag: Option<String>) -> Self {
        if let Some(etag) = etag {
            self.response.insert_header((ETAG, etag));
        }
        self
    }

    /// With the `Link` to the next page, if there is one.
    pub(in crate::http) fn linked(mut self, next: Option<&NextPage>) -> Self {
        if let Some(next) = next {
            self.response.insert_header(next.header());
        }
        self
    }

    fn each(self, change: impl Fn(Disclosure) -> Disclosure) -> Self {
        Self { disclosures: self.disclosures.into_iter().map(change).collect(), ..self }
    }
}

impl<T: Serialize> Responder for Disclosed<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let Self { body, redaction, disclosures, mut response } = self;
        let response = match redaction {
            Some((fields, view)) => redact::json(response, body, fields, &view),
            None => response.json(body),
        };
        shows(response, disclosures)
    }
}

//! Query parameters: each must be known, given once and valid, and all faults are reported at once.
//!
//! An operation with query parameters reads them as [`Params`]; one without is guarded by
//! `refuse_unknown`. So no operation ignores a parameter that its caller relies on, such as
//! `dryRun`.

use std::future::{Ready, ready};
use std::str::FromStr;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, FromRequest, HttpRequest};
use jiff::Timestamp;
use jiff::civil::Date;
use omklap_domain::day::{Day, YEARS};
use omklap_domain::likeness::most_like;
use url::form_urlencoded;

use crate::http::operation::Operation;
use crate::http::problem::{Breach, Complaint, Fault, Form, Kind, Problem};

/// How long the value of a parameter may be. The longest that means something names every kind of
/// event.
const LONGEST_PARAMETER: usize = 4_000;

/// The maximum length of the name of an unknown parameter in a complaint, in bytes.
const LONGEST_NAME: usize = 128;

/// The query parameters of an operation.
pub trait Parameters: Sized + 'static {
    /// Takes the parameters that it knows.
    fn read(query: &mut Query) -> Self;
}

/// The query parameters of a request, if every one of them is valid.
#[derive(Clone, Debug)]
pub struct Params<T>(pub T);

/// Query parameters that are being read.
#[derive(Debug)]
pub struct Query {
    path: String,
    given: Vec<(String, String)>,
    taken: Vec<&'static str>,
    complaints: Vec<Complaint>,
    no_such_page: bool,
}

impl Query {
    /// The query parameters of a request.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        let given = form_urlencoded::parse(request.query_string().as_bytes()).into_owned().collect();
        Self {
            path: request.path().to_owned(),
            given,
            taken: Vec::new(),
            complaints: Vec::new(),
            no_such_page: false,
        }
    }

    /// The parameter as `T`, if it is given.
    pub fn take<T: FromStr>(&mut self, name: &'static str, breach: impl Into<Breach>) -> Option<T> {
        self.take_as(name, breach, |text| text.parse().ok())
    }

    /// The parameter as true or false, if it is given.
    pub fn take_flag(&mut self, name: &'static str) -> Option<bool> {
        self.take(name, Breach::not_of_type("boolean (true, false)"))
    }

    /// The parameter as a day, if it is given.
    pub fn take_day(&mut self, name: &'static str) -> Option<Day> {
        self.take_as(name, Fault::NotADate, day)
    }

    /// The parameter as a calendar year, if it is given.
    pub fn take_year(&mut self, name: &'static str) -> Option<u16> {
        self.take_as(name, Form::Year, year)
    }

    /// The parameter as an instant, if it is given.
    pub fn take_instant(&mut self, name: &'static str) -> Option<Timestamp> {
        self.take_as(name, Fault::NotAnInstant, instant)
    }

    /// The parameter as `read` understands it, if it is given.
    pub fn take_as<T>(
        &mut self,
        name: &'static str,
        breach: impl Into<Breach>,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        self.taken.push(name);
        let mut values = self.given.iter().filter(|(given, _)| given == name);
        let (_, value) = values.next()?;
        let read = match values.next() {
            Some(_) => Err(Complaint::parameter(name, Fault::GivenTwice)),
            None if value.len() > LONGEST_PARAMETER => {
                Err(Complaint::parameter(name, Fault::TooLong).limit(LONGEST_PARAMETER))
            }
            None => read(value).ok_or_else(|| Complaint::parameter(name, breach)),
        };
        read.map_err(|complaint| self.complaints.push(complaint)).ok()
    }

    /// Whether a parameter is given, valid or not.
    #[must_use]
    pub fn gives(&self, name: &str) -> bool {
        self.given.iter().any(|(given, _)| given == name)
    }

    /// Adds a complaint about a parameter.
    pub fn complain(&mut self, complaint: Complaint) {
        self.complaints.push(complaint);
    }

    /// Marks the cursor as invalid.
    pub fn leads_nowhere(&mut self) {
        self.no_such_page = true;
    }

    /// The path of the request.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The given parameters, without these.
    #[must_use]
    pub fn without(&self, names: &[&str]) -> Vec<(String, String)> {
        self.given.iter().filter(|(name, _)| !names.contains(&name.as_str())).cloned().collect()
    }

    fn end(mut self) -> Result<(), Problem> {
        for (name, _) in &self.given {
            if !self.taken.contains(&name.as_str()) {
                let name = &name[..name.floor_char_boundary(LONGEST_NAME)];
                let unknown = Complaint::parameter(name, Fault::UnknownParameter);
                self.complaints.push(unknown.like(most_like(name, self.taken.iter().copied())));
            }
        }
        match (self.complaints.is_empty(), self.no_such_page) {
            (true, false) => Ok(()),
            (true, true) => Err(Kind::NoSuchPage.into()),
            (false, _) => Err(Problem::malformed(self.complaints)),
        }
    }
}

/// A calendar date. One outside the range of a trajectory counts as the first or last day of that
/// range.
fn day(text: &str) -> Option<Day> {
    let date: Date = text.parse().ok().filter(|date: &Date| date.to_string() == text)?;
    Day::try_from(date.clamp(jiff::civil::date(1900, 1, 1), jiff::civil::date(2199, 12, 31))).ok()
}

/// A calendar year of four digits in which days are.
#[must_use]
pub fn year(text: &str) -> Option<u16> {
    text.parse().ok().filter(|year| YEARS.contains(year) && text.len() == 4)
}

/// An instant with its offset from UTC. One outside the range of the ledger counts as the first or
/// last instant of that range.
fn instant(text: &str) -> Option<Timestamp> {
    let (first, last) =
        (Timestamp::from_second(-2_208_988_800).ok()?, Timestamp::from_second(7_258_118_400).ok()?);
    text.parse::<Timestamp>().ok().map(|instant| instant.clamp(first, last))
}

impl<T: Parameters> FromRequest for Params<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut query = Query::of(request);
        let params = T::read(&mut query);
        ready(query.end().map(|()| Self(params)))
    }
}

/// Refuses every query parameter of an operation that has none, before its handler runs.
///
/// # Errors
/// What a handler failed with.
pub(in crate::http) async fn refuse_unknown(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let guarded = Operation::of(request.request()).is_some_and(|operation| operation.refuses_parameters);
    if guarded && let Err(problem) = Query::of(request.request()).end() {
        return Ok(request.error_response(problem));
    }
    next.call(request).await.map(ServiceResponse::map_into_boxed_body)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn everything_that_is_wrong_is_named_at_once() {
        let request =
            TestRequest::with_uri("/v1/x?limit=many&limit=2&since=soon&colour=red").to_http_request();
        let mut query = Query::of(&request);
        assert_eq!(query.take::<u32>("limit", Fault::NotAsAgreed), None);
        assert_eq!(query.take_instant("since"), None);
        let problem = query.end().expect_err("three are wrong");
        let expected = [
            Complaint::parameter("limit", Fault::GivenTwice),
            Complaint::parameter("since", Fault::NotAnInstant),
            Complaint::parameter("colour", Fault::UnknownParameter),
        ];
        assert_eq!(problem.errors, expected);
    }

    #[test]
    fn a_misspelt_parameter_is_met_with_the_one_that_it_is_most_like() {
        let request = TestRequest::with_uri("/v1/x?knownat=2026-03-01T12:00:00Z&dry=yes").to_http_request();
        let mut query = Query::of(&request);
        query.take_instant("knownAt");
        assert_eq!(query.take_flag("dry"), None);
        let expected = [
            Complaint::parameter("dry", Breach::not_of_type("boolean (true, false)")),
            Complaint::parameter("knownat", Fault::UnknownParameter).like(Some("knownAt")),
        ];
        assert_eq!(query.end().expect_err("two are wrong").errors, expected);
    }

    #[test]
    fn an_instant_has_an_offset_and_fits_a_database() {
        assert!(instant("2026-03-01T12:00:00Z").is_some());
        assert_eq!(instant("2026-03-01T13:00:00+01:00"), instant("2026-03-01T12:00:00Z"));
        assert_eq!(instant("0001-01-01T00:00:00Z"), instant("1900-01-01T00:00:00Z"));
        for wrong in ["2026-03-01T12:00:00", "2026-03-01", "now"] {
            assert_eq!(instant(wrong), None, "{wrong}");
        }
    }
}

//! The operation of a request, for the guards and the handlers.

use std::collections::BTreeMap;

use actix_web::{HttpMessage, HttpRequest, HttpResponse};

use super::problem::{Kind, Problem};
use crate::auth::scope::Scope;

/// Who may use an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Every caller, without a token.
    Everybody,
    /// Every caller whose token is accepted, whatever it grants.
    SignedIn,
    /// A caller whose token has this scope.
    Granted(Scope),
}

/// A route: a path template with the operations on it, by method.
#[derive(Debug)]
pub(super) struct Route {
    pub(super) pattern: String,
    pub(super) operations: BTreeMap<&'static str, Rules>,
}

/// The checks on a request before its handler runs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    pub(super) access: Access,
    pub(super) refuses_parameters: bool,
}

/// The operation that a request is for. Without `access` the route does not have this method.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operation {
    pub(super) route: &'static Route,
    pub(super) method: &'static str,
    /// Who may use it.
    pub(super) access: Option<Access>,
    /// Whether it is described without query parameters, so that every one is unknown. An operation
    /// with parameters reads them itself; the undescribed routes ignore them.
    pub(super) refuses_parameters: bool,
}

impl Operation {
    /// The operation that a request was found to be for; none before
    /// [`route_table::find`](super::route_table::find) has seen it, or if there is none.
    pub(super) fn of(request: &HttpRequest) -> Option<Self> {
        request.extensions().get().copied()
    }

    /// The template of its path.
    pub(super) fn route(&self) -> &'static str {
        &self.route.pattern
    }

    /// The method, or `any` for one that the route does not have: the caller chooses the method,
    /// and it must not become a label of a metric.
    pub(super) fn method(&self) -> &'static str {
        self.method
    }

    /// Whether the route is public.
    pub(super) fn is_public(&self) -> bool {
        self.route.operations.values().all(|rules| rules.access == Access::Everybody)
    }

    /// Whether the handler that runs is the one that the guards authorised.
    pub(super) fn is_handled(request: &HttpRequest) -> bool {
        Self::of(request).is_some_and(|operation| {
            operation.access.is_some() && request.match_pattern().as_deref() == Some(operation.route())
        })
    }

    /// The problem of a method that the route does not have, with those that it has.
    pub(super) fn method_not_allowed(&self) -> Problem {
        let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];
        let methods = methods.into_iter().filter(|method| self.route.operations.contains_key(method));
        let methods = methods.map(|method| if method == "GET" { "GET, HEAD" } else { method });
        let allow = methods.collect::<Vec<_>>().join(", ");
        Problem { allow: Some(allow.into()), ..Kind::MethodNotAllowed.into() }
    }
}

/// Responds to what the router has no service for.
pub(super) async fn unrouted() -> Result<HttpResponse, Problem> {
    Err(Kind::NoSuchPath.into())
}

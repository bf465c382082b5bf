//! The application: every route, and the middleware around them.

use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{self, Data};
use actix_web::{App, Error};
use omklap_web::Pages;
use tracing_actix_web::TracingLogger;

use super::routes::documented;
use super::services::Services;
use super::{
    development, documents, health, middleware, operation, problem, public_log, request, route_table, vera,
};

/// The application at this address: the routes inside the middleware. The last `wrap` is the
/// outermost.
pub fn app(
    services: Services,
    address: SocketAddr,
    pages: Option<Arc<Pages>>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = Error,
        InitError = (),
    >,
> {
    let developing = services.sign_in.development().is_some();
    let origins = services.origins.admitted();
    App::new()
        .app_data(Data::new(services))
        .configure(all_routes)
        .configure(move |app| {
            if developing {
                app.app_data(Data::new(development::Address(address)));
                development::routes(app);
            }
            match pages {
                Some(pages) => {
                    app.app_data(Data::from(pages)).configure(omklap_web::routes);
                }
                None => {
                    app.service(documents::start::start);
                }
            }
        })
        .wrap(from_fn(middleware::work_budget::enforce))
        .wrap(from_fn(middleware::restored_copy::stay_silent))
        .wrap(from_fn(middleware::authenticate::sign_in))
        .wrap(from_fn(middleware::time_limit::enforce))
        .wrap(origins)
        .wrap(from_fn(middleware::conditional::revalidate))
        .wrap(from_fn(route_table::find))
        .wrap(from_fn(middleware::finish_response::complete))
        .wrap(from_fn(middleware::metrics::measure))
        .wrap(Compress::default())
        .wrap(TracingLogger::<middleware::log::Span>::new())
}

fn all_routes(app: &mut web::ServiceConfig) {
    app.service(utoipa_actix_web::scope("/v1").configure(documented).map(|scope| {
        scope
            .configure(documents::docs::routes)
            .wrap(from_fn(request::query::refuse_unknown))
            .wrap(from_fn(middleware::conditional::refuse_no_text))
            .wrap(from_fn(middleware::authenticate::recheck))
            .wrap(from_fn(middleware::access_log::account))
    }))
    .service(utoipa_actix_web::scope(vera::BASE).configure(vera::documented).map(|scope| {
        scope
            .configure(vera::routes)
            .wrap(from_fn(request::query::refuse_unknown))
            .wrap(from_fn(middleware::authenticate::recheck))
            .wrap(from_fn(middleware::access_log::account))
    }))
    .service(health::live)
    .service(health::ready)
    .service(public_log::checkpoint)
    .service(public_log::tiles)
    .service(problem::page::explain)
    .default_service(web::to(operation::unrouted));
}

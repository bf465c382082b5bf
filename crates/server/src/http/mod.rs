//! The API over HTTP. Handlers parse, ask and answer; every status code stands here.

use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{self, Data};
use actix_web::{App, Error};
use omklap_store::{Ledger, Notary};
use sqlx::PgPool;
use tracing_actix_web::TracingLogger;

use self::middleware::cors::Origins;
use self::middleware::time_limit::Patience;
use crate::auth::SignIn;
use crate::clock::Clock;
use crate::jobs::restored_copy::CopyState;
use crate::webhooks::Messaging;

mod development;
pub mod documents;
pub mod feed;
pub mod figures;
mod health;
pub mod middleware;
pub mod organisations;
pub mod problem;
pub mod request;
mod routes;
mod serving;
pub mod subscriptions;
pub mod tls;
pub mod trajectories;
pub mod transparency;
pub mod view;
pub mod worklist;

pub use serving::{Listening, serve};

/// The version of the API: `info.version` and the header `API-Version`.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What the handlers ask.
#[derive(Clone)]
pub struct Services {
    /// The ledger.
    pub ledger: Arc<Ledger>,
    /// What signs it.
    pub notary: Arc<Notary>,
    /// Its connections, to count them.
    pub pool: PgPool,
    /// Who may come in.
    pub sign_in: Arc<SignIn>,
    /// The time.
    pub clock: Clock,
    /// What leaves the ledger for partners.
    pub messaging: Messaging,
    /// Whose pages may ask in a browser.
    pub origins: Origins,
    /// Whether it works on a restored copy.
    pub copy: CopyState,
    /// How long it waits for bodies and answers.
    pub patience: Patience,
}

/// The application: the routes, and what wraps every one of them. It is reached at this address.
pub fn app(
    services: Services,
    address: SocketAddr,
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
        .configure(routes)
        .configure(move |app| {
            if developing {
                app.app_data(Data::new(development::Address(address)));
                development::routes(app);
            }
        })
        .wrap(from_fn(middleware::work_budget::keep))
        .wrap(from_fn(middleware::restored_copy::stay_silent))
        .wrap(from_fn(middleware::authenticate::sign_in))
        .wrap(from_fn(middleware::time_limit::keep))
        .wrap(origins)
        .wrap(from_fn(routes::find))
        .wrap(from_fn(middleware::finish_response::complete))
        .wrap(from_fn(middleware::metrics::measure))
        .wrap(Compress::default())
        .wrap(TracingLogger::<middleware::log::Span>::new())
}

fn routes(app: &mut web::ServiceConfig) {
    app.service(utoipa_actix_web::scope("/v1").configure(documented).map(|scope| {
        scope
            .configure(documents::docs::routes)
            .wrap(from_fn(request::query::refuse_unknown))
            .wrap(from_fn(middleware::authenticate::recheck))
            .wrap(from_fn(middleware::access_log::account))
    }))
    .service(documents::start::start)
    .service(health::live)
    .service(health::ready)
    .service(problem::page::explain)
    .default_service(web::to(routes::unrouted));
}

/// The routes that the OpenAPI document describes, relative to `/v1`.
fn documented(api: &mut utoipa_actix_web::service_config::ServiceConfig<'_>) {
    api.service(trajectories::report::open)
        .service(trajectories::report::import)
        .service(trajectories::report::report)
        .service(trajectories::list::list)
        .service(trajectories::standing::standing)
        .service(trajectories::timeline::timeline)
        .service(trajectories::access_log::access_log)
        .service(trajectories::agreements::agreements)
        .service(trajectories::nuisance_cases::nuisance_cases)
        .service(trajectories::follow_up::follow_up)
        .service(feed::feed)
        .service(subscriptions::create::create)
        .service(subscriptions::read::list)
        .service(subscriptions::read::read)
        .service(subscriptions::change::end)
        .service(subscriptions::change::pause)
        .service(subscriptions::change::resume)
        .service(subscriptions::change::rotate)
        .service(subscriptions::deliveries::deliveries)
        .service(subscriptions::replay::test)
        .service(subscriptions::replay::again)
        .service(subscriptions::replay::replay)
        .service(worklist::worklist)
        .service(figures::figures)
        .service(figures::cases::cases)
        .service(trajectories::case_file::case_file)
        .service(trajectories::replay::replay_steps)
        .service(transparency::newest_checkpoint)
        .service(transparency::public_keys)
        .service(transparency::prove_inclusion)
        .service(transparency::prove_consistency)
        .service(organisations::list)
        .service(organisations::read)
        .service(organisations::write);
}

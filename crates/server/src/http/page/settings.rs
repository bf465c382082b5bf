//! What the settings say about the page for people.

use omklap_web::Program;
use reqwest::{Client, Url};

/// What the settings say about the page for people.
#[derive(Clone, Debug, Default)]
pub struct PageSettings {
    /// The page programs of the organisations; without any, only a development server has a page.
    pub programs: Vec<Program>,
    /// The address at which browsers reach this server.
    pub public_url: Option<Url>,
    /// The theme, as CSS.
    pub theme: String,
    /// Calls the issuers of the organisations.
    pub client: Client,
}

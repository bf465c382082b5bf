//! The page programs of organisations: with them their people sign in on the page.

use std::fs;
use std::path::PathBuf;

use omklap_web::Program;
use reqwest::{Client, Url};
use serde::{Deserialize, Serialize};

use super::{Config, ConfigError};
use crate::auth::IssuerSettings;
use crate::http::page::PageSettings;

/// A page program as the settings name it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PageProgram {
    /// The name of the organisation, as people know it.
    pub name: String,
    /// The code of the organisation in the ledger's register.
    pub organisation: String,
    /// Its issuer, by its name under `issuers`.
    pub issuer: String,
    /// Its `client_id` at that issuer.
    pub client_id: String,
    /// The file with its secret there; a program without one relies on PKCE alone.
    #[serde(default)]
    pub client_secret_file: Option<PathBuf>,
    /// What it asks for, beside `openid`.
    #[serde(default = "usual")]
    pub scope: String,
}

fn usual() -> String {
    "trajectories:read trajectories:report figures:read audit:read".to_owned()
}

impl Config {
    /// The settings of the page for people, whose programs' issuers this client calls.
    ///
    /// # Errors
    /// If a page program cannot be used, or the theme cannot be read.
    pub fn page(&self, client: Client) -> Result<PageSettings, ConfigError> {
        let program = |(key, program): (&String, &PageProgram)| {
            let wrong = |why| ConfigError::PageProgram(key.clone(), why);
            program.program(key, self.issuers.get(&program.issuer)).map_err(wrong)
        };
        let programs = self.page_programs.iter().map(program).collect::<Result<_, _>>()?;
        let theme = self.page_theme_file.as_ref().map(fs::read_to_string).transpose();
        let theme = theme.map_err(ConfigError::Theme)?.unwrap_or_default();
        Ok(PageSettings { programs, public_url: Url::parse(&self.public_url).ok(), theme, client })
    }
}

impl PageProgram {
    /// The program, with its secret.
    ///
    /// # Errors
    /// If its issuer is not trusted or its secret cannot be read.
    pub fn program(&self, key: &str, issuer: Option<&IssuerSettings>) -> Result<Program, String> {
        let issuer = issuer.ok_or_else(|| format!("there is no issuer {} under [issuers]", self.issuer))?;
        let read = |file: &PathBuf| {
            let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
            Ok::<_, String>(text.trim().to_owned())
        };
        Ok(Program {
            key: key.to_owned(),
            name: self.name.clone(),
            organisation: self.organisation.clone(),
            issuer: issuer.url.clone(),
            client_id: self.client_id.clone(),
            secret: self.client_secret_file.as_ref().map(read).transpose()?,
            scope: self.scope.clone(),
        })
    }

    /// The settings as a TOML table of this name. The secret is in its file only.
    #[must_use]
    pub fn describe(&self, key: &str) -> String {
        let secret = self.client_secret_file.as_ref();
        let secret = secret
            .map(|file| format!("client_secret_file = {:?}\n", file.to_string_lossy()))
            .unwrap_or_default();
        let Self { name, organisation, issuer, client_id, scope, .. } = self;
        format!(
            "[page_programs.{key}]\nname = {name:?}\norganisation = {organisation:?}\nissuer = {issuer:?}\nclient_id = {client_id:?}\n{secret}scope = {scope:?}\n"
        )
    }
}

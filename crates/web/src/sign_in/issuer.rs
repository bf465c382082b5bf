//! Authorization code with PKCE at an organisation's own issuer.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::{Client, Url};
use serde::Deserialize;
use serde_json::Value;

use super::pending::{PendingSignIn, challenge};
use super::renewal::{By, Renewal};
use super::{Issued, Program};
use crate::session::Person;

/// Why a sign-in at an issuer failed.
#[derive(Debug, thiserror::Error)]
pub enum IssuerFault {
    /// The issuer did not answer, or not in a form that is understood.
    #[error("the issuer did not answer")]
    Unanswered(#[from] reqwest::Error),
    /// Its discovery document is another issuer's, or an address in it is none.
    #[error("the issuer's description of itself is wrong")]
    Misdescribed,
    /// It refused the code: it was used before, or is not for this program.
    #[error("the issuer refused the code")]
    Refused,
    /// The identity token is not the answer to this sign-in.
    #[error("the identity token is not for this sign-in")]
    NotForThisSignIn,
}

/// What is needed of a discovery document (`OpenID` Connect Discovery §3).
#[derive(Debug, Deserialize)]
pub struct Endpoints {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
}

/// The answer of a token endpoint (RFC 6749 §5.1).
#[derive(Deserialize)]
struct Tokens {
    access_token: String,
    /// In seconds.
    expires_in: Option<u64>,
    refresh_token: Option<String>,
    id_token: Option<String>,
}

impl Program {
    /// Asks the issuer where people sign in.
    ///
    /// # Errors
    /// If it does not answer, or describes another issuer.
    pub async fn endpoints(&self, http: &Client) -> Result<Endpoints, IssuerFault> {
        let address = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let endpoints: Endpoints = http.get(address).send().await?.error_for_status()?.json().await?;
        if endpoints.issuer == self.issuer { Ok(endpoints) } else { Err(IssuerFault::Misdescribed) }
    }

    /// The address at which the browser asks for a code.
    ///
    /// # Errors
    /// If the issuer's own address is none.
    pub fn authorization(
        &self,
        endpoints: &Endpoints,
        (state, pending): (&str, &PendingSignIn),
        return_to: &str,
    ) -> Result<Url, IssuerFault> {
        let mut url = Url::parse(&endpoints.authorization_endpoint).map_err(|_| IssuerFault::Misdescribed)?;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", return_to)
            .append_pair("scope", &format!("openid {}", self.scope))
            .append_pair("state", state)
            .append_pair("nonce", &pending.nonce)
            .append_pair("code_challenge", &challenge(&pending.verifier))
            .append_pair("code_challenge_method", "S256");
        Ok(url)
    }

    /// Exchanges a code for the tokens of a person.
    ///
    /// # Errors
    /// If the issuer refuses the code, or its identity token is not the answer to this sign-in.
    pub async fn person(
        &self,
        http: &Client,
        (code, pending): (&str, &PendingSignIn),
        return_to: &str,
    ) -> Result<(Person, Option<Renewal>, Option<String>), IssuerFault> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", return_to),
            ("code_verifier", &pending.verifier),
        ];
        let tokens = self.tokens(http, &form).await?;
        let identity = tokens.id_token.as_deref().and_then(claims).ok_or(IssuerFault::NotForThisSignIn)?;
        if !self.is_answer(&identity, &pending.nonce) {
            return Err(IssuerFault::NotForThisSignIn);
        }
        let Issued { token, renewal } = self.issued(tokens, None);
        let (person, case) = self.of_tokens(&identity, token);
        Ok((person, renewal, case))
    }

    /// The next token of a person, for a refresh token.
    ///
    /// # Errors
    /// If the issuer refuses it, or does not answer.
    pub async fn refreshed(&self, http: &Client, refresh_token: &str) -> Result<Issued, IssuerFault> {
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
        let tokens = self.tokens(http, &form).await?;
        Ok(self.issued(tokens, Some(refresh_token)))
    }

    /// Asks the issuer for tokens.
    async fn tokens(&self, http: &Client, form: &[(&str, &str)]) -> Result<Tokens, IssuerFault> {
        let endpoints = self.endpoints(http).await?;
        let form: Vec<_> = form.iter().copied().chain([("client_id", self.client_id.as_str())]).collect();
        let mut request = http.post(&endpoints.token_endpoint).form(&form);
        if let Some(secret) = &self.secret {
            request = request.basic_auth(&self.client_id, Some(secret));
        }
        let response = request.send().await?;
        if response.status().is_client_error() {
            return Err(IssuerFault::Refused);
        }
        Ok(response.error_for_status()?.json().await?)
    }

    /// The access token of an answer, and how the next one is got: with the new refresh token, or with
    /// the one that was used if the issuer keeps it.
    fn issued(&self, tokens: Tokens, used: Option<&str>) -> Issued {
        let refresh = tokens.refresh_token.or_else(|| used.map(str::to_owned));
        let renewal = refresh.zip(tokens.expires_in).map(|(token, seconds)| {
            let by = By::RefreshToken { program: self.key.clone(), token };
            Renewal::of(by, Instant::now(), Duration::from_secs(seconds))
        });
        Issued { token: tokens.access_token, renewal }
    }

    /// Whether an identity token answers this sign-in. It came from the issuer itself over TLS, so that
    /// its signature need not be checked (`OpenID` Connect Core §3.1.3.7, 6); the ledger checks the access
    /// token at every request.
    fn is_answer(&self, identity: &Value, nonce: &str) -> bool {
        let audience = match &identity["aud"] {
            Value::Array(several) => several.iter().any(|one| one == self.client_id.as_str()),
            one => one == self.client_id.as_str(),
        };
        audience && identity["iss"] == self.issuer.as_str() && identity["nonce"] == nonce
    }

    /// The person of these tokens, and the one case of a client.
    fn of_tokens(&self, identity: &Value, token: String) -> (Person, Option<String>) {
        let access = claims(&token).unwrap_or_default();
        let text = |from: &Value, claim: &str| from[claim].as_str().map(str::to_owned);
        let name = text(identity, "name").or_else(|| text(identity, "sub")).unwrap_or_default();
        let role = text(&access, "role").unwrap_or_default();
        let person = Person { name, organisation: self.organisation.clone(), role, token };
        (person, text(&access, "trajectory"))
    }
}

/// The claims of a token, unchecked.
fn claims(token: &str) -> Option<Value> {
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&payload).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn program() -> Program {
        let [key, name, organisation, issuer, client_id, scope] =
            ["cosis", "Cosis", "cosis", "https://issuer.example", "cosis-page", "trajectories:read"]
                .map(str::to_owned);
        Program { key, name, organisation, issuer, client_id, secret: None, scope }
    }

    #[test]
    fn an_identity_token_answers_only_the_sign_in_that_asked_for_it() {
        let good = json!({"iss": "https://issuer.example", "aud": "cosis-page", "nonce": "n"});
        assert!(program().is_answer(&good, "n"));
        assert!(!program().is_answer(&good, "another"));
        for (claim, value) in [("iss", "https://evil.example"), ("aud", "another-page"), ("nonce", "old")] {
            let mut wrong = good.clone();
            wrong[claim] = value.into();
            assert!(!program().is_answer(&wrong, "n"), "{claim}");
        }
        assert!(!program().is_answer(&json!({}), ""));
    }

    #[test]
    fn the_browser_is_sent_to_the_issuer_with_state_nonce_and_challenge() {
        let endpoints = Endpoints {
            issuer: "https://issuer.example".to_owned(),
            authorization_endpoint: "https://issuer.example/authorize?tenant=1".to_owned(),
            token_endpoint: String::new(),
        };
        let [program_key, nonce, verifier, browser] = ["cosis", "n", "v", "b"].map(str::to_owned);
        let pending = PendingSignIn { program: program_key, nonce, verifier, browser };
        let url = program().authorization(&endpoints, ("s", &pending), "https://here.example/sign-in/return");
        let url = url.expect("an address");
        let value =
            |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        assert_eq!(value("tenant").as_deref(), Some("1"));
        assert_eq!(value("state").as_deref(), Some("s"));
        assert_eq!(value("nonce").as_deref(), Some("n"));
        assert_eq!(value("code_challenge_method").as_deref(), Some("S256"));
        assert_eq!(value("code_verifier"), None, "the verifier stays here");
    }
}

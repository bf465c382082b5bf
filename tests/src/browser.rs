//! A person at the page: forms, cookies and redirects, as a browser without JavaScript has them.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};

use reqwest::blocking::{Client, RequestBuilder};
use reqwest::redirect::Policy;

/// A browser at the page of one server.
#[derive(Debug)]
pub struct Browser {
    http: Client,
    address: SocketAddr,
    cookies: Mutex<BTreeMap<String, String>>,
}

/// A page that a browser got.
#[derive(Clone, Debug)]
pub struct Screen {
    /// The status.
    pub status: u16,
    /// Where it sends the browser.
    pub location: Option<String>,
    /// The cookies that it sets, as their headers.
    pub cookies: Vec<String>,
    /// Its headers, by name.
    pub headers: BTreeMap<String, String>,
    /// The HTML.
    pub html: String,
}

impl Browser {
    /// A browser without cookies.
    #[must_use]
    pub fn at(address: SocketAddr) -> Self {
        let http = Client::builder().no_proxy().pool_max_idle_per_host(0).redirect(Policy::none()).build();
        Self { http: http.expect("valid client settings"), address, cookies: Mutex::default() }
    }

    /// Signs in as the demo's person of this name.
    #[track_caller]
    pub fn sign_in(&self, name: &str) -> Screen {
        let start = self.open("/").html;
        let (before, _) = start.split_once(&format!(">{name}</button>")).expect("a person of the demo");
        let number = before.rsplit("value=\"").next().expect("a value").trim_end_matches('"');
        let signed_in = self.post("/sign-in", &[("person", number)]);
        assert_eq!(signed_in.status, 303, "{}", signed_in.html);
        signed_in
    }

    /// Opens an address of the page.
    pub fn open(&self, path: &str) -> Screen {
        self.send(self.http.get(self.url(path)))
    }

    /// Sends a form of the page itself.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Screen {
        self.post_from("same-origin", path, fields)
    }

    /// Sends a form that is on a page of this site, as `Sec-Fetch-Site` names it.
    pub fn post_from(&self, site: &str, path: &str, fields: &[(&str, &str)]) -> Screen {
        self.send(self.http.post(self.url(path)).header("sec-fetch-site", site).form(fields))
    }

    /// The value of a cookie.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// Sets a cookie.
    pub fn set_cookie(&self, name: &str, value: &str) {
        let mut cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        cookies.insert(name.to_owned(), value.to_owned());
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn send(&self, request: RequestBuilder) -> Screen {
        let cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let cookies: Vec<_> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let response = request.header("cookie", cookies.join("; ")).send().expect("an answer");
        let text = |value: &reqwest::header::HeaderValue| value.to_str().unwrap_or_default().to_owned();
        let set: Vec<_> = response.headers().get_all("set-cookie").iter().map(text).collect();
        for cookie in &set {
            let (name, value) =
                cookie.split(';').next().and_then(|pair| pair.split_once('=')).unwrap_or_default();
            self.set_cookie(name, value);
        }
        Screen {
            status: response.status().as_u16(),
            location: response.headers().get("location").map(text),
            cookies: set,
            headers: response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
            html: response.text().expect("HTML"),
        }
    }
}

impl Screen {
    /// The fields of the form with their values; a list is chosen from and a box is ticked as shown.
    #[must_use]
    pub fn fields(&self) -> Vec<(String, String)> {
        let parts = self.html.split('<').skip(1);
        let mut fields: Vec<(String, String)> = Vec::new();
        for part in parts {
            let Some((tag, after)) = part.split_once('>') else { continue };
            let name = attribute(tag, "name").filter(|name| {
                name.starts_with('/') || ["key", "version", "as", "use"].contains(&name.as_str())
            });
            match (tag.split(' ').next(), name) {
                (Some("input"), Some(_)) if tag.contains("checkbox") && !tag.ends_with("checked") => {}
                (Some("input"), Some(name)) => {
                    fields.push((name, attribute(tag, "value").unwrap_or_default()));
                }
                (Some("textarea"), Some(name)) => {
                    fields.push((name, unescaped(after.trim_start_matches('\n'))));
                }
                (Some("select"), Some(name)) => fields.push((name, String::new())),
                (Some("option"), None) if tag.ends_with(" selected") => {
                    if let Some((_, value)) = fields.last_mut() {
                        *value = attribute(tag, "value").unwrap_or_default();
                    }
                }
                _ => {}
            }
        }
        fields
    }

    /// The fields of the form, with these typed.
    #[must_use]
    pub fn typed<'a>(&self, typed: &[(&'a str, &'a str)]) -> Vec<(String, String)> {
        let kept = self.fields().into_iter().filter(|(name, _)| typed.iter().all(|(other, _)| other != name));
        kept.chain(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))).collect()
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, after) = tag.split_once(&format!(" {name}=\""))?;
    Some(unescaped(after.split('"').next()?))
}

fn unescaped(text: &str) -> String {
    [("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")]
        .iter()
        .fold(text.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}

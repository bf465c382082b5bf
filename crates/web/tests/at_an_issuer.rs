//! Signing in at an organisation's own issuer, and a ledger that does not answer.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use actix_web::body::to_bytes;
use actix_web::cookie::Cookie;
use actix_web::dev::ServiceResponse;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::web::{Data, Form};
use actix_web::{App, HttpResponse, HttpServer, get, post, rt};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::civil::Date;
use omklap_web::{Pages, Program, Settings, SignInWith, routes};
use reqwest::{Client, Url};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// An issuer for tests: it answers each code once, with the nonce that it was given.
#[derive(Default)]
struct Issuer {
    address: String,
    /// The nonce and the challenge of the only code.
    open: Mutex<Option<(String, String)>>,
}

#[get("/.well-known/openid-configuration")]
async fn discovery(issuer: Data<Issuer>) -> HttpResponse {
    let here = &issuer.address;
    let [authorize, exchange] = ["authorize", "token"].map(|path| format!("{here}/{path}"));
    HttpResponse::Ok()
        .json(json!({"issuer": here, "authorization_endpoint": authorize, "token_endpoint": exchange}))
}

#[post("/token")]
async fn token(issuer: Data<Issuer>, Form(form): Form<Vec<(String, String)>>) -> HttpResponse {
    let given = |name: &str| form.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value);
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(given("code_verifier")));
    let open = issuer.open.lock().expect("unlocked").take().filter(|(_, sent)| *sent == challenge);
    let Some((nonce, _)) = open else {
        return HttpResponse::BadRequest().json(json!({"error": "invalid_grant"}));
    };
    let identity = json!({"iss": issuer.address, "aud": "cosis-page", "nonce": nonce, "name": "Corine"});
    let access = unsigned(&json!({"role": "guide"}));
    HttpResponse::Ok()
        .json(json!({"access_token": access, "id_token": unsigned(&identity), "token_type": "Bearer"}))
}

fn unsigned(claims: &Value) -> String {
    format!("e30.{}.", URL_SAFE_NO_PAD.encode(claims.to_string()))
}

/// Starts the issuer, and makes the page of a ledger at an address where nobody listens.
fn issuer_and_page() -> (Data<Issuer>, Data<Pages>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let issuer = Data::new(Issuer { address: address.clone(), open: Mutex::default() });
    let answering = issuer.clone();
    let server =
        HttpServer::new(move || App::new().app_data(answering.clone()).service(discovery).service(token));
    rt::spawn(server.workers(1).listen(listener).expect("listens").run());
    let program = Program {
        key: "cosis".to_owned(),
        name: "Cosis".to_owned(),
        organisation: "cosis".to_owned(),
        issuer: address,
        client_id: "cosis-page".to_owned(),
        secret: None,
        scope: "trajectories:read".to_owned(),
    };
    let settings = Settings {
        api: Url::parse("http://127.0.0.1:9/").expect("an address"),
        own: Url::parse("https://omklap.example/").expect("an address"),
        sign_in: SignInWith::Issuers(vec![program]),
        theme: String::new(),
        http: Client::builder().no_proxy().build().expect("a client"),
        today: Box::new(|| Date::constant(2026, 11, 1)),
    };
    (issuer, Data::from(Arc::new(Pages::new(settings))))
}

/// A request to the page with these cookies.
async fn open(pages: &Data<Pages>, path: &str, cookies: &[Cookie<'static>]) -> ServiceResponse {
    let app = init_service(App::new().app_data(pages.clone()).configure(routes)).await;
    let request =
        cookies.iter().fold(TestRequest::get().uri(path), |request, one| request.cookie(one.clone()));
    call_service(&app, request.to_request()).await
}

fn cookie(response: &ServiceResponse, name: &str) -> Option<Cookie<'static>> {
    response.response().cookies().find(|cookie| cookie.name() == name).map(Cookie::into_owned)
}

/// Begins to sign in: the cookie of the browser and the `state`. The issuer has a code for it.
async fn begin(issuer: &Data<Issuer>, pages: &Data<Pages>) -> (Cookie<'static>, String) {
    let sent = open(pages, "/sign-in/with/cosis", &[]).await;
    assert_eq!(sent.status(), 303);
    let to = sent.headers().get("location").and_then(|to| to.to_str().ok()).expect("an address").to_owned();
    let to = Url::parse(&to).expect("an address");
    let value = |name: &str| to.query_pairs().find(|(key, _)| key == name).expect(name).1.into_owned();
    assert_eq!(value("redirect_uri"), "https://omklap.example/sign-in/return");
    *issuer.open.lock().expect("unlocked") = Some((value("nonce"), value("code_challenge")));
    (cookie(&sent, "__Host-omklap-sign-in").expect("a cookie"), value("state"))
}

#[actix_web::test]
async fn a_person_signs_in_at_the_own_organisation_and_a_code_that_is_replayed_opens_nothing() {
    let (issuer, pages) = issuer_and_page();
    let (browser, state) = begin(&issuer, &pages).await;
    let back = format!("/sign-in/return?code=c&state={state}");
    let signed_in = open(&pages, &back, std::slice::from_ref(&browser)).await;
    assert_eq!(signed_in.status(), 303);
    let session = cookie(&signed_in, "__Host-omklap").expect("a session");
    assert!(
        session.secure() == Some(true) && session.http_only() == Some(true) && session.domain().is_none()
    );
    assert_eq!(session.path(), Some("/"));
    let replayed = open(&pages, &back, &[browser]).await;
    assert_eq!(replayed.status(), 400);
    assert!(cookie(&replayed, "__Host-omklap").is_none());
}

#[actix_web::test]
async fn a_sign_in_with_a_wrong_state_or_in_another_browser_opens_nothing() {
    let (issuer, pages) = issuer_and_page();
    let (browser, state) = begin(&issuer, &pages).await;
    let made_up = open(&pages, "/sign-in/return?code=c&state=made-up", std::slice::from_ref(&browser)).await;
    assert_eq!(made_up.status(), 400);
    let elsewhere = open(&pages, &format!("/sign-in/return?code=c&state={state}"), &[]).await;
    assert_eq!(elsewhere.status(), 400);
    assert!(cookie(&elsewhere, "__Host-omklap").is_none());
}

#[actix_web::test]
async fn a_code_that_the_issuer_does_not_know_or_an_identity_for_another_sign_in_is_refused() {
    let (issuer, pages) = issuer_and_page();
    let (browser, state) = begin(&issuer, &pages).await;
    let known = issuer.open.lock().expect("unlocked").take().expect("a code");
    let unknown = open(&pages, &format!("/sign-in/return?code=c&state={state}"), &[browser]).await;
    assert_eq!(unknown.status(), 403);
    let (browser, state) = begin(&issuer, &pages).await;
    let (_, challenge) = issuer.open.lock().expect("unlocked").take().expect("a code");
    *issuer.open.lock().expect("unlocked") = Some((known.0, challenge));
    let other_nonce = open(&pages, &format!("/sign-in/return?code=c&state={state}"), &[browser]).await;
    assert_eq!(other_nonce.status(), 403);
    assert!(cookie(&other_nonce, "__Host-omklap").is_none());
}

#[actix_web::test]
async fn a_ledger_that_does_not_answer_is_said_in_words_and_what_was_typed_is_kept() {
    let (issuer, pages) = issuer_and_page();
    let (browser, state) = begin(&issuer, &pages).await;
    let signed_in = open(&pages, &format!("/sign-in/return?code=c&state={state}"), &[browser]).await;
    let session = cookie(&signed_in, "__Host-omklap").expect("a session");
    let worklist = open(&pages, "/worklist", std::slice::from_ref(&session)).await;
    assert_eq!(worklist.status(), 503);
    let app = init_service(App::new().app_data(pages.clone()).configure(routes)).await;
    let form = TestRequest::post()
        .uri("/cases/01900000-0000-7000-8000-000000000001/report/signal-answered")
        .insert_header(("sec-fetch-site", "same-origin"))
        .cookie(session)
        .set_form([("key", "k-1"), ("/answer", "Dezelfde dag langsgegaan."), ("do", "record")]);
    let kept = call_service(&app, form.to_request()).await;
    assert_eq!(kept.status(), 503);
    let html = to_bytes(kept.into_body()).await.expect("HTML");
    let html = String::from_utf8_lossy(&html);
    assert!(html.contains("nooit twee keer"), "{html}");
    assert!(html.contains("Dezelfde dag langsgegaan.") && html.contains("k-1"), "{html}");
}

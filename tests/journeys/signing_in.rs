//! Only requests with a valid token are answered, and no partner acts in another's name.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use omklap::auth::DevelopmentIssuer;
use omklap_domain::visibility::Role;
use omklap_tests::{Answer, Ledger};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Asserts that this token is refused for exactly these reasons.
#[track_caller]
fn refused(ledger: &Ledger, token: &str, reasons: &[&str]) {
    let answer = ledger.get("/v1/trajectories").with_token(token).answer().with_status(401);
    assert_eq!(answer.problem(), "invalid-token", "{}", answer.text);
    let expected: Vec<_> = reasons.iter().map(|reason| (*reason, "Authorization")).collect();
    assert_eq!(answer.errors(), expected, "{}", answer.text);
    let challenge = "Bearer realm=\"omklap\", error=\"invalid_token\"";
    assert_eq!(answer.header("www-authenticate"), Some(challenge));
}

#[test]
fn a_request_without_a_token_is_asked_for_one() {
    let ledger = Ledger::empty();
    let nobody = ledger.get("/v1/trajectories").anonymous().answer().with_status(401);
    assert_eq!(nobody.problem(), "sign-in-required");
    assert_eq!(nobody.header("www-authenticate"), Some("Bearer realm=\"omklap\""));
    let basic = ledger.get("/v1/trajectories").anonymous().header("authorization", "Basic dTpw").answer();
    assert_eq!(basic.with_status(401).problem(), "sign-in-required");
    let token = ledger.token_claiming(&json!({}));
    let in_the_url = format!("/v1/trajectories?access_token={token}");
    assert_eq!(ledger.get(&in_the_url).anonymous().answer().with_status(401).problem(), "sign-in-required");
}

#[test]
fn a_token_that_is_not_for_here_and_now_is_not_taken() {
    let ledger = Ledger::empty();
    let now = ledger.now().as_second();
    for (claims, reason) in invalid_claims(now) {
        refused(&ledger, &ledger.token_claiming(&claims), &[reason]);
    }
    let several = json!({"exp": now - 31, "aud": "x", "role": "neighbour"});
    refused(
        &ledger,
        &ledger.token_claiming(&several),
        &["wrong-audience", "token-expired", "role-miswritten"],
    );
    let good = ledger.token_claiming(&json!({"aud": ["another-service", "omklap"], "exp": now - 29}));
    let _ = ledger.get("/v1/trajectories").with_token(&good).answer().with_status(200);
}

#[test]
fn a_token_is_good_until_it_expires_and_no_longer() {
    let ledger = Ledger::empty();
    let token = ledger.token_claiming(&json!({}));
    let ask = || ledger.get("/v1/trajectories").with_token(&token).answer();
    let _ = ask().with_status(200);
    ledger.minutes_pass(59);
    let _ = ask().with_status(200);
    ledger.minutes_pass(2);
    refused(&ledger, &token, &["token-expired"]);
}

#[test]
fn a_token_that_its_issuer_did_not_sign_is_refused() {
    let ledger = Ledger::empty();
    let token = ledger.token_claiming(&json!({}));
    let parts: Vec<_> = token.split('.').collect();
    let other = ledger.token_claiming(&json!({"client_id": "haag-wonen"}));
    let tampered = format!("{}.{}.{}", parts[0], other.split('.').nth(1).expect("claims"), parts[2]);
    refused(&ledger, &tampered, &["signature-invalid"]);
    // {"alg":"none"}
    for signature in ["", parts[2]] {
        refused(&ledger, &format!("eyJhbGciOiJub25lIn0.{}.{signature}", parts[1]), &["token-unreadable"]);
    }
    let another = DevelopmentIssuer::generate();
    refused(&ledger, &another.sign(&claims_of(&ledger)), &["signature-invalid"]);
    for rubbish in ["x", "a.b.c", "..", &token[..token.len() - 5], &format!("{token}.x")] {
        let answer = ledger.get("/v1/trajectories").with_token(rubbish).answer().with_status(401);
        assert_eq!(answer.problem(), "invalid-token", "{rubbish}");
    }
}

#[test]
fn a_public_key_is_no_shared_secret() {
    let ledger = Ledger::empty();
    let issuer = ledger.get("/development/jwks").anonymous().answer().with_status(200);
    let public = issuer.body["keys"][0]["x"].as_str().expect("a key").to_owned();
    for algorithm in [Algorithm::HS256, Algorithm::HS512] {
        let mut header = Header::new(algorithm);
        (header.kid, header.typ) = (Some("development".to_owned()), Some("at+jwt".to_owned()));
        let secret =
            EncodingKey::from_base64_secret(&format!("{public}=").replace('-', "+").replace('_', "/"));
        let forged = encode(&header, &claims_of(&ledger), &secret.expect("base64")).expect("signed");
        refused(&ledger, &forged, &["algorithm-not-allowed"]);
    }
}

#[test]
fn a_token_that_is_too_long_is_refused() {
    let ledger = Ledger::empty();
    refused(&ledger, &"x".repeat(8 * 1024 + 1), &["token-too-long"]);
    let padded = ledger.token_claiming(&json!({"padding": "x".repeat(7_000)}));
    refused(&ledger, &padded, &["token-too-long"]);
}

#[test]
fn a_key_that_the_issuer_does_not_have_is_unknown() {
    let ledger = Ledger::empty();
    let key = EncodingKey::from_ed_der(&[&ED25519[..], &[7; 32]].concat());
    let sign = |kid: &str, typ: &str| {
        let mut header = Header::new(Algorithm::EdDSA);
        (header.kid, header.typ) = (Some(kid.to_owned()), Some(typ.to_owned()));
        encode(&header, &claims_of(&ledger), &key).expect("signed")
    };
    refused(&ledger, &sign("another", "at+jwt"), &["unknown-key"]);
    refused(&ledger, &sign("../../etc/passwd", "at+jwt"), &["unknown-key"]);
    refused(&ledger, &sign("development", "at+jwt"), &["signature-invalid"]);
}

#[test]
fn a_token_says_that_it_is_an_access_token() {
    let ledger = Ledger::empty();
    let key = EncodingKey::from_ed_der(&[&ED25519[..], &[7; 32]].concat());
    let sign = |typ: Option<&str>| {
        let mut header = Header::new(Algorithm::EdDSA);
        (header.kid, header.typ) = (Some("development".to_owned()), typ.map(str::to_owned));
        encode(&header, &claims_of(&ledger), &key).expect("signed")
    };
    for other in [
        None,
        Some(""),
        Some("JWT"),
        Some("at"),
        Some("id_token+jwt"),
        Some("at+jwt "),
        Some("application/jwt"),
    ] {
        refused(&ledger, &sign(other), &["not-an-access-token"]);
    }
    // These types are accepted: only the signature is wrong.
    for access_token in ["at+jwt", "AT+JWT", "application/at+jwt"] {
        refused(&ledger, &sign(Some(access_token)), &["signature-invalid"]);
    }
}

#[test]
fn every_operation_asks_for_a_token_that_grants_it() {
    let ledger = Ledger::empty();
    let document = ledger.get("/v1/openapi.json").answer().body;
    let mut checked = 0;
    for (path, operations) in document["paths"].as_object().expect("paths") {
        for (method, operation) in operations.as_object().expect("operations") {
            let granted = operation["security"][0]["signIn"].as_array().expect("how to sign in");
            let path = path.replace("{trajectoryId}", "00000000-0000-7000-8000-000000000000");
            let path = format!("/v1{}", path.replace(['{', '}'], ""));
            let method: Method = method.to_uppercase().parse().expect("a method");
            let ask = || ledger.request(method.clone(), &path);
            assert_eq!(ask().anonymous().answer().with_status(401).problem(), "sign-in-required");
            checked += 1;
            let Some(scope) = granted.first().and_then(Value::as_str) else {
                let any = ask().with_scopes("openid offline_access").answer();
                assert!([200, 404].contains(&any.status), "any token will do: {path} {}", any.text);
                continue;
            };
            let refused = ask().with_scopes("openid offline_access").answer().with_status(403);
            assert_eq!(refused.problem(), "insufficient-scope", "{path}");
            let challenge =
                format!("Bearer realm=\"omklap\", error=\"insufficient_scope\", scope=\"{scope}\"");
            assert_eq!(refused.header("www-authenticate"), Some(challenge.as_str()));
        }
    }
    assert!(checked >= 13, "{checked} operations");
}

#[test]
fn a_program_acts_only_in_its_own_roles() {
    let ledger = Ledger::empty();
    let ask = |claims: Value| -> Answer {
        ledger.get("/v1/trajectories").with_token(&ledger.token_claiming(&claims)).answer()
    };
    for claims in [json!({"role": "housing-corporation"}), json!({"role": "auditor"}), json!({"role": null})]
    {
        let answer = ask(claims).with_status(403);
        assert_eq!(answer.problem(), "role-not-admitted");
        assert!(answer.text.contains("care-provider, nuisance-desk"), "{}", answer.text);
    }
    let without_trajectory = ask(json!({"role": "client"})).with_status(401);
    assert_eq!(without_trajectory.errors(), [("trajectory-missing", "Authorization")]);
    let without_purpose = ask(json!({"purpose": null})).with_status(401);
    assert_eq!(without_purpose.errors(), [("purpose-missing", "Authorization")]);
    assert_eq!(ask(json!({"client_id": "nobody-knows"})).with_status(403).problem(), "client-not-admitted");
}

#[test]
fn the_reporter_of_a_fact_is_read_from_the_token_and_never_from_the_body() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let mut fact = case.next("consent-given");
    fact["organisation"] = "haag-wonen".into();
    let answer = case.reporting(&fact).answer().with_status(400);
    assert_eq!(answer.errors(), [("unknown-field", "/organisation")]);
    let claimed = case.reporting(&case.next("consent-given")).header("omklap-organisation", "haag-wonen");
    let _ = claimed.as_actor("u-99").answer().with_status(201);
    let timeline = case.timeline();
    let last = timeline.last().expect("reported");
    assert_eq!((&last["actor"], &last["organisation"]), (&json!("u-99"), &json!("de-vaart")));
}

#[test]
fn a_fact_keeps_which_token_it_was_reported_with_for_its_own_organisation_and_auditors() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    for (claims, id) in [
        (json!({"jti": "at-2026-0007"}), Some("at-2026-0007")),
        (json!({"jti": "111222333"}), None),
        (json!({"jti": "x".repeat(129)}), None),
        (json!({"jti": 7}), None),
        (json!({}), None),
    ] {
        let token = ledger.token_claiming(&claims);
        let fact = case.next("privacy-explained");
        let _ = case.reporting(&fact).seen("*").with_token(&token).answer().with_status(201);
        let own = case.timeline();
        let own = own.last().expect("reported");
        assert_eq!(own["tokenDigest"], format!("{:x}", Sha256::digest(&token)), "{claims}");
        assert_eq!(own.get("tokenId").and_then(Value::as_str), id, "{claims}");
        let path = format!("{}/{}", case.events(), own["sequence"]);
        let audited = case.read_by(Role::Auditor, &path).with_status(200);
        assert_eq!(audited.body["tokenDigest"], own["tokenDigest"]);
        let others = case.read_by(Role::HousingCorporation, &path).with_status(200);
        assert_eq!((others.body.get("tokenDigest"), others.body.get("tokenId")), (None, None), "{claims}");
        case.read_again();
    }
}

#[test]
fn a_correlation_id_that_is_not_one_id_is_refused() {
    let ledger = Ledger::empty();
    let token = ledger.token_claiming(&json!({}));
    for injected in ["x\\r\\nomklap-role: auditor", "7, 8", "é"] {
        let Ok(value) = reqwest::header::HeaderValue::from_bytes(injected.as_bytes()) else { continue };
        let value = value.to_str().unwrap_or("x y").to_owned();
        let answer = ledger.get("/v1/trajectories").with_token(&token).header("x-correlation-id", &value);
        let answer = answer.answer().with_status(400);
        assert_eq!(answer.errors(), [("not-as-agreed", "X-Correlation-Id")]);
    }
}

/// Claims of an invalid token, each with the reason for its refusal.
fn invalid_claims(now: i64) -> Vec<(Value, &'static str)> {
    vec![
        (json!({"exp": now - 31}), "token-expired"),
        (json!({"nbf": now + 31}), "token-not-yet-valid"),
        (json!({"iat": now + 31}), "token-not-yet-valid"),
        (json!({"iat": null}), "token-without-instant"),
        (json!({"exp": now + 86_401}), "token-lives-too-long"),
        (json!({"exp": 1e300}), "token-lives-too-long"),
        (json!({"aud": "another-service"}), "wrong-audience"),
        (json!({"aud": []}), "wrong-audience"),
        (json!({"iss": "https://elsewhere.example.org"}), "wrong-issuer"),
        (json!({"client_id": null}), "client-miswritten"),
        (json!({"sub": null}), "subject-miswritten"),
        (json!({"sub": "Jan de Vries"}), "subject-miswritten"),
        (json!({"sub": "111222333"}), "subject-miswritten"),
        (json!({"sub": "u111222333"}), "subject-miswritten"),
        (json!({"client_id": "U-111222333"}), "client-miswritten"),
        (json!({"purpose": "case-111222333"}), "purpose-miswritten"),
        (json!({"purpose": "bsn111222333"}), "purpose-miswritten"),
        (json!({"role": "neighbour"}), "role-miswritten"),
        (json!({"purpose": "To see"}), "purpose-miswritten"),
        (json!({"trajectory": "7"}), "trajectory-miswritten"),
        (json!({"aud": null}), "audience-miswritten"),
        (json!({"aud": 7}), "audience-miswritten"),
        (json!({"aud": ["omklap", 7]}), "audience-miswritten"),
        (json!({"exp": null}), "expiry-miswritten"),
        (json!({"exp": "tomorrow"}), "expiry-miswritten"),
        (json!({"iat": "today"}), "token-without-instant"),
        (json!({"nbf": "today"}), "not-before-miswritten"),
        (json!({"scope": ["trajectories:read"]}), "scope-miswritten"),
        (json!({"roles": "guide nuisance-desk"}), "roles-miswritten"),
        (json!({"roles": ["guide", 7]}), "roles-miswritten"),
        (json!({"role": ["guide"]}), "role-miswritten"),
        (json!({"purpose": 7}), "purpose-miswritten"),
        (json!({"trajectory": {}}), "trajectory-miswritten"),
        (json!({"sub": 7}), "subject-miswritten"),
        (json!({"client_id": ["a"]}), "client-miswritten"),
    ]
}

/// The header of an Ed25519 key in PKCS #8; the 32 bytes of the key follow.
const ED25519: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// The claims of a valid token.
fn claims_of(ledger: &Ledger) -> Value {
    ledger.claims(&json!({}))
}

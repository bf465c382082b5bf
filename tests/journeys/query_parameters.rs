//! No operation ignores a query parameter. An unknown, misspelt or repeated one is refused before
//! anything happens.

use omklap_tests::{Answer, Answers, Case, Ledger, Receiver, sample_fact};
use reqwest::Method;
use serde_json::{Value, json};

use crate::complexes::{complex, corporation};
use crate::guarantee_fund::{deposit, keeper};
use crate::plans::quota;
use crate::rounds::{ROUND_DAY, called, calls};
use crate::vacancies::{VACANCY, vacancy};
use crate::webhook_faults::waits_for_attempt;

#[test]
fn every_operation_refuses_an_unknown_parameter_before_anything_happens() {
    let published = Published::new();
    let (before, mut tried) = (published.stored(), 0);
    for operation in published.operations() {
        for unknown in ["colour=red", "colour", "dryrun=true", "limit%20=1", "=1"] {
            let named = unknown.split('=').next().expect("a name").replace("%20", " ");
            published.refuses(&operation, unknown, ("unknown-parameter", &named));
        }
        tried += 1;
    }
    assert!(tried > 30, "{tried} operations");
    assert_eq!(published.stored(), before, "nothing happened");
}

#[test]
fn every_parameter_is_accepted_under_its_published_name_only_and_once() {
    let published = Published::new();
    let (before, mut tried) = (published.stored(), 0);
    for operation in published.operations() {
        for name in &operation.parameters {
            let other = name.to_uppercase();
            published.refuses(&operation, &format!("{other}=1"), ("unknown-parameter", &other));
            published.refuses(&operation, &format!("{name}=1&{name}=1"), ("given-twice", name));
            tried += 1;
        }
    }
    assert!(tried > 40, "{tried} parameters");
    assert_eq!(published.stored(), before, "nothing happened");
}

#[test]
fn a_value_of_no_form_is_answered_with_the_form_or_the_values() {
    let published = Published::new();
    let mut named = 0;
    for operation in published.operations() {
        for name in &operation.parameters {
            let answer = published.answer_to(&operation, &format!("{name}=%E2%82%AC"));
            if answer.status != 400 {
                continue;
            }
            for error in answer.body["errors"]
                .as_array()
                .expect("errors")
                .iter()
                .filter(|one| one["parameter"] == **name)
            {
                let (code, detail) =
                    (error["code"].as_str().expect("a code"), error["detail"].as_str().expect("a detail"));
                let says_more = !["not-as-agreed", "not-one-of"].contains(&code)
                    || detail.contains(": ")
                    || detail.contains("did you mean");
                assert!(says_more, "{} {}: {detail}", operation.method, operation.path);
                named += 1;
            }
        }
    }
    assert!(named > 40, "{named} parameters");
}

#[test]
fn a_dry_run_of_a_subscription_is_refused_and_creates_nothing() {
    let ledger = Ledger::empty();
    let wanted = json!({ "url": "https://hooks.example.org/in" });
    let tried = ledger.post("/v1/subscriptions?dryRun=true").json(&wanted).answer().with_status(400);
    assert_eq!(tried.errors(), [("unknown-parameter", "dryRun")]);
    assert_eq!(ledger.rows("subscriptions"), 0);
}

#[test]
fn a_caller_who_may_not_use_an_operation_does_not_learn_its_parameters() {
    let ledger = Ledger::empty();
    let misspelt = || ledger.post("/v1/subscriptions?colour=red").json(&json!({}));
    assert_eq!(misspelt().anonymous().answer().with_status(401).problem(), "sign-in-required");
    let refused = misspelt().with_scopes("figures:read").answer().with_status(403);
    assert_eq!(refused.problem(), "insufficient-scope");
}

// --- the vocabulary ---------------------------------------------------------------------------

/// A ledger with data for every path, and its published API.
struct Published {
    ledger: Ledger,
    case: Case,
    document: Value,
    subscription: String,
    message: String,
    complex: String,
    fund_year: String,
    _receiver: Receiver,
}

/// One published operation, with the names of its query parameters.
struct Operation {
    method: Method,
    path: String,
    parameters: Vec<String>,
}

impl Published {
    fn new() -> Self {
        let ledger = Ledger::empty();
        let receiver = Receiver::that_answers(Answers::With(204));
        let subscription = receiver.subscribe(&ledger)["subscriptionId"].as_str().expect("an id").to_owned();
        let case = ledger.ready();
        let message = receiver.waits_for(3)[0].id().to_owned();
        // Wait until the results of the attempts are stored.
        let _ = waits_for_attempt(&ledger, &format!("/v1/subscriptions/{subscription}"), 3);
        let document = ledger.get("/v1/openapi.json").answer().with_status(200).body;
        let complex = corporation(ledger.post("/v1/complexes").json(&complex())).answer().with_status(201);
        corporation(ledger.post("/v1/vacancies").json(&vacancy())).answer().with_status(201);
        let plan = ledger.post("/v1/plans").by("transferpunt").in_role("matching-point");
        plan.json(&quota()).answer().with_status(201);
        calls(&ledger);
        let complex = complex.body["id"].as_str().expect("an id").to_owned();
        let fund_year = keeper(ledger.post("/v1/guarantee-fund-years").json(&deposit("stadswonen"))).answer();
        let fund_year = fund_year.with_status(201).body["id"].as_str().expect("an id").to_owned();
        Self { ledger, case, document, subscription, message, complex, fund_year, _receiver: receiver }
    }

    fn operations(&self) -> Vec<Operation> {
        let mut operations = Vec::new();
        for (path, item) in self.document["paths"].as_object().expect("paths") {
            for (method, operation) in item.as_object().expect("operations") {
                let parameters = operation["parameters"].as_array().into_iter().flatten();
                let parameters = parameters.filter(|one| one["in"] == "query");
                let parameters = parameters.filter_map(|one| Some(one["name"].as_str()?.to_owned()));
                operations.push(Operation {
                    method: method.to_uppercase().parse().expect("a method"),
                    path: self.path(path),
                    parameters: parameters.collect(),
                });
            }
        }
        operations
    }

    /// The path with the IDs of existing data.
    fn path(&self, template: &str) -> String {
        let path = format!("/v1{template}").replace("{trajectoryId}", &self.case.id);
        let path = path.replace("{subscriptionId}", &self.subscription).replace("{messageId}", &self.message);
        let path = path.replace("{organisationId}", "de-vaart").replace("{region}", "amsterdam");
        let path = path
            .replace("{complexId}", &self.complex)
            .replace("{vacancyId}", VACANCY)
            .replace("{fundYearId}", &self.fund_year)
            .replace("{year}", "2021")
            .replace("{date}", ROUND_DAY)
            .replace("{streamId}", &self.complex);
        path.replace("{figure}", "flip-rate").replace("{sequence}", "1").replace("{hash}", &"0".repeat(64))
    }

    #[track_caller]
    fn refuses(&self, operation: &Operation, query: &str, expected: (&str, &str)) {
        let Operation { method, path, .. } = operation;
        let answer = self.answer_to(operation, query);
        assert_eq!(answer.status, 400, "{method} {path}?{query}: {}", answer.text);
        assert!(answer.errors().contains(&expected), "{method} {path}?{query}: {}", answer.text);
    }

    /// The answer to a caller with every scope, whose request is otherwise correct.
    fn answer_to(&self, Operation { method, path, .. }: &Operation, query: &str) -> Answer {
        let granted =
            "trajectories:read trajectories:report trajectories:import figures:read audit:read admin";
        let request = self.ledger.request(method.clone(), &format!("{path}?{query}")).with_scopes(granted);
        if method == Method::GET || method == Method::DELETE {
            return request.answer();
        }
        let request = if path.starts_with("/v1/trajectories/") && method == Method::PUT {
            request.header("if-none-match", "*")
        } else {
            request.seen("*")
        };
        request.json(&self.body(path)).answer()
    }

    fn body(&self, path: &str) -> Value {
        match path {
            "/v1/subscriptions" => json!({ "url": "https://hooks.example.org/in" }),
            path if path.starts_with("/v1/complexes") => complex(),
            path if path.starts_with("/v1/vacancies") => vacancy(),
            path if path.starts_with("/v1/guarantee-fund-years") => deposit("stadswonen"),
            path if path.contains("/plans") => quota(),
            path if path.contains("/rounds") => called(),
            path if path.ends_with("/reference") => json!({ "reference": "ZV-1" }),
            path if path.ends_with("/events") => self.case.next("consent-given"),
            path if path.starts_with("/v1/trajectories") => {
                sample_fact("intake-registered").happening(self.case.day())
            }
            path if path.starts_with("/v1/organisations") => json!({
                "kind": "care-provider", "name": "Changed", "regions": ["amsterdam"],
                "clients": [{"clientId": "de-vaart", "roles": ["care-provider"]}],
            }),
            _ => json!({}),
        }
    }

    /// All data that an operation could change.
    fn stored(&self) -> Vec<String> {
        let tables = [
            "events",
            "(SELECT subscription_id, url, state, secret FROM subscriptions)",
            "delivery_attempts",
            "organisations",
            "clients",
            "idempotency_keys",
            "own_references",
            "access_log",
        ];
        let stored = tables.map(|table| {
            let rows =
                format!("SELECT coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '') FROM {table} t");
            self.ledger.in_the_database(async |owner| {
                sqlx::query_scalar::<_, String>(&rows).fetch_one(owner).await.expect("a table")
            })
        });
        stored.into()
    }
}

//! What makes two requests under one idempotency key the same: their path, and their JSON in its
//! canonical form (RFC 8785). The order of fields, white space, and the way in which a character or
//! a number is written say nothing.

use serde_json::Value;
use sha2::{Digest, Sha256};

/// The hash of a request to this path with this body.
///
/// # Panics
/// Never: what was read as JSON can be written as JSON.
#[must_use]
pub fn request_hash(path: &str, body: &Value) -> [u8; 32] {
    let canonical = serde_json_canonicalizer::to_vec(body).expect("it was read as JSON");
    Sha256::new().chain_update(path).chain_update([0]).chain_update(canonical).finalize().into()
}

#[cfg(test)]
mod tests {
    use omklap_domain::trajectory::work::Work;

    use super::*;
    use crate::http::request::json;

    fn hash(body: &str) -> [u8; 32] {
        let read = json::read(body.as_bytes(), &Work::default());
        request_hash("/v1/trajectories", &read.value.expect("JSON"))
    }

    #[test]
    fn one_content_has_one_hash_however_it_is_written() {
        let one = hash(r#"{"type":"a","n":30,"t":"é/","l":[1,2]}"#);
        for same in [
            r#"{"n":30,"l":[1,2],"t":"é/","type":"a"}"#,
            "{ \"type\" : \"a\",\n\t\"n\": 3.0e1, \"t\": \"\\u00e9\\/\", \"l\": [ 1, 2.0 ] }\r\n",
        ] {
            assert_eq!(hash(same), one, "{same}");
        }
        for other in [
            r#"{"type":"a","n":31,"t":"é/","l":[1,2]}"#,
            r#"{"type":"a","n":30,"t":"é/","l":[2,1]}"#,
            r#"{"type":"a","n":"30","t":"é/","l":[1,2]}"#,
            r#"{"type":"a","n":30,"t":"e\u0301/","l":[1,2]}"#,
            r#"[{"type":"a","n":30,"t":"é/","l":[1,2]}]"#,
            r#"{"type":"a","n":30,"t":"é/","l":[1,2],"m":null}"#,
        ] {
            assert_ne!(hash(other), one, "{other}");
        }
    }

    #[test]
    fn the_same_body_elsewhere_is_another_request() {
        let body = serde_json::json!({});
        assert_ne!(request_hash("/v1/a", &body), request_hash("/v1/b", &body));
    }
}

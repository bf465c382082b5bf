//! The query of a list: its cursor, and every parameter that is read beside it.
#![no_main]

use actix_web::test::TestRequest;
use libfuzzer_sys::fuzz_target;
use omklap::http::feed::cursor::Cursor;
use omklap::http::request::page::PageParams;
use omklap::http::request::query::Query;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(cursor) = text.parse::<Cursor>() {
        assert_eq!(cursor.to_string(), text);
    }
    let uri = format!("/v1/trajectories?{text}");
    if uri.parse::<actix_web::http::Uri>().is_err() {
        return;
    }
    let request = TestRequest::get().uri(&uri).to_http_request();
    let mut query = Query::of(&request);
    let params = PageParams::<String>::read(&mut query);
    assert!((1..=500).contains(&params.limit));
    query.take_day("validOn");
    query.take_instant("knownAt");
    query.take_year("year");
});

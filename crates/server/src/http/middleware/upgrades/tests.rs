use proptest::prelude::*;

use super::*;

const ASKS: &str =
    "Connection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAAAA\r\nUpgrade: h2c\r\n";
const ANSWERED: &str =
    "Connection: Upgrad-, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAAAA\r\nUpgrade: ---\r\n";

/// The bytes that are read when these requests arrive in pieces of these lengths.
fn read(sent: &str, lengths: &[usize]) -> String {
    let (mut requests, mut bytes) = (Requests::default(), sent.as_bytes().to_vec());
    let (mut at, mut pieces) = (0, lengths.iter().cycle());
    while at < bytes.len() {
        let end = bytes.len().min(at + pieces.next().copied().unwrap_or(usize::MAX / 2));
        requests.read(&mut bytes[at..end]);
        at = end;
    }
    String::from_utf8(bytes).expect("letters replaced by others")
}

/// One request, and what is read of it: bodies and values that look like the header stay as they
/// are.
fn requests() -> impl Strategy<Value = (String, String)> {
    let body = prop::sample::select(vec![
        "",
        "{}",
        "connection: upgrade\r\nupgrade: h2c\r\n\r\n",
        "\r\nGET / HTTP/1.1\r\nconnection: upgrade\r\n\r\n",
    ]);
    (body, any::<bool>(), any::<bool>()).prop_map(|(body, chunked, asks)| {
        let framed = if chunked {
            let chunk = if body.is_empty() {
                String::new()
            } else {
                format!("{:X};x=upgrade\r\n{body}\r\n", body.len())
            };
            format!("transfer-encoding: chunked\r\n\r\n{chunk}0\r\nconnection: upgrade\r\n\r\n")
        } else {
            format!("Content-Length: {}\r\n\r\n{body}", body.len())
        };
        let head = "POST /v1/x?connection:upgrade HTTP/1.1\r\nhost: a:1\r\nx-upgrade: upgrade\r\n";
        let (sent, seen) = if asks { (ASKS, ANSWERED) } else { ("", "") };
        (format!("{head}{sent}{framed}"), format!("{head}{seen}{framed}"))
    })
}

proptest! {
    #[test]
    fn only_the_upgrade_is_removed_from_a_request_however_it_arrives(
        sent in prop::collection::vec(requests(), 1..5),
        lengths in prop::collection::vec(1_usize..40, 1..5),
    ) {
        let (sent, seen): (Vec<_>, Vec<_>) = sent.into_iter().unzip();
        prop_assert_eq!(read(&sent.concat(), &lengths), seen.concat());
    }

    #[test]
    fn no_bytes_make_it_panic_or_change_their_number(bytes in any::<Vec<u8>>()) {
        let mut read = bytes.clone();
        Requests::default().read(&mut read);
        prop_assert_eq!(read.len(), bytes.len());
    }
}

#[test]
fn other_options_of_a_connection_stay() {
    for (sent, seen) in [
        ("connection: close", "connection: close"),
        ("CONNECTION:keep-alive,UPGRADE", "CONNECTION:keep-alive,UPGRAD-"),
        ("Connection: upgrade, close", "Connection: upgrad-, close"),
        ("Upgrade: websocket, h2c", "Upgrade: ---------, ---"),
        ("Upgrade-Insecure-Requests: 1", "Upgrade-Insecure-Requests: 1"),
        ("x: connection: upgrade", "x: connection: upgrade"),
    ] {
        let request = |header: &str| format!("GET / HTTP/1.1\r\n{header}\r\n\r\n");
        assert_eq!(read(&request(sent), &[]), request(seen));
    }
}

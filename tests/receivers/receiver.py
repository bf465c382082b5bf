"""A receiver on the Python libraries `standardwebhooks` and `cloudevents`: `receiver.py PORT FILE`.

A PUT sets the secret. Every accepted message is appended to FILE as one line: type, subject, version, id.
"""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cloudevents.core.bindings.http import HTTPMessage, from_http_event
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

secrets = []


class Receiver(BaseHTTPRequestHandler):
    def do_PUT(self):
        secrets[:] = [self.rfile.read(int(self.headers["content-length"])).decode()]
        self.send_response(204)
        self.end_headers()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        try:
            Webhook(secrets[0]).verify(body, dict(self.headers.items()))
        except WebhookVerificationError as error:
            print("refused:", error, file=sys.stderr)
            self.send_response(401)
            self.end_headers()
            return
        # A message that was changed on the way must not verify.
        try:
            Webhook(secrets[0]).verify(body.replace(b"v1", b"v2"), dict(self.headers.items()))
            sys.exit("a changed message verified")
        except WebhookVerificationError:
            pass
        event = from_http_event(HTTPMessage(dict(self.headers.items()), body))
        assert event.get_specversion() == "1.0" and event.get_source().startswith("urn:nld:"), event
        assert event.get_id() == self.headers["webhook-id"], event
        assert all(name == name.lower() and name.isalnum() for name in event.get_attributes()), event
        with open(sys.argv[2], "a") as accepted:
            version = event.get_data().get("version")
            print(event.get_type(), event.get_subject(), version, event.get_id(), file=accepted, flush=True)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()

"""Traffic on a ledger: a driver that reports, a follower of the feed, a receiver of webhooks."""

import http.client
import json
import random
import sys
import threading
import time
import urllib.parse
import uuid
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PROVIDER = {"kind": "care-provider", "name": "drill-zorg", "regions": ["amsterdam"], "contactPoints": {},
                "clients": [{"clientId": "drill-zorg", "roles": ["care-provider", "guide"], "purpose": "drill"}]}
MUNICIPALITY = {"kind": "municipality", "name": "drill-stad", "regions": ["amsterdam"], "contactPoints": {},
                "clients": []}


class Api:
    """The API at one address, over a connection that is opened again whenever it broke."""

    def __init__(self, address):
        self.host = urllib.parse.urlsplit(address).netloc
        self.connection = None

    def call(self, method, path, token=None, body=None, headers=None, seconds=35):
        """The status and the body of an answer. Raises OSError if there is none."""
        send = {"Accept-Language": "en", **(headers or {})}
        if token:
            send["Authorization"] = f"Bearer {token}"
        if isinstance(body, (dict, list)):
            body, send["Content-Type"] = json.dumps(body), "application/json"
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(self.host, timeout=seconds)
            self.connection.request(method, path, body, send)
            answer = self.connection.getresponse()
            read = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise OSError(str(error)) from error
        try:
            return answer.status, json.loads(read) if read else {}
        except ValueError:
            return answer.status, {}

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None


def token(address, client, scopes, role=None):
    """A token of the development issuer."""
    form = {"grant_type": "client_credentials", "client_id": client, "scope": scopes, "purpose": "drill"}
    if role:
        form["role"] = role
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    status, answer = Api(address).call("POST", "/development/token", None, urllib.parse.urlencode(form), headers)
    if status != 200:
        raise OSError(f"no token: {status}")
    return answer["access_token"]


def report_scopes():
    return "trajectories:read trajectories:report"


class Driver:
    """Reports without a pause, each report under its own idempotency key until it is answered."""

    def __init__(self, address, workers=8, seed=1):
        self.address, self.workers, self.seed = address, workers, seed
        self.going = threading.Event()
        self.lock = threading.Lock()
        self.acknowledged = {}   # signal id -> the instants at which it was sent and acknowledged
        self.refused = set()     # signal ids of reports that were refused
        self.open_ones = set()   # trajectories
        self.answers = []        # (instant, seconds) of each acknowledgement
        self.failures = []       # what ended a worker
        self.threads = []

    def start(self):
        self.going.set()
        self.threads = [threading.Thread(target=self.work, args=(number,)) for number in range(self.workers)]
        for thread in self.threads:
            thread.start()

    def stop(self):
        """Stops; what is under way is sent until it is answered."""
        self.going.clear()
        for thread in self.threads:
            thread.join(120)

    def until_answered(self, api, path, body, headers):
        """Sends a request with the same key until it has an answer that is final."""
        while True:
            try:
                access = self.access()
                status, answer = api.call("POST", path, access, body, headers)
            except OSError:
                time.sleep(0.05)
                continue
            # 408: a server that stood still for longer than a request may take to arrive.
            if status in (401, 408, 429, 500, 502, 503, 504):
                time.sleep(0.05)
                continue
            return status, answer

    def access(self):
        with self.lock:
            if getattr(self, "token", None) is None or time.monotonic() > self.expires:
                self.token = token(self.address, "drill-zorg", report_scopes(), "care-provider")
                self.expires = time.monotonic() + 1800
            return self.token

    def work(self, number):
        try:
            self.report_on(number)
        except Exception as failure:  # A worker that ends unseen would make every drill look harmless.
            with self.lock:
                self.failures.append(f"worker {number}: {failure}")

    def report_on(self, number):
        draw = random.Random(f"{self.seed}-{number}")
        api = Api(self.address)
        trajectory, reported = None, 0
        while self.going.is_set():
            if trajectory is None or reported >= 40:
                trajectory, reported = self.open(api), 0
            self.report(api, trajectory, draw)
            reported += 1

    def open(self, api):
        intake = {"type": "intake-registered", "occurredOn": "2026-01-05", "careProvider": "drill-zorg",
                  "municipality": "drill-stad", "region": "amsterdam",
                  "agreementSet": {"id": "amsterdam-2020", "version": 1}, "origin": "group-home",
                  "clientName": "A. Drill"}
        status, answer = self.until_answered(api, "/v1/trajectories", intake, {"Idempotency-Key": str(uuid.uuid4())})
        if status != 201:
            raise AssertionError(f"a trajectory was not opened: {status} {answer}")
        with self.lock:
            self.open_ones.add(answer["trajectoryId"])
        return answer["trajectoryId"]

    def report(self, api, trajectory, draw):
        """Reports a signal, and returns its id if it was recorded."""
        signal = str(uuid.uuid4())
        fact = {"type": "signal-reported", "occurredOn": "2026-02-02", "signalId": signal, "source": "neighbour",
                "kind": "home", "asked": "care-provider", "asksForGuidance": False, "observation": "drill"}
        if draw.random() < 0.1:
            # Before the intake: refused, and never recorded.
            fact["occurredOn"] = "2025-12-01"
        sent, began = time.time(), time.monotonic()
        status, answer = self.send(api, trajectory, fact)
        now = time.monotonic()
        with self.lock:
            if status == 201:
                self.acknowledged[signal] = (sent, time.time())
                self.answers.append((now, now - began))
                return signal
            if status not in (409, 422, 400):
                raise AssertionError(f"an answer that nobody expected: {status} {answer}")
            self.refused.add(signal)
        return None

    def send(self, api, trajectory, fact):
        """Reports a fact until it is answered."""
        headers = {"Idempotency-Key": str(uuid.uuid4()), "If-Match": "*"}
        return self.until_answered(api, f"/v1/trajectories/{trajectory}/events", fact, headers)

    def longest_gap(self, since):
        """The longest time without an acknowledgement since this instant, in seconds."""
        with self.lock:
            at = [instant for instant, _ in self.answers if instant >= since]
        at = [since, *at, time.monotonic()]
        return max((later - earlier for earlier, later in zip(at, at[1:])), default=0.0)


class Follower:
    """Follows the feed all the time and keeps what it reads, in order."""

    def __init__(self, address):
        self.address = address
        self.items = []
        self.after = None
        self.going = threading.Event()
        self.thread = threading.Thread(target=self.follow)

    def start(self):
        self.going.set()
        self.thread.start()

    def stop(self):
        self.going.clear()
        self.thread.join(60)

    def follow(self):
        api, access = Api(self.address), None
        while self.going.is_set():
            query = {"wait": "1s", "limit": "500"}
            if self.after:
                query["after"] = self.after
            try:
                access = access or token(self.address, "drill-zorg", report_scopes(), "care-provider")
                status, page = api.call("GET", f"/v1/feed?{urllib.parse.urlencode(query)}", access)
            except OSError:
                time.sleep(0.1)
                continue
            if status == 401:
                access = None
            if status != 200:
                time.sleep(0.1)
                continue
            self.items.extend(page["items"])
            self.after = page["next"]


class QuietServer(ThreadingHTTPServer):
    """A server that says nothing when a connection breaks: that is what a drill does."""

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Receiver:
    """Receives webhooks, and counts how often each message came."""

    def __init__(self, port):
        # How often each message came, by its id.
        self.seen, lock = Counter(), threading.Lock()
        # While it is set, no message is answered.
        self.hangs = threading.Event()
        seen, hangs = self.seen, self.hangs

        class Handler(BaseHTTPRequestHandler):
            # The sender keeps its connections.
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                while hangs.is_set():
                    time.sleep(0.05)
                with lock:
                    seen[event["id"]] += 1
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = QuietServer(("127.0.0.1", port), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever)

    def start(self):
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.thread.join(10)

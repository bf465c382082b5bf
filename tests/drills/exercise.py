"""What must be true of a ledger under drills, and one run of them. A run fails on a lost, doubled or missing fact,
never on a slow machine."""

import argparse
import random
import shutil
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter

from programs import free_ports, wait, wait_for_all
from traffic import MUNICIPALITY, PROVIDER, Api, Driver, Follower, Receiver, report_scopes, token


class Exercise:
    """One run: programs, traffic on them, drills in the order of the seed, and what must be true after each."""

    def __init__(self, programs, drills, asked):
        self.programs, self.drills, self.asked = programs, drills, asked
        self.broken, self.checkpoint = [], 0
        # What a drill draws: moments, lengths.
        programs.draw = random.Random(f"drills {asked.seed}")

    def run(self):
        """What was not as promised; nothing if all was."""
        began = time.monotonic()
        self.programs.start_all()
        wait("the address", lambda: Api(self.programs.address).call("GET", "/health/ready")[0] == 200)
        print(f"up after {time.monotonic() - began:.0f} s", flush=True)
        self.register()
        receiver = Receiver(free_ports(1)[0])
        receiver.start()
        self.programs.receiver = receiver
        self.subscribe(receiver)
        driver, follower = Driver(self.programs.address, seed=self.asked.seed), Follower(self.programs.address)
        follower.start()
        driver.start()
        print("| drill | longest gap (s) | acknowledged | refused | broken |\n|---|---|---|---|---|", flush=True)
        for drill in self.order():
            self.drill(drill, driver)
        driver.stop()
        self.broken += driver.failures
        self.finish(driver, follower, receiver)
        return self.broken

    def order(self):
        """The drills in an order of the seed: each once before any comes twice."""
        draw, order = random.Random(self.asked.seed), []
        while len(order) < self.asked.drills:
            turn = list(self.drills)
            draw.shuffle(turn)
            order += turn
        return order[:self.asked.drills]

    def register(self):
        admin = token(self.programs.address, "drill-admin", "admin")
        for code, organisation in (("drill-zorg", PROVIDER), ("drill-stad", MUNICIPALITY)):
            status, answer = Api(self.programs.address).call("PUT", f"/v1/organisations/{code}", admin, organisation,
                                                            {"If-None-Match": "*"})
            if status not in (200, 201):
                raise AssertionError(f"{code} was not registered: {status} {answer}")

    def access(self, scopes=None):
        scopes = scopes or report_scopes()
        return wait("a token", lambda: token(self.programs.address, "drill-zorg", scopes, "care-provider"))

    def subscribe(self, receiver):
        url = f"http://127.0.0.1:{receiver.server.server_address[1]}/hook"
        status, answer = Api(self.programs.address).call("POST", "/v1/subscriptions", self.access(), {"url": url})
        if status != 201:
            raise AssertionError(f"no subscription: {status} {answer}")

    def drill(self, drill, driver):
        time.sleep(self.asked.calm)
        began, known, before = time.monotonic(), len(self.broken), len(driver.acknowledged)
        skipped = drill(self.programs)
        self.programs.wait_until_whole()
        time.sleep(self.asked.calm)
        gap = driver.longest_gap(began)
        self.broken += driver.failures
        if not skipped and len(driver.acknowledged) == before:
            self.broken.append(f"{drill.__name__}: nothing was acknowledged during it or after it")
        self.signed_tree_grows()
        print(f"| {drill.__name__.replace('_', ' ')} | {gap:.1f} | {len(driver.acknowledged)} | {len(driver.refused)} | "
              f"{len(self.broken) - known} |" + (f" skipped: {skipped}" if skipped else ""), flush=True)

    def signed_tree_grows(self):
        status, _ = Api(self.programs.address).call("GET", "/health/ready")
        if status != 200:
            self.broken.append(f"the front is not ready: {status}")
        note = self.note()
        size = int(note.split("\n")[1]) if note else 0
        if size < self.checkpoint:
            self.broken.append(f"the checkpoint shrank from {self.checkpoint} to {size}")
        self.checkpoint = max(size, self.checkpoint)

    def note(self):
        request = urllib.request.Request(f"{self.programs.address}/v1/ledger/checkpoint",
                                         headers={"Authorization": f"Bearer {self.access('audit:read')}"})
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return ""
            raise

    def finish(self, driver, follower, receiver):
        histories = self.histories(driver)
        self.every_fact_once(driver, histories)
        recorded = {entry["eventId"]: id for id, entries in histories.items() for entry in entries}
        self.the_feed_is_complete(follower, recorded)
        follower.stop()
        try:
            wait_for_all("messages", lambda: len(recorded.keys() & receiver.seen.keys()), len(recorded))
        except TimeoutError:
            missing = len(recorded.keys() - receiver.seen.keys())
            self.broken.append(f"{missing} of {len(recorded)} messages never came")
        receiver.stop()
        # A connection that is open still may bring one more.
        messages = receiver.seen.copy()
        repeats = messages.total() - len(messages)
        code, said = self.programs.run("check", "--all")
        if code != 0:
            self.broken.append(f"omklap check --all: {said}")
        print(f"{len(recorded)} facts recorded, {len(driver.acknowledged)} signals acknowledged, {len(driver.refused)} refused, {len(follower.items)} items of "
              f"the feed, {len(messages)} messages ({repeats} repeats), checkpoint of {self.checkpoint}; broken: {len(self.broken)}")

    def histories(self, driver):
        """Every trajectory's facts, read to the end."""
        api, access, read = Api(self.programs.address), self.access(), {}
        for id in driver.open_ones:
            read[id], status = self.history(api, access, id)
            if status != 200:
                raise AssertionError(f"{id}: {status}")
        return read

    def history(self, api, access, id):
        """A trajectory's facts, read to the end, and the status of the last page."""
        entries, cursor = [], None
        while True:
            query = "?limit=200" + (f"&cursor={cursor}" if cursor else "")
            status, page = api.call("GET", f"/v1/trajectories/{id}/events{query}", access)
            if status != 200:
                return entries, status
            entries += page["items"]
            cursor = page.get("next")
            if not cursor:
                return entries, status

    def every_fact_once(self, driver, histories):
        counted = Counter((entry.get("fact") or entry["factInPart"])["signalId"] for entries in histories.values()
                          for entry in entries if entry["type"] == "signal-reported")
        lost = [signal for signal in driver.acknowledged if not counted[signal]]
        twice = [signal for signal, count in counted.items() if count > 1]
        refused = [signal for signal in driver.refused if counted[signal]]
        for what, which in (("lost", lost), ("recorded twice", twice), ("refused and recorded", refused)):
            if which:
                self.broken.append(f"{len(which)} facts {what}, such as {which[0]}")
        for id, entries in histories.items():
            if [entry["sequence"] for entry in entries] != list(range(1, len(entries) + 1)):
                self.broken.append(f"{id}: the numbers of its facts have holes")

    def the_feed_is_complete(self, follower, recorded):
        facts = lambda: [item for item in follower.items if "eventId" in item and item["eventId"] in recorded]
        try:
            wait_for_all("facts of the feed", lambda: len(facts()), len(recorded))
        except TimeoutError:
            self.broken.append(f"the feed has {len(facts())} of {len(recorded)} facts")
        ids = [item["eventId"] for item in facts()]
        if len(ids) != len(set(ids)):
            self.broken.append("the feed gave a fact twice")
        last = {}
        for item in facts():
            if item["version"] != last.get(item["trajectoryId"], 0) + 1:
                self.broken.append(f"the feed is out of order in {item['trajectoryId']}")
                break
            last[item["trajectoryId"]] = item["version"]


def words_of(about, drills):
    """The command line of a run of drills."""
    words = argparse.ArgumentParser(description=about)
    words.add_argument("omklap")
    words.add_argument("--drills", type=int, default=len(drills))
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--calm", type=float, default=4, help="seconds of traffic before and after each drill")
    return words


def in_a_folder(programs, run):
    """Runs on programs in a folder of their own and stops them. Returns an exit code: 1 if something was broken."""
    folder = tempfile.mkdtemp(prefix="omklap-drills-")
    under_test = programs(folder)
    try:
        broken = run(under_test)
    except BaseException:
        print(f"the logs are in {folder}", file=sys.stderr)
        raise
    finally:
        under_test.stop_all()
    if broken:
        print("\n".join(broken), f"the logs are in {folder}", sep="\n", file=sys.stderr)
        return 1
    shutil.rmtree(folder)
    return 0


def main(programs, drills, about):
    """Runs the drills that the command line asks for on these programs, and ends with an exit code."""
    asked = words_of(about, drills).parse_args()
    return in_a_folder(lambda folder: programs(folder, asked.omklap),
                       lambda under_test: Exercise(under_test, drills, asked).run())

"""Drills on a cluster: `main.py OMKLAP [--drills N] [--seed S]`. Fails on a lost or doubled fact, never on a slow machine."""

import argparse
import random
import shutil
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter

import drills
from cluster import SERVERS, Cluster, free_ports, wait
from traffic import MUNICIPALITY, PROVIDER, Api, Driver, Follower, Receiver, report_scopes, token


def main():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("omklap")
    words.add_argument("--drills", type=int, default=len(drills.ALL))
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--calm", type=float, default=4, help="seconds of traffic before and after each drill")
    asked = words.parse_args()
    folder = tempfile.mkdtemp(prefix="omklap-cluster-")
    cluster = Cluster(folder, asked.omklap)
    try:
        broken = Exercise(cluster, asked).run()
    except BaseException:
        print(f"the logs are in {folder}", file=sys.stderr)
        cluster.stop_all()
        raise
    cluster.stop_all()
    if broken:
        print("\n".join(broken), f"the logs are in {folder}", sep="\n", file=sys.stderr)
        return 1
    shutil.rmtree(folder)
    return 0


class Exercise:
    """One run: a cluster, traffic on it, drills in the order of the seed, and what must be true after each."""

    def __init__(self, cluster, asked):
        self.cluster, self.asked = cluster, asked
        self.broken, self.checkpoint = [], 0

    def run(self):
        began = time.monotonic()
        self.cluster.start_database()
        for server in SERVERS:
            self.cluster.start_server(server)
            wait(f"server {server}", lambda server=server: self.cluster.ready(server), 120)
        wait("the front", lambda: Api(self.cluster.address).call("GET", "/health/ready")[0] == 200)
        print(f"up after {time.monotonic() - began:.0f} s", flush=True)
        self.register()
        receiver = Receiver(free_ports(1)[0])
        receiver.start()
        self.subscribe(receiver)
        driver, follower = Driver(self.cluster.address, seed=self.asked.seed), Follower(self.cluster.address)
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
            turn = list(drills.ALL)
            draw.shuffle(turn)
            order += turn
        return order[:self.asked.drills]

    def register(self):
        admin = token(self.cluster.address, "cluster-admin", "admin")
        for code, organisation in (("cluster-zorg", PROVIDER), ("cluster-stad", MUNICIPALITY)):
            status, answer = Api(self.cluster.address).call("PUT", f"/v1/organisations/{code}", admin, organisation,
                                                            {"If-None-Match": "*"})
            if status not in (200, 201):
                raise AssertionError(f"{code} was not registered: {status} {answer}")

    def access(self, scopes=None):
        return token(self.cluster.address, "cluster-zorg", scopes or report_scopes(), "care-provider")

    def subscribe(self, receiver):
        url = f"http://127.0.0.1:{receiver.server.server_address[1]}/hook"
        status, answer = Api(self.cluster.address).call("POST", "/v1/subscriptions", self.access(), {"url": url})
        if status != 201:
            raise AssertionError(f"no subscription: {status} {answer}")

    def drill(self, drill, driver):
        time.sleep(self.asked.calm)
        began, known, before = time.monotonic(), len(self.broken), len(driver.acknowledged)
        drill(self.cluster)
        drills.whole(self.cluster)
        time.sleep(self.asked.calm)
        gap = driver.longest_gap(began)
        self.broken += driver.failures
        if len(driver.acknowledged) == before:
            self.broken.append(f"{drill.__name__}: nothing was acknowledged during it or after it")
        self.signed_tree_grows()
        print(f"| {drill.__name__.replace('_', ' ')} | {gap:.1f} | {len(driver.acknowledged)} | {len(driver.refused)} | "
              f"{len(self.broken) - known} |", flush=True)

    def signed_tree_grows(self):
        status, _ = Api(self.cluster.address).call("GET", "/health/ready")
        if status != 200:
            self.broken.append(f"the front is not ready: {status}")
        note = self.note()
        size = int(note.split("\n")[1]) if note else 0
        if size < self.checkpoint:
            self.broken.append(f"the checkpoint shrank from {self.checkpoint} to {size}")
        self.checkpoint = max(size, self.checkpoint)

    def note(self):
        request = urllib.request.Request(f"{self.cluster.address}/v1/ledger/checkpoint",
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
            wait("every webhook", lambda: recorded.keys() <= receiver.seen.keys(), 120)
        except TimeoutError:
            missing = len(recorded.keys() - receiver.seen.keys())
            self.broken.append(f"{missing} of {len(recorded)} messages never came")
        receiver.stop()
        repeats = sum(len(came) - 1 for came in receiver.seen.values())
        code, said = self.cluster.run("check", "--all")
        if code != 0:
            self.broken.append(f"omklap check --all: {said}")
        print(f"{len(recorded)} facts recorded, {len(driver.acknowledged)} signals acknowledged, {len(driver.refused)} refused, {len(follower.items)} items of "
              f"the feed, {len(receiver.seen)} messages ({repeats} repeats), checkpoint of {self.checkpoint}; broken: {len(self.broken)}")

    def histories(self, driver):
        """Every trajectory's facts, read to the end."""
        api, access, read = Api(self.cluster.address), self.access(), {}
        for id in driver.open_ones:
            entries, cursor = [], None
            while True:
                query = "?limit=200" + (f"&cursor={cursor}" if cursor else "")
                status, page = api.call("GET", f"/v1/trajectories/{id}/events{query}", access)
                if status != 200:
                    raise AssertionError(f"{id}: {status} {page}")
                entries += page["items"]
                cursor = page.get("next")
                if not cursor:
                    break
            read[id] = entries
        return read

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
            wait("the end of the feed", lambda: len(facts()) >= len(recorded), 60)
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


if __name__ == "__main__":
    sys.exit(main())

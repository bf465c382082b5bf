"""A ledger under steady load: `main.py OMKLAP [--minutes N] [--reports R] [--reads R] [--chart FILE]`.

Fails if memory, file handles or connections of the server grow, or if a fact is lost; never on a slow machine."""

import argparse
import random
import statistics
import sys
import tempfile
import threading
import time
from collections import deque
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from chart import drawn
from exercise import Exercise
from ledger import Ledger
from programs import wait
from traffic import Api, Driver, Follower

EVERY = 5  # seconds between two samples
REPORTERS = 16
OPEN_CASES = 400  # As many begin as end, so that the last minute has what the first had.
SIGNALS = 20  # of a case, each answered; then it ends
READS = ("/v1/trajectories/{}", "/v1/trajectories/{}/agreements", "/v1/trajectories/{}/events?limit=20",
         "/v1/worklist?limit=20", "/v1/trajectories?limit=20", "/v1/trajectories/{}")


class Paced:
    """Does something at a steady rate on some threads, and keeps how long each took."""

    def __init__(self, rate, threads, does):
        self.rate, self.count, self.does = rate, threads, does
        self.took, self.late, self.failed = [], 0, []
        self.lock, self.going = threading.Lock(), threading.Event()

    def start(self):
        self.going.set()
        self.threads = [threading.Thread(target=self.work, args=(number,)) for number in range(self.count)]
        for thread in self.threads:
            thread.start()

    def stop(self):
        self.going.clear()
        for thread in self.threads:
            thread.join(60)

    def work(self, number):
        pause, draw = self.count / self.rate, random.Random(number)
        due, state = time.monotonic() + draw.uniform(0, pause), {}
        while self.going.is_set():
            time.sleep(max(0, due - time.monotonic()))
            began = time.monotonic()
            try:
                self.does(draw, state)
            except Exception as failure:  # A thread that ends unseen would make the load look light.
                with self.lock:
                    self.failed.append(str(failure))
            now = time.monotonic()
            with self.lock:
                self.took.append(now - began)
                # Behind its schedule by more than a second: the rate was not reached.
                self.late += now > due + pause + 1
            due = max(due + pause, now - 1)

    def taken(self):
        """The milliseconds of what was done since the last call, in order of length."""
        with self.lock:
            took, self.took = self.took, []
        return sorted(one * 1000 for one in took)


class Case:
    """An open case of a reporter."""

    def __init__(self, trajectory, signals):
        self.trajectory, self.signals, self.unanswered = trajectory, signals, None


class Soak(Exercise):
    """Steady reports and reads, sampled."""

    def __init__(self, programs, drills, asked):
        super().__init__(programs, drills, asked)
        # The newest cases, as people work with them.
        self.open = deque(maxlen=OPEN_CASES)

    def run(self):
        self.programs.start_all()
        wait("the server", lambda: self.programs.is_ready(self.programs.port["omklap"]), 120)
        self.register()
        driver, follower = Driver(self.programs.address, seed=self.asked.seed), Follower(self.programs.address)
        follower.start()
        reports = Paced(self.asked.reports, REPORTERS, self.reporting(driver))
        reads = Paced(self.asked.reads, 32, self.reading(driver))
        reports.start()
        wait("the first cases", lambda: len(driver.open_ones) >= OPEN_CASES, 600)
        reads.start()
        samples = self.sampled(reports, reads)
        for load in (reads, reports):
            load.stop()
            self.broken += sorted(set(load.failed))[:5]
        self.note_growth(samples)
        self.every_fact_once(driver, self.histories(driver))
        follower.stop()
        code, said = self.programs.run("check", "--all")
        if code != 0:
            self.broken.append(f"omklap check --all: {said}")
        self.draw_chart(samples)
        behind = 100 * (reports.late + reads.late) / max(1, sum(count for *_, count in samples))
        print(f"{len(driver.acknowledged)} reports acknowledged, {sum(count for *_, count in samples)} requests in all, "
              f"{behind:.1f} % behind their schedule; broken: {len(self.broken)}")
        return self.broken

    def reporting(self, driver):
        def report(draw, state):
            api, cases = state.setdefault("api", Api(self.programs.address)), state.setdefault("cases", [])
            if len(cases) < OPEN_CASES // REPORTERS:
                cases.append(Case(driver.open(api), draw.randrange(SIGNALS)))
                return self.open.append(cases[-1].trajectory)
            case = draw.choice(cases)
            if case.unanswered:
                self.sent(driver, api, case, type="signal-answered", signalId=case.unanswered, answer="drill")
                case.unanswered = None
            elif case.signals < SIGNALS:
                case.unanswered = driver.report(api, case.trajectory, draw)
                case.signals += 1
            else:
                self.sent(driver, api, case, type="trajectory-ended", outcome="withdrew")
                cases.remove(case)
        return report

    def sent(self, driver, api, case, **fact):
        status, answer = driver.send(api, case.trajectory, {"occurredOn": "2026-02-02", **fact})
        if status != 201:
            raise AssertionError(f"{fact['type']}: {status} {answer}")

    def reading(self, driver):
        def read(draw, state):
            api = state.setdefault("api", Api(self.programs.address))
            path = draw.choice(READS).format(draw.choice(self.open))
            status, answer = api.call("GET", path, driver.access())
            if status != 200:
                raise AssertionError(f"{path}: {status} {answer}")
        return read

    def sampled(self, reports, reads):
        """Rows of (second, memory in MB, handles, connections, percentiles of both loads, requests)."""
        samples, began = [], time.monotonic()
        while (second := time.monotonic() - began) < self.asked.minutes * 60:
            time.sleep(EVERY)
            process = Path(f"/proc/{self.programs.running['omklap'].pid}")
            status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
            memory = int(status["VmRSS"].split()[0]) / 1024
            handles = len(list((process / "fd").iterdir()))
            connections = int(self.programs.sql("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()").stdout or 0)
            took = [load.taken() for load in (reports, reads)]
            samples.append((second, memory, handles, connections, *map(percentiles, took), sum(map(len, took))))
            if len(samples) % 12 == 0:
                print(f"{second / 60:4.1f} min: {memory:.0f} MB, {handles} handles, {connections} connections, "
                      f"reports {samples[-1][4]} ms, reads {samples[-1][5]} ms", flush=True)
        return samples

    def note_growth(self, samples):
        """Compares the last quarter with the second: the first is for caches to fill."""
        quarter = len(samples) // 4
        for at, what, factor, more in ((1, "memory (MB)", 1.1, 8), (2, "file handles", 1, 8), (3, "connections", 1, 4)):
            second, last = (statistics.mean(row[at] for row in rows)
                            for rows in (samples[quarter:2 * quarter], samples[-quarter:]))
            print(f"{what}: {second:.1f} in the second quarter, {last:.1f} in the last")
            if last > second * factor + more:
                self.broken.append(f"{what} grew from {second:.1f} to {last:.1f}")

    def draw_chart(self, samples):
        over = lambda get: [(row[0], get(row)) for row in samples if get(row) is not None]
        panels = [("Memory of the server", "MB", {"": over(lambda row: row[1])}),
                  ("Open file handles", "number", {"": over(lambda row: row[2])}),
                  ("Connections to PostgreSQL", "number", {"": over(lambda row: row[3])})]
        for at, what in ((4, "report"), (5, "read")):
            panels.append((f"Time of a {what}", "ms", {name: over(lambda row, at=at, i=i: row[at] and row[at][i])
                                                       for i, name in ((0, "median"), (1, "99 of 100"))}))
        Path(self.asked.chart).write_text(drawn(panels, self.asked.minutes * 60))


def percentiles(took):
    """The median and the 99th of 100, in milliseconds; none if nothing was done."""
    if not took:
        return None
    return round(took[len(took) // 2], 1), round(took[len(took) * 99 // 100], 1)


def main():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("omklap")
    words.add_argument("--minutes", type=float, default=30)
    words.add_argument("--reports", type=float, default=50, help="a second")
    words.add_argument("--reads", type=float, default=500, help="a second")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--chart", default="soak.svg")
    asked = words.parse_args()
    ledger = Ledger(tempfile.mkdtemp(prefix="omklap-soak-"), asked.omklap)
    try:
        broken = Soak(ledger, (), asked).run()
    finally:
        ledger.stop_all()
    print("\n".join(broken), file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())

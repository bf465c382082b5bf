"""The same reports through `eventsourcing`, the library of Python for event sourcing: an aggregate of twenty
events is read from PostgreSQL, gets one more, and is saved.

Arguments: the URL of an empty database, and the number of streams. The first line of the input is a JSON array: the
facts of each stream and, last, the fact that is reported. Every further line is a number of callers and of seconds;
the answer is a line with how many reports were made, and in how many seconds.
"""

import itertools
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import IntegrityError


class Trajectory(Aggregate):
    """A trajectory as the library keeps it: its facts."""

    def __init__(self, number: int, fact: dict) -> None:
        self.facts = [fact]

    @staticmethod
    def create_id(number: int, fact: dict):
        """The id of the stream with this number."""
        return uuid5(NAMESPACE_URL, f"stream/{number}")

    @event("Recorded")
    def record(self, fact: dict) -> None:
        """Appends a fact."""
        self.facts.append(fact)


class Ledger(Application):
    """What saves them."""

    def open(self, number: int, facts: list) -> None:
        """Opens a stream with these facts."""
        trajectory = Trajectory(number, facts[0])
        for fact in facts[1:]:
            trajectory.record(fact)
        self.save(trajectory)

    def report(self, number: int, fact: dict) -> None:
        """Reports a fact on a stream; again if another caller came first."""
        while True:
            trajectory = self.repository.get(Trajectory.create_id(number, fact))
            trajectory.record(fact)
            try:
                self.save(trajectory)
                return
            except IntegrityError:
                pass


def connected(url: str) -> Ledger:
    """The library on this database."""
    parts = urlsplit(url)
    return Ledger(env={
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": parts.path.lstrip("/"),
        "POSTGRES_HOST": parts.hostname or "",
        "POSTGRES_PORT": str(parts.port or 5432),
        "POSTGRES_USER": parts.username or "",
        "POSTGRES_PASSWORD": parts.password or "",
        # One thread runs at a time.
        "POSTGRES_POOL_SIZE": "4",
    })


def turn(ledger: Ledger, fact: dict, streams: int, callers: int, seconds: float) -> tuple[int, float]:
    """How many reports that many callers make in that time, and how long it took."""
    numbers = itertools.count()
    started = time.monotonic()

    def caller() -> int:
        done = 0
        while time.monotonic() - started < seconds:
            ledger.report(next(numbers) % streams, fact)
            done += 1
        return done

    with ThreadPoolExecutor(callers) as pool:
        done = sum(future.result() for future in [pool.submit(caller) for _ in range(callers)])
    return done, time.monotonic() - started


def main() -> None:
    url, streams = sys.argv[1], int(sys.argv[2])
    *facts, reported = json.loads(sys.stdin.readline())
    ledger = connected(url)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: ledger.open(number, facts), range(streams)))
    print("ready", flush=True)
    for line in sys.stdin:
        callers, seconds = line.split()
        print(*turn(ledger, reported, streams, int(callers), float(seconds)), flush=True)


main()

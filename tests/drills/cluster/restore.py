"""Backup and point-in-time restore with pgBackRest: one PostgreSQL and one server, a full backup under traffic, and a restore
to an instant into a second folder. What was acknowledged up to the instant must be there, and omklap must say what is not."""

import json
import os
import time
from datetime import datetime, timezone
from pathlib import Path

from exercise import Exercise
from programs import Programs, free_ports, wait
from traffic import Api, Driver

HERE = Path(__file__).parent
# What the owner of the tables removes before a ledger goes on under a new name and key.
OLD_NAME_REMOVED = ("TRUNCATE checkpoints, cosignatures, ledger_tiles, heads, head_buckets",
                    "DELETE FROM key_fingerprints WHERE kind = 'ledger'")


class BackedUp(Programs):
    """One PostgreSQL that archives its log with pgBackRest, and one server."""

    def __init__(self, folder, omklap):
        super().__init__(folder, omklap)
        self.port = dict(zip(("postgres", "restored", "omklap"), free_ports(3)))
        self.serves = "postgres"   # which of both PostgreSQL the server and the commands use
        self.origin = "drill.example/ledger"

    @property
    def database_url(self):
        return f"postgres://postgres@127.0.0.1:{self.port[self.serves]}/postgres"

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port['omklap']}"

    def start_all(self):
        os.chmod(self.folder, 0o755)
        self.give(self.folder)
        for folder in ("repository", "pgbackrest"):
            (self.folder / folder).mkdir()
            self.give(self.folder / folder)
        text = (HERE / "pgbackrest.conf").read_text()
        for name, value in {"folder": self.folder, **self.port}.items():
            text = text.replace(f"@{name}@", str(value))
        (self.folder / "pgbackrest.conf").write_text(text)
        self.make_postgres(self.folder / "data")
        self.run_postgres(self.folder / "data", {
            "port": self.port["postgres"], "unix_socket_directories": self.folder, "archive_mode": "on",
            "archive_timeout": 60,
            "archive_command": f"pgbackrest --config={self.folder}/pgbackrest.conf --stanza=omklap archive-push %p"})
        self.pgbackrest("stanza-create")
        self.start_server()

    def pgbackrest(self, *words):
        """Runs pgBackRest as the user that PostgreSQL runs as. Returns how many seconds it took."""
        began = time.monotonic()
        name = f"pgbackrest-{words[-1]}"
        self.start(name, ["pgbackrest", f"--config={self.folder}/pgbackrest.conf", "--stanza=omklap", *words],
                   as_owner=True)
        if self.running[name].wait(300) != 0:
            raise AssertionError(f"pgbackrest {' '.join(words)}: {(self.folder / f'{name}.log').read_text()}")
        return time.monotonic() - began

    def start_restored(self):
        """Starts the PostgreSQL in the second folder. It does not write into the archive of the first."""
        self.run_postgres(self.folder / "restored", {
            "port": self.port["restored"], "unix_socket_directories": self.folder, "archive_mode": "off"}, "restored")
        ended = lambda: self.psql(self.port["restored"], "SELECT pg_is_in_recovery()").stdout.strip() == "f"
        wait("the end of the recovery", ended, 120)

    def settings(self):
        return {**super().settings(), "OMKLAP_LEDGER_ORIGIN": self.origin}

    def start_server(self):
        self.start("omklap", [self.omklap, "serve", "--listen", f"127.0.0.1:{self.port['omklap']}"],
                   environment=self.settings())
        wait("the server", lambda: self.is_ready(self.port["omklap"]), 120)

    def health(self):
        return Api(self.address).call("GET", "/health/ready")[1]


def run(ledger, asked):
    """What was not as promised."""
    exercise, broken = Exercise(ledger, (), asked), []
    ledger.start_all()
    exercise.register()
    driver = Driver(ledger.address, seed=asked.seed)
    driver.start()
    time.sleep(asked.calm)
    took = ledger.pgbackrest("--type=full", "backup")
    print(f"full backup under traffic: {took:.1f} s, {size(ledger.folder / 'repository'):.0f} MB")
    time.sleep(asked.calm)
    instant = time.time()
    signed = ledger.signed_outside()
    # Facts, and a checkpoint of them, after the instant: they will be lost.
    wait("a checkpoint after the instant", lambda: ledger.signed_outside() > signed, 60)
    time.sleep(asked.calm)
    driver.stop()
    broken += driver.failures
    ledger.stop("omklap")
    archive_the_rest(ledger)
    ledger.stop("postgres")
    restore(ledger, instant)
    broken += what_is_there(ledger, exercise, driver, instant)
    broken += until_confirmed(ledger, exercise)
    return broken + under_a_new_name(ledger, exercise)


def archive_the_rest(ledger):
    """Ends the segment of the log, and waits until it is in the archive: recovery to an instant needs a record after it."""
    last = ledger.psql(ledger.port["postgres"], "SELECT pg_walfile_name(pg_switch_wal())").stdout.strip()
    archived = "SELECT coalesce(last_archived_wal, '') FROM pg_stat_archiver"
    wait("the archive", lambda: ledger.psql(ledger.port["postgres"], archived).stdout.strip()[:24] >= last)


def restore(ledger, instant):
    """Restores to the instant into the second folder, starts that PostgreSQL and marks it as a restored copy."""
    (ledger.folder / "restored").mkdir(mode=0o700)
    ledger.give(ledger.folder / "restored")
    began = time.monotonic()
    target = datetime.fromtimestamp(instant, timezone.utc).strftime("%Y-%m-%d %H:%M:%S.%f+00")
    copied = ledger.pgbackrest(f"--pg1-path={ledger.folder}/restored", "--type=time", f"--target={target}",
                               "--target-action=promote", "restore")
    ledger.start_restored()
    ledger.serves = "restored"
    code, said = ledger.run("restored", "mark")
    if code != 0:
        raise AssertionError(f"omklap restored mark: {said}")
    ledger.start_server()
    print(f"restore: {copied:.1f} s until the files were there, {time.monotonic() - began:.1f} s until a server answered reads")


def what_is_there(ledger, exercise, driver, instant):
    """Compares the restored ledger with what was acknowledged."""
    api, access, there = Api(ledger.address), exercise.access(), set()
    for trajectory in driver.open_ones:
        entries, _ = exercise.history(api, access, trajectory)
        there |= {entry["fact"]["signalId"] for entry in entries if entry["type"] == "signal-reported"}
    until = [signal for signal, (_, acknowledged) in driver.acknowledged.items() if acknowledged <= instant]
    after = [signal for signal, (sent, _) in driver.acknowledged.items() if sent > instant]
    lost = [signal for signal in driver.acknowledged if signal not in there]
    print(f"acknowledged up to the instant: {len(until)}, of these lost: {len(set(until) & set(lost))}; acknowledged after "
          f"it: {len(driver.acknowledged) - len(until)}, of these lost: {len(set(lost) - set(until))}")
    broken = []
    if set(until) - there:
        broken.append(f"{len(set(until) - there)} facts from before the instant are not there")
    if set(after) & there:
        broken.append(f"{len(set(after) & there)} facts that were sent after the instant are there")
    return broken


def until_confirmed(ledger, exercise):
    """A restored copy is silent until it is confirmed; then it records, and says what is missing."""
    broken = []
    code, _ = ledger.run("restored", "status")
    status, answer = opened(ledger, exercise)
    print(f"before the confirmation: omklap restored status ends with {code}, a report gets {status} {answer.get('type')}")
    if code != 1 or status != 503:
        broken.append(f"an unconfirmed copy is not silent: {code}, {status} {answer}")
    broken += what_the_check_finds(ledger, {"not-in-database"})
    code, said = ledger.run("restored", "confirm")
    if code != 0:
        broken.append(f"omklap restored confirm: {said}")
    wait("the confirmed ledger", lambda: ledger.health().get("status") != "restored-copy")
    health, (status, _) = ledger.health(), opened(ledger, exercise)
    print(f"after it: a report gets {status}; /health/ready: {health.get('status')} {health.get('reasons')}")
    if status != 201 or "database-behind-checkpoints-file" not in health.get("reasons", []):
        broken.append(f"the confirmed ledger: {status}, {health}")
    return broken


def what_the_check_finds(ledger, expected):
    """Compares the kinds of findings of `omklap check --all` with those that are expected."""
    code, said = ledger.run("check", "--all", "--json")
    found = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    kinds = {one["finding"] for one in found if "finding" in one}
    print(f"omklap check --all: exit code {code}, {', '.join(sorted(kinds)) or 'no difference'}")
    for one in found:
        if one.get("finding") in ("not-in-database", "cut-off"):
            print(f"  {one['message']}")
    if not expected <= kinds or code != (1 if expected else 0) or (not expected and kinds):
        return [f"omklap check --all: {code} {said}"]
    return []


def opened(ledger, exercise):
    """The status and the answer of a report that opens a case."""
    intake = {"type": "intake-registered", "occurredOn": "2026-01-05", "careProvider": "drill-zorg",
              "municipality": "drill-stad", "region": "amsterdam", "agreementSet": {"id": "amsterdam-2020", "version": 1},
              "origin": "group-home", "clientName": "A. Drill"}
    return Api(ledger.address).call("POST", "/v1/trajectories", exercise.access(), intake)


def under_a_new_name(ledger, exercise):
    """The ledger goes on under a new name and key, as docs/AUDIT.md says, and signs everything that is there."""
    ledger.stop("omklap")
    for name in ("ledger.key", "checkpoints.ndjson"):
        (ledger.folder / "omklap" / name).rename(ledger.folder / f"of-the-old-name-{name}")
    emptied = ledger.psql(ledger.port["restored"], *OLD_NAME_REMOVED)
    if emptied.returncode != 0:
        return [f"what was signed under the old name was not removed: {emptied.stderr}"]
    ledger.origin = "drill.example/after-the-restore"
    ledger.start_server()
    status, answer = opened(ledger, exercise)
    if status != 201:
        return [f"under the new name a report gets {status}: {answer}"]
    wait("a checkpoint under the new name", lambda: ledger.signed_outside() > 0)
    health = ledger.health()
    print(f"under a new name and key: a report gets {status}; {ledger.signed_outside()} leaves signed; "
          f"/health/ready: {health.get('status')}")
    ledger.stop("omklap")
    return what_the_check_finds(ledger, set())


def size(folder):
    """The megabytes of the files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6

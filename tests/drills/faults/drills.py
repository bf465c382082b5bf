"""The disturbances. Each returns when the ledger is whole again or is mending itself; a text says why it did nothing."""

import shutil
import signal
import subprocess
import time
from pathlib import Path

from faulty_ledger import FAKETIME
from later import migrated_ahead
from programs import clean_environment
from traffic import report_scopes, Api, token


def server_killed(ledger):
    """kill -9 of the server."""
    ledger.send("omklap", signal.SIGKILL)
    ledger.running["omklap"].wait(10)


def server_stopped(ledger):
    """The server is asked to stop while it works, and is started again."""
    ledger.stop("omklap")


def postgres_killed(ledger):
    """kill -9 of PostgreSQL."""
    ledger.crash_postgres()
    time.sleep(ledger.draw.uniform(0, 2))


def backends_ended(ledger):
    """An administrator ends every connection, three times."""
    for _ in range(3):
        ledger.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'")
        time.sleep(ledger.draw.uniform(0.05, 0.5))


def connections_cut(ledger):
    """The network cuts every connection, at ten moments."""
    for _ in range(10):
        ledger.proxy.cut()
        time.sleep(ledger.draw.uniform(0.01, 0.4))


def connections_refused(ledger):
    """PostgreSQL cannot be reached for some seconds."""
    ledger.proxy.refuses = True
    ledger.proxy.cut()
    time.sleep(ledger.draw.uniform(2, 6))
    ledger.proxy.refuses = False


def connections_slow(ledger):
    """Each piece takes a third of a second."""
    ledger.proxy.seconds = 0.3
    time.sleep(6)
    ledger.proxy.seconds = 0


def connections_silent(ledger):
    """Nothing comes through, and nothing says so, for longer than a request may take; then the line is cut."""
    ledger.proxy.open.clear()
    time.sleep(ledger.draw.uniform(3, 13))
    if ledger.draw.random() < 0.5:
        ledger.proxy.cut()
    ledger.proxy.open.set()


def disk_full(ledger):
    """The disk of the database is full for some seconds."""
    if not ledger.is_mounted:
        return "it needs root, for a disk of its own"
    if not ledger.make_disk_small():
        raise AssertionError("the disk was not made small")
    filler = ledger.disk / "filler"
    try:
        with open(filler, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"0" * (1 << 16))
            except OSError:
                pass
        # Without room for one more segment of its log, PostgreSQL stops at the next switch.
        ledger.sql("SELECT pg_switch_wal()")
        time.sleep(4)
    finally:
        filler.unlink()
        is_large = ledger.make_disk_large()
    if not is_large:
        raise AssertionError("the disk stayed small")


def pool_dry(ledger):
    """Somebody locks the table of events: every connection of the pool waits."""
    ledger.sql("BEGIN", "LOCK TABLE events IN ACCESS EXCLUSIVE MODE", f"SELECT pg_sleep({ledger.draw.uniform(4, 12):.1f})", "COMMIT")


def clock_moved(ledger):
    """The clock of the server's machine moves ahead by a minute, and back again."""
    if not Path(FAKETIME).exists():
        return "it needs the package faketime"
    ledger.set_clock(60)
    time.sleep(3)
    ledger.set_clock(0)
    time.sleep(3)


def killed_until_done(ledger, *words):
    """Runs a command of omklap that is killed at a drawn moment, up to four times, and lets it end at last. Returns what
    the last run said if it did not succeed."""
    environment = {**clean_environment(), **ledger.settings()}
    for _ in range(4):
        process = subprocess.Popen([ledger.omklap, *words], cwd=ledger.folder, env=environment,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            if process.wait(ledger.draw.uniform(0.02, 1.2)) == 0:
                return None
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
    code, said = ledger.run(*words)
    return said if code != 0 else None


def rebuild_killed(ledger):
    """The rows are made again while reports come in; the command is killed four times."""
    failed = killed_until_done(ledger, "rebuild")
    if failed:
        raise AssertionError(f"omklap rebuild: {failed}")


def erasure_killed(ledger):
    """A client's texts are erased; the command is killed four times. The history stays."""
    api = Api(ledger.address)
    access = token(ledger.address, "drill-zorg", report_scopes(), "care-provider")
    intake = {"type": "intake-registered", "occurredOn": "2026-01-05", "careProvider": "drill-zorg",
              "municipality": "drill-stad", "region": "amsterdam",
              "agreementSet": {"id": "amsterdam-2020", "version": 1}, "origin": "group-home", "clientName": "B. Drill"}
    status, opened = api.call("POST", "/v1/trajectories", access, intake)
    if status != 201:
        raise AssertionError(f"a trajectory was not opened: {status} {opened}")
    erase = ("subject", "erase", "--ground", "no-longer-needed", opened["trajectoryId"])
    failed = killed_until_done(ledger, *erase)
    # A run that was killed may have done it before it could say so.
    if failed and "no text is left" not in failed:
        raise AssertionError(f"omklap subject erase: {failed}")
    left = ledger.sql(f"SELECT count(*) FROM vault WHERE trajectory_id = '{opened['trajectoryId']}'")
    if left.stdout.strip() != "0":
        raise AssertionError(f"after the erasure there are texts: {left.stdout}{left.stderr}")


def delivery_killed(ledger):
    """The receiver of webhooks hangs while the server is killed with messages on their way."""
    ledger.receiver.hangs.set()
    time.sleep(2)
    server_killed(ledger)
    ledger.receiver.hangs.clear()


ALL = (server_killed, postgres_killed, connections_cut, disk_full, erasure_killed, rebuild_killed, delivery_killed,
       connections_silent, pool_dry, clock_moved, backends_ended, connections_slow, connections_refused, server_stopped, migrated_ahead)

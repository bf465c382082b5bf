"""The cluster with PgBouncer between omklap and HAProxy, and what each of its modes does with omklap."""

import argparse
import signal
import subprocess
import time
from collections import Counter

import drills
from cluster import Cluster
from exercise import Exercise
from programs import clean_environment, free_ports, wait
from traffic import Api

# How many reads a server gets in a mode that does not suit it.
READS = 100


class Pooled(Cluster):
    """Both servers, and every command, connect through PgBouncer in the mode `session`."""

    def __init__(self, folder, omklap):
        super().__init__(folder, omklap)
        self.port |= dict(zip(("pgbouncer", "other"), free_ports(2)))

    @property
    def database_url(self):
        return self.at("session")

    def at(self, mode, login="postgres"):
        """The address of the database in one of PgBouncer's modes."""
        return f"postgres://{login}@127.0.0.1:{self.port['pgbouncer']}/{mode}"

    def start_database(self):
        super().start_database()
        written = self.filled_in("pgbouncer.ini")
        written.write_text(written.read_text().replace("@folder@", str(self.folder)))
        (self.folder / "pgbouncer.users").write_text('"postgres" ""\n"omklap_program" ""\n')
        self.start_pgbouncer()

    def start_pgbouncer(self):
        self.start("pgbouncer", ["pgbouncer", "-q", str(self.folder / "pgbouncer.ini")], as_owner=True)
        answers = lambda: self.psql(self.port["pgbouncer"], "SELECT 1", database="session").returncode == 0
        wait("PgBouncer", answers)


def pgbouncer_killed(cluster):
    """kill -9 of PgBouncer: every connection ends at once."""
    cluster.send("pgbouncer", signal.SIGKILL)
    cluster.running["pgbouncer"].wait(10)
    time.sleep(1)
    cluster.start_pgbouncer()


def server_frozen(cluster):
    """The server that delivers may be the one that stands still for ten seconds: the other takes over."""
    for name in ("a", "b"):
        cluster.send(f"omklap-{name}", signal.SIGSTOP)
        time.sleep(10)
        cluster.send(f"omklap-{name}", signal.SIGCONT)
        wait("the server", lambda name=name: cluster.ready(name))


THROUGH_PGBOUNCER = (pgbouncer_killed, drills.leader_killed, drills.server_killed, server_frozen)


def run(cluster, asked):
    """What was not as promised through PgBouncer in the mode `session`. What the other modes do is printed only."""
    short = argparse.Namespace(drills=min(asked.drills, len(THROUGH_PGBOUNCER)), seed=asked.seed, calm=asked.calm)
    exercise = Exercise(cluster, THROUGH_PGBOUNCER, short)
    broken = exercise.run()
    # The login of a running program: it does not migrate.
    cluster.sql("CREATE ROLE omklap_program LOGIN IN ROLE omklap_app")
    print("| mode of PgBouncer | a third server in this mode |\n|---|---|")
    for mode in ("session", "transaction", "statement"):
        print(f"| {mode} | {in_mode(cluster, exercise, mode)} |", flush=True)
    return broken


def in_mode(cluster, exercise, mode):
    """What one more server does whose connections are in this mode."""
    settings = {**clean_environment(), **cluster.settings(), "DATABASE_URL": cluster.at(mode, "omklap_program"),
                "OMKLAP_DATABASE_WAIT": "5"}
    listen = f"127.0.0.1:{cluster.port['other']}"
    with open(cluster.folder / f"omklap-{mode}.log", "w+") as log:
        server = subprocess.Popen([cluster.omklap, "serve", "--listen", listen], cwd=cluster.folder, env=settings,
                                  stdout=log, stderr=log)
        try:
            wait("an end or a start", lambda: server.poll() is not None or cluster.is_ready(cluster.port["other"]), 30)
            if server.poll() is None:
                return f"starts; {READS} reads: {answers(cluster, exercise)}"
        except TimeoutError:
            return "neither starts nor ends within 30 s"
        finally:
            if server.poll() is None:
                server.terminate()
                server.wait(40)
        log.seek(0)
        return f"does not start: {log.read().strip().splitlines()[-1]}"


def answers(cluster, exercise):
    """How many reads got which status."""
    api, access, counted = Api(f"http://127.0.0.1:{cluster.port['other']}"), exercise.access(), Counter()
    for _ in range(READS):
        try:
            counted[api.call("GET", "/v1/trajectories?limit=20", access)[0]] += 1
        except OSError:
            counted["no answer"] += 1
    return ", ".join(f"{count} × {status}" for status, count in counted.items())

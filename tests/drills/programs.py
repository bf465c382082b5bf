"""Programs on loopback: started in process groups of their own, and stopped again; nothing else is ended."""

import fcntl
import json
import os
import pwd
import secrets
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

POSTGRES = "/usr/lib/postgresql/15/bin"


def wait(what, holds, seconds=60):
    """Waits until it holds; fails with the name of what did not come."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            found = holds()
        except (OSError, urllib.error.URLError, ValueError):
            found = None
        if found:
            return found
        time.sleep(0.1)
    raise TimeoutError(f"{what} did not come within {seconds} s")


def wait_for_all(what, count, wanted, seconds=120):
    """Waits until there are as many as are wanted; fails when no more have come for this long."""
    known = -1
    while (there := count()) < wanted:
        if there > known:
            known, end = there, time.monotonic() + seconds
        elif time.monotonic() > end:
            raise TimeoutError(f"{what}: {there} of {wanted}, and no more within {seconds} s")
        time.sleep(0.5)


# The locks of the ports of this run, as long as it runs.
claims = []


def free_ports(count):
    """Ports of loopback that nothing uses now. They are below those that the system gives to connections and listeners
    that ask for any, and another run beside this one finds them locked, so nothing takes one before its program
    starts."""
    folder = Path(tempfile.gettempdir()) / "omklap-drill-ports"
    folder.mkdir(exist_ok=True)
    ports = []
    while len(ports) < count:
        port = secrets.randbelow(12_000) + 20_000
        claim = open(folder / str(port), "w")
        try:
            fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with socket.socket() as one:
                one.bind(("127.0.0.1", port))
        except OSError:
            claim.close()
            continue
        claims.append(claim)
        ports.append(port)
    return ports


class Programs:
    """Starts and stops programs in a folder; ends nothing that it did not start."""

    def __init__(self, folder, omklap):
        self.folder, self.omklap = Path(folder), str(omklap)
        self.running = {}
        # PostgreSQL refuses to run as root.
        self.user = "postgres" if os.geteuid() == 0 else None

    def give(self, folder):
        """Gives a folder to the user that PostgreSQL runs as."""
        if self.user:
            account = pwd.getpwnam(self.user)
            os.chown(folder, account.pw_uid, account.pw_gid)

    def start(self, name, command, as_owner=False, environment=None):
        """Starts a program in a process group of its own, with its output in a file."""
        log = open(self.folder / f"{name}.log", "ab")
        demote = None
        if as_owner and self.user:
            account = pwd.getpwnam(self.user)
            demote = dict(user=account.pw_uid, group=account.pw_gid, extra_groups=[])
        self.running[name] = subprocess.Popen(
            command, cwd=self.folder, stdout=log, stderr=log, start_new_session=True,
            env={**clean_environment(), **(environment or {})}, **(demote or {}))

    def send(self, name, number):
        """Sends a signal to a program and everything that it started."""
        process = self.running.get(name)
        if process is not None and process.poll() is None:
            os.killpg(process.pid, number)

    def stop(self, name, seconds=40):
        """Stops a program, kindly if it listens."""
        self.send(name, signal.SIGCONT)
        self.send(name, signal.SIGTERM)
        process = self.running.get(name)
        if process is None:
            return
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.send(name, signal.SIGKILL)
            process.wait(10)

    def stop_all(self):
        """Stops everything that was started, the newest first."""
        for name in reversed(list(self.running)):
            self.stop(name, 15)

    # -- PostgreSQL

    def make_postgres(self, data):
        """Makes a PostgreSQL in this folder."""
        self.start("initdb", [f"{POSTGRES}/initdb", "--no-sync", "-U", "postgres", "-A", "trust", "-D", str(data)],
                   as_owner=True)
        if self.running["initdb"].wait(120) != 0:
            raise AssertionError("initdb failed")

    def run_postgres(self, data, settings, name="postgres"):
        """Starts the PostgreSQL in this folder, and waits until it answers. It is started again while it ends at once:
        the processes of one that was killed may be ending still."""
        settings = {"listen_addresses": "127.0.0.1", **settings}
        command = [f"{POSTGRES}/postgres", "-D", str(data)]
        for setting, value in settings.items():
            command += ["-c", f"{setting}={value}"]

        def answers():
            if name not in self.running or self.running[name].poll() is not None:
                self.start(name, command, as_owner=True)
            return self.psql(settings["port"], "SELECT 1").returncode == 0

        wait("PostgreSQL", answers)

    def psql(self, port, *statements, seconds=60, database="postgres"):
        """Runs statements as the database's superuser."""
        command = [f"{POSTGRES}/psql", "-X", "-q", "-At", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres",
                   "-d", database, "-v", "ON_ERROR_STOP=1"]
        for statement in statements:
            command += ["-c", statement]
        return subprocess.run(command, capture_output=True, text=True, timeout=seconds, env=clean_environment())

    # -- omklap

    def settings(self):
        """The settings of the server and of every command, from the environment."""
        return {
            "DATABASE_URL": self.database_url, "OMKLAP_DATA": str(self.folder / "omklap"),
            "OMKLAP_METRICS_LISTEN": "off", "OMKLAP_WEBHOOK_HOSTS": '["127.0.0.1"]', "OMKLAP_LOG": "warn",
            "OMKLAP_CHECKPOINT_SECONDS": "5",
        }

    def signed_outside(self):
        """How many leaves the last checkpoint of the file outside the database has."""
        file = self.folder / "omklap" / "checkpoints.ndjson"
        lines = file.read_text().splitlines() if file.exists() else []
        return json.loads(lines[-1])["treeSize"] if lines else 0

    def is_ready(self, port):
        """Whether the server at this port says that it is ready."""
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2) as answer:
            return answer.status == 200

    def run(self, *words, seconds=300, **settings):
        """Runs a command of omklap, and returns its exit code and output."""
        done = subprocess.run([self.omklap, *words], cwd=self.folder, capture_output=True, text=True, timeout=seconds,
                              env={**clean_environment(), **self.settings(), **settings})
        return done.returncode, done.stdout + done.stderr


def clean_environment():
    """The environment without settings of other programs and without a proxy."""
    other = ("PG", "OMKLAP_", "DATABASE_URL")
    return {key: value for key, value in os.environ.items() if not key.startswith(other) and "proxy" not in key.lower()}

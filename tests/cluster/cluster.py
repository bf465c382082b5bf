"""The cluster under test: etcd, three Patroni nodes, HAProxy, two omklap servers, all on loopback."""

import json
import os
import pwd
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

POSTGRES = "/usr/lib/postgresql/15/bin"
HERE = Path(__file__).parent
NODES = ("n1", "n2", "n3")
SERVERS = ("a", "b")


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


def free_ports(count):
    """Ports of loopback that nothing uses now."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Cluster:
    """Starts and stops the programs by their process groups; ends nothing that it did not start."""

    def __init__(self, folder, omklap):
        self.folder, self.omklap = Path(folder), str(omklap)
        names = ["etcd", "peer", "primary", "replica", "front", "stats"]
        names += [f"{kind}-{node}" for node in NODES for kind in ("api", "pg")]
        names += [f"omklap-{server}" for server in SERVERS]
        self.port = dict(zip(names, free_ports(len(names))))
        self.running = {}
        # PostgreSQL refuses to run as root.
        self.user = "postgres" if os.geteuid() == 0 else None

    # -- processes

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
        # A postmaster has a session of its own and may outlive a Patroni that was killed.
        for node in NODES:
            pid = self.postmaster(node)
            if pid:
                try:
                    os.kill(pid, signal.SIGQUIT)
                except ProcessLookupError:
                    pass

    # -- the database

    def start_database(self):
        """Starts etcd, the three nodes and HAProxy, and waits for a leader with a synchronous standby."""
        if self.user:
            account = pwd.getpwnam(self.user)
            os.chown(self.folder, account.pw_uid, account.pw_gid)
        self.start_etcd()
        for node in NODES:
            self.configure(node)
            self.start_node(node)
        self.start_haproxy()
        wait("a leader with a synchronous standby", lambda: self.leader() and self.synchronous(), 120)

    def start_etcd(self):
        at = f"http://127.0.0.1:{self.port['etcd']}"
        peer = f"http://127.0.0.1:{self.port['peer']}"
        self.start("etcd", [
            "etcd", "--name", "e1", "--data-dir", "etcd", "--listen-client-urls", at, "--advertise-client-urls", at,
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", f"e1={peer}",
        ], as_owner=True)

    def start_node(self, node):
        self.start(node, ["patroni", str(self.folder / f"{node}.json")], as_owner=True)

    def configure(self, node):
        """Writes a node's configuration: Patroni reads JSON as YAML."""
        asked = json.loads((HERE / "patroni.json").read_text())
        asked["name"] = node
        asked["restapi"] = {key: f"127.0.0.1:{self.port[f'api-{node}']}" for key in ("listen", "connect_address")}
        asked["etcd3"] = {"hosts": f"127.0.0.1:{self.port['etcd']}"}
        asked["postgresql"].update({
            "listen": f"127.0.0.1:{self.port[f'pg-{node}']}", "connect_address": f"127.0.0.1:{self.port[f'pg-{node}']}",
            "data_dir": f"data-{node}", "bin_dir": POSTGRES,
            "pgpass": str(self.folder / f"pgpass-{node}"),
        })
        asked["postgresql"]["parameters"]["unix_socket_directories"] = str(self.folder)
        (self.folder / f"{node}.json").write_text(json.dumps(asked))

    def start_haproxy(self):
        """Writes HAProxy's configuration from the one beside this file, and starts it."""
        text = (HERE / "haproxy.cfg").read_text()
        for name, port in self.port.items():
            text = text.replace(f"@{name}@", str(port))
        (self.folder / "haproxy.cfg").write_text(text)
        self.start("haproxy", ["haproxy", "-db", "-f", str(self.folder / "haproxy.cfg")])

    def state(self):
        """The members as any living node reports them: name, role, state."""
        for node in NODES:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port[f'api-{node}']}/cluster", timeout=2) as answer:
                    return json.load(answer)["members"]
            except (OSError, ValueError):
                continue
        return []

    def leader(self):
        """The node that leads, if it runs."""
        leads = lambda member: member["role"] in ("leader", "master") and member["state"] == "running"
        return next((member["name"] for member in self.state() if leads(member)), None)

    def synchronous(self):
        """The node that every commit waits for."""
        return next((member["name"] for member in self.state() if member["role"] == "sync_standby"), None)

    def postmaster(self, node):
        """The process id of a node's PostgreSQL."""
        try:
            pid = int((self.folder / f"data-{node}" / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return None
        return pid if Path(f"/proc/{pid}").exists() else None

    def backends(self, node):
        """The processes of a node's PostgreSQL, the postmaster first."""
        postmaster = self.postmaster(node)
        if not postmaster:
            return []
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children")
        return [postmaster, *map(int, children.read_text().split())]

    def signal_postgres(self, node, number):
        """Sends a signal to every process of a node's PostgreSQL."""
        for pid in self.backends(node):
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass

    def switch_over(self):
        """Asks the leader to hand over to the synchronous standby."""
        leader = self.leader()
        body = json.dumps({"leader": leader}).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port[f'api-{leader}']}/switchover", body)
        urllib.request.urlopen(request, timeout=30).read()

    # -- omklap

    @property
    def database_url(self):
        return f"postgres://postgres@127.0.0.1:{self.port['primary']}/postgres"

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port['front']}"

    def settings(self):
        return {
            "DATABASE_URL": self.database_url, "OMKLAP_DATA": str(self.folder / "omklap"),
            "OMKLAP_METRICS_LISTEN": "off", "OMKLAP_WEBHOOK_HOSTS": '["127.0.0.1"]', "OMKLAP_LOG": "warn",
            "OMKLAP_CHECKPOINT_SECONDS": "5",
        }

    def start_server(self, name, program=None):
        """Starts an omklap server; both share the folder with the keys."""
        listen = f"127.0.0.1:{self.port[f'omklap-{name}']}"
        self.start(f"omklap-{name}", [program or self.omklap, "serve", "--listen", listen], environment=self.settings())

    def ready(self, name):
        url = f"http://127.0.0.1:{self.port[f'omklap-{name}']}/health/ready"
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200

    def run(self, *words, seconds=300):
        """Runs a command of omklap, and returns its exit code and output."""
        done = subprocess.run([self.omklap, *words], cwd=self.folder, capture_output=True, text=True, timeout=seconds,
                              env={**clean_environment(), **self.settings()})
        return done.returncode, done.stdout + done.stderr


def clean_environment():
    """The environment without settings of other programs and without a proxy."""
    other = ("PG", "OMKLAP_", "DATABASE_URL")
    return {key: value for key, value in os.environ.items() if not key.startswith(other) and "proxy" not in key.lower()}

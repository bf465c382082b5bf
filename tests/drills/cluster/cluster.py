"""The cluster under test: etcd, three Patroni nodes, HAProxy, two omklap servers, all on loopback."""

import json
import os
import signal
import urllib.request
from pathlib import Path

from programs import POSTGRES, Programs, free_ports, wait

HERE = Path(__file__).parent
NODES = ("n1", "n2", "n3")
SERVERS = ("a", "b")


class Cluster(Programs):
    """The programs of the cluster and their ports."""

    def __init__(self, folder, omklap, earlier=None):
        super().__init__(folder, omklap)
        # The program that each server runs; an earlier one until it is upgraded.
        self.earlier = earlier
        self.program = dict.fromkeys(SERVERS, earlier or self.omklap)
        names = ["etcd", "peer", "primary", "replica", "front", "stats"]
        names += [f"{kind}-{node}" for node in NODES for kind in ("api", "pg")]
        names += [f"omklap-{server}" for server in SERVERS]
        self.port = dict(zip(names, free_ports(len(names))))

    def stop_all(self):
        super().stop_all()
        # A postmaster has a session of its own and may outlive a Patroni that was killed.
        for node in NODES:
            pid = self.postmaster(node)
            if pid:
                try:
                    os.kill(pid, signal.SIGQUIT)
                except ProcessLookupError:
                    pass

    def start_all(self):
        """Starts the database and both servers."""
        self.start_database()
        for server in SERVERS:
            self.start_server(server)
            wait(f"server {server}", lambda server=server: self.ready(server), 120)

    def wait_until_whole(self):
        """Waits until there is a leader with a synchronous standby and every node and server runs."""
        def holds():
            members = {member["name"]: member["state"] for member in self.state()}
            up = all(members.get(node) in ("running", "streaming") for node in NODES)
            return up and self.leader() and self.synchronous()
        wait("a whole cluster", holds, 120)
        wait("both servers", lambda: all(self.ready(server) for server in SERVERS), 60)

    # -- the database

    def start_database(self):
        """Starts etcd, the three nodes and HAProxy, and waits for a leader with a synchronous standby."""
        self.give(self.folder)
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
        (self.folder / f"{node}.json").write_text(json.dumps(self.adapted(node, asked)))

    def adapted(self, node, asked):
        """The configuration of a node as this cluster has it."""
        return asked

    def start_haproxy(self):
        """Starts HAProxy with the configuration beside this file."""
        self.start("haproxy", ["haproxy", "-db", "-f", str(self.filled_in("haproxy.cfg"))])

    def filled_in(self, name):
        """A configuration from beside this file, with the ports of this run, in the folder of this run."""
        text = (HERE / name).read_text()
        for port, number in self.port.items():
            text = text.replace(f"@{port}@", str(number))
        written = self.folder / name
        written.write_text(text)
        return written

    def sql(self, *statements, seconds=60):
        """Runs statements as the database's superuser on the leader."""
        return self.psql(self.port["primary"], *statements, seconds=seconds)

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

    def start_server(self, name):
        """Starts an omklap server; both share the folder with the keys."""
        listen = f"127.0.0.1:{self.port[f'omklap-{name}']}"
        self.start(f"omklap-{name}", [self.program[name], "serve", "--listen", listen], environment=self.settings())

    def ready(self, name):
        return self.is_ready(self.port[f"omklap-{name}"])

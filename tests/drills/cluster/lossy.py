"""The cluster with asynchronous replication: the leader's machine is lost after its standbys lost touch with it. Facts that
were acknowledged are gone. What must be true is that omklap says so."""

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "faults"))

from cluster import NODES, SERVERS, Cluster
from drills import leader_lost
from exercise import Exercise
from programs import free_ports, wait
from proxy import Proxy
from traffic import Api, Driver


class Lossy(Cluster):
    """Asynchronous replication, over a network that can be cut."""

    def __init__(self, folder, omklap):
        super().__init__(folder, omklap)
        self.network = {node: Proxy(self.port[f"pg-{node}"]) for node in NODES}

    def adapted(self, node, asked):
        asked["bootstrap"]["dcs"]["synchronous_mode"] = False
        # With Patroni's own bound of 1 MB no standby may lead after a few seconds of this traffic.
        asked["bootstrap"]["dcs"]["maximum_lag_on_failover"] = 256 << 20
        # The other nodes copy from this address.
        asked["postgresql"]["connect_address"] = f"127.0.0.1:{self.network[node].port}"
        return asked

    def synchronous(self):
        """A standby that copies: nothing waits for it."""
        copies = lambda member: member["role"] == "replica" and member["state"] in ("running", "streaming")
        standbys = [member["name"] for member in self.state() if copies(member)]
        return standbys[0] if len(standbys) == len(NODES) - 1 else None

    def cut_replication(self):
        """No standby gets anything from now on; the leader and its clients notice nothing."""
        for proxy in self.network.values():
            proxy.refuses = True
            proxy.cut()

    def mend_replication(self):
        for proxy in self.network.values():
            proxy.refuses = False

    def stop_all(self):
        super().stop_all()
        for proxy in self.network.values():
            proxy.stop()


def run(cluster, asked):
    """What omklap did not say of the loss."""
    exercise = Exercise(cluster, (), asked)
    cluster.start_all()
    exercise.register()
    driver = Driver(cluster.address, seed=asked.seed)
    driver.start()
    time.sleep(asked.calm)
    cut = time.time()
    cluster.cut_replication()
    before = cluster.signed_outside()
    wait("a checkpoint after the cut", lambda: cluster.signed_outside() > before, 60)
    driver.stop()
    ended = time.time()
    signed = cluster.signed_outside()
    leader_lost(cluster)
    wait("both servers", lambda: all(cluster.ready(server) for server in SERVERS), 60)
    taken_over = time.time()
    cluster.mend_replication()
    lost = lost_facts(cluster, exercise, driver)
    print(f"acknowledged {len(driver.acknowledged)}, lost {len(lost)}: standbys cut off for {ended - cut:.0f} s; "
          f"another leader and both servers after {taken_over - ended:.0f} s", flush=True)
    broken = driver.failures
    if not lost:
        broken.append("the drill lost nothing, so it shows nothing")
    if [signal for signal in lost if driver.acknowledged[signal][1] < cut]:
        print("facts from before the cut are among them")
    return broken + what_omklap_says(cluster, exercise, signed)


def lost_facts(cluster, exercise, driver):
    """The acknowledged facts that the new leader does not have."""
    api, access, there = Api(cluster.address), exercise.access(), set()
    for trajectory in driver.open_ones:
        entries, status = exercise.history(api, access, trajectory)
        if status not in (200, 404):
            raise AssertionError(f"{trajectory}: {status}")
        there |= {entry["fact"]["signalId"] for entry in entries if entry["type"] == "signal-reported"}
    return [signal for signal in driver.acknowledged if signal not in there]


def what_omklap_says(cluster, exercise, signed):
    """Compares what the check, the signing job and a server that starts say with the loss."""
    broken = []
    code, said = cluster.run("check", "--ledger", "--json")
    found = {json.loads(line).get("finding") for line in said.splitlines() if line.startswith("{")}
    print(f"omklap check --ledger: exit code {code}, {', '.join(sorted(found - {None}))}")
    if code != 1 or "not-in-database" not in found:
        broken.append(f"omklap check does not say that signed facts are gone: {code} {said}")
    _, health = Api(cluster.address).call("GET", "/health/ready")
    print(f"/health/ready of a running server: {health.get('status')} {health.get('reasons', '')}")
    if "database-behind-checkpoints-file" not in health.get("reasons", []):
        broken.append(f"a running server does not say that signed facts are gone: {health}")
    driver = Driver(cluster.address, seed=2)
    driver.start()
    wait("a report on the new leader", lambda: driver.acknowledged or driver.failures, 60)
    # Two rounds of the job that signs.
    time.sleep(12)
    driver.stop()
    broken += driver.failures
    print(f"the running servers record {len(driver.acknowledged)} more facts and sign "
          f"{'nothing' if cluster.signed_outside() == signed else 'ANOTHER HISTORY'}")
    if cluster.signed_outside() != signed:
        broken.append("a second history was signed under one name")
    cluster.stop("omklap-a")
    cluster.start_server("a")
    wait("the restarted server", lambda: cluster.ready("a"), 60)
    _, health = Api(f"http://127.0.0.1:{cluster.port['omklap-a']}").call("GET", "/health/ready")
    print(f"/health/ready of a server that starts now: {health.get('status')}, {health.get('reason')}")
    if health.get("status") != "restored-copy":
        broken.append(f"a server that starts takes the ledger for whole: {health}")
    return broken

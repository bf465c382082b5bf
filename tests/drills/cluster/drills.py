"""The disturbances. Each says what it did, and returns when the cluster is whole again or is mending itself."""

import os
import signal
import time

from cluster import SERVERS
from later import migrated_ahead
from programs import wait


def leader_killed(cluster):
    """kill -9 of the leading PostgreSQL; its agent lives."""
    cluster.signal_postgres(cluster.leader(), signal.SIGKILL)
    time.sleep(1)


def leader_and_agent_crash(cluster):
    """The leading PostgreSQL and its agent are killed at once, as if the machine lost its power."""
    leader = cluster.leader()
    try:
        leader_lost(cluster)
    except TimeoutError:
        print(f"no standby took over from {leader}, which is started again", flush=True)
    cluster.start_node(leader)


def leader_lost(cluster):
    """The leading PostgreSQL and its agent are killed at once, and stay away."""
    leader = cluster.leader()
    cluster.send(leader, signal.SIGKILL)
    cluster.signal_postgres(leader, signal.SIGKILL)
    wait("another leader", lambda: cluster.leader() not in (None, leader), 90)


def leader_frozen(cluster):
    """Every process of the leader and its agent stands still for 15 seconds, and goes on."""
    leader = cluster.leader()
    frozen = cluster.backends(leader)
    cluster.send(leader, signal.SIGSTOP)
    for pid in frozen:
        cluster_signal(pid, signal.SIGSTOP)
    time.sleep(15)
    for pid in frozen:
        cluster_signal(pid, signal.SIGCONT)
    cluster.send(leader, signal.SIGCONT)


def replication_cut(cluster):
    """The synchronous standby crashes: commits wait until another takes its place."""
    standby = cluster.synchronous()
    cluster.send(standby, signal.SIGKILL)
    cluster.signal_postgres(standby, signal.SIGKILL)
    time.sleep(5)
    cluster.start_node(standby)


def switchover(cluster):
    """The leader hands over to the synchronous standby."""
    before = cluster.leader()
    cluster.switch_over()
    wait("another leader", lambda: cluster.leader() not in (None, before), 60)


def etcd_lost(cluster):
    """The store of the cluster's state is gone for some seconds, and comes back with its data."""
    cluster.stop("etcd")
    time.sleep(8)
    cluster.start_etcd()


def server_killed(cluster):
    """kill -9 of an omklap server."""
    cluster.send("omklap-a", signal.SIGKILL)
    cluster.running["omklap-a"].wait(10)
    time.sleep(1)
    cluster.start_server("a")


def rolling_restart(cluster):
    """Both omklap servers are stopped and started, one after the other."""
    for name in ("a", "b"):
        cluster.stop(f"omklap-{name}")
        cluster.start_server(name)
        wait(f"server {name}", lambda: cluster.ready(name), 60)


def rolling_upgrade(cluster):
    """Both servers of an earlier version are replaced by the present one, after its migrations, one after the other."""
    code, said = cluster.run("migrate")
    if code != 0:
        raise AssertionError(f"omklap migrate: {said}")
    for name in SERVERS:
        # Both versions work on the new tables for a while.
        time.sleep(5)
        cluster.stop(f"omklap-{name}")
        cluster.program[name] = cluster.omklap
        cluster.start_server(name)
        wait(f"server {name}", lambda name=name: cluster.ready(name), 60)


def cluster_signal(pid, number):
    """Sends a signal to a process that may have ended."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


ALL = (leader_killed, switchover, server_killed, leader_and_agent_crash, rolling_restart, leader_frozen, replication_cut,
       etcd_lost, migrated_ahead)

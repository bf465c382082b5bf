"""The disturbances. Each says what it did, and returns when the cluster is whole again or is mending itself."""

import os
import signal
import time

from cluster import SERVERS
from programs import wait


def leader_killed(cluster):
    """kill -9 of the leading PostgreSQL; its agent lives."""
    cluster.signal_postgres(cluster.leader(), signal.SIGKILL)
    time.sleep(1)


def leader_and_agent_crash(cluster):
    """The leading PostgreSQL and its agent are killed at once, as if the machine lost its power."""
    cluster.start_node(leader_lost(cluster))


def leader_lost(cluster):
    """The leading PostgreSQL and its agent are killed at once, and stay away. Returns which it was."""
    leader = cluster.leader()
    cluster.send(leader, signal.SIGKILL)
    cluster.signal_postgres(leader, signal.SIGKILL)
    wait("another leader", lambda: cluster.leader() not in (None, leader), 90)
    return leader


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
    if not cluster.earlier:
        return "it needs an earlier program: --earlier PROGRAM"
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


def migrated_ahead(cluster):
    """A later version migrates: it adds a table, columns and an index under servers that know nothing of them. They go on."""
    done = cluster.sql("primary", *LATER)
    if done.returncode != 0:
        raise AssertionError(f"the later migration: {done.stderr}")
    time.sleep(10)
    done = cluster.sql("primary", *TAKEN_BACK)
    if done.returncode != 0:
        raise AssertionError(f"taking the later migration back: {done.stderr}")


def cluster_signal(pid, number):
    """Sends a signal to a process that may have ended."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


# What a migration of a later version may do (docs/CLUSTER.md): it adds, and an older server survives that.
LATER = ("CREATE TABLE of_a_later_version (id uuid PRIMARY KEY, events bigint NOT NULL DEFAULT 0)",
         "ALTER TABLE events ADD COLUMN of_a_later_version text",
         "ALTER TABLE trajectories ADD COLUMN of_a_later_version text NOT NULL DEFAULT ''",
         "ALTER TABLE access_log ADD COLUMN of_a_later_version text",
         "CREATE INDEX CONCURRENTLY of_a_later_version_index ON trajectories (of_a_later_version)",
         "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) "
         "VALUES (9999, 'of a later version', true, '\\x00', 0)")
TAKEN_BACK = ("DROP TABLE of_a_later_version", "ALTER TABLE events DROP COLUMN of_a_later_version",
              "ALTER TABLE trajectories DROP COLUMN of_a_later_version",
              "ALTER TABLE access_log DROP COLUMN of_a_later_version",
              "DELETE FROM _sqlx_migrations WHERE version = 9999")

ALL = (leader_killed, switchover, server_killed, leader_and_agent_crash, rolling_restart, migrated_ahead, leader_frozen,
       replication_cut, etcd_lost, rolling_upgrade)

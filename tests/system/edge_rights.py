#!/usr/bin/python3
"""What an edge is given and what its user may do: little of launch's environment, no way to more rights, and no way to pass
for an edge. As root, since only root can give the edges a user of their own."""
import os
import pathlib
import socket
import stat
import struct
import sys
import time
import unittest
import urllib.request

from harness import TRUSTING, running

IDLE = 150  # more than the core has places

# Runs as the edges' user, which any process may: says HELLO for edge 0 with a secret that it had to guess, then holds as
# many silent channels as it can.
IMPOSTOR_SAYS = struct.pack("<HHHBQ", 1, 1, 1, 0, 12345) + b"x" * 16


def bus_name():
    for line in open("/proc/net/unix"):
        if "@jingda-edges-" in line:
            yield line.split()[-1][1:]


def connect(name):
    channel = socket.socket(socket.AF_UNIX)
    channel.connect("\0" + name)
    channel.settimeout(5)
    return channel


def as_user(uid, action):
    """Runs `action` in a child of another user; its exit status."""
    child = os.fork()
    if child == 0:
        status = 99
        try:
            os.setgroups([])
            os.setgid(uid)
            os.setuid(uid)
            status = action()
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def status_of(pid):
    lines = (pathlib.Path("/proc") / str(pid) / "status").read_text().splitlines()
    return dict(line.split(":\t", 1) for line in lines if ":\t" in line)


def healthy(port):
    try:
        with urllib.request.urlopen(f"https://localhost:{port}/healthz", context=TRUSTING, timeout=3) as answer:
            return answer.status == 200
    except OSError:
        return False


def until(test, condition, what, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        test.assertLess(time.monotonic(), deadline, what)
        time.sleep(0.05)


@unittest.skipUnless(os.geteuid() == 0, "only root can give the edges a user of their own")
class EdgeRights(unittest.TestCase):
    def test_children_get_little_of_the_environment_and_can_gain_no_rights(self):
        os.environ["JINGDA_TEST_SECRET"] = "hunter2"
        try:
            with running("--edges", "2") as server:
                for name, pid in server.children().items():
                    environment = pathlib.Path(f"/proc/{pid}/environ").read_bytes()
                    self.assertNotIn(b"hunter2", environment, name)
                    self.assertIn(b"PATH=", environment, name)
                    self.assertEqual(status_of(pid)["NoNewPrivs"], "1", name)
                edge = status_of(server.children()["edge 0"])
                self.assertNotIn("0", edge["Uid"].split())
                self.assertNotIn("0", edge["Gid"].split())
                for file in (server.folder / "data").iterdir():
                    self.assertEqual(stat.S_IMODE(file.stat().st_mode) & 0o077, 0, file.name)
        finally:
            del os.environ["JINGDA_TEST_SECRET"]

    def test_another_process_of_the_edges_user_is_no_edge_and_holds_up_nobody(self):
        before = set(bus_name())
        with running("--edges", "2") as server:
            name = (set(bus_name()) - before).pop()
            edges = {role: pid for role, pid in server.children().items() if role.startswith("edge")}
            uid = int(status_of(edges["edge 0"])["Uid"].split()[0])
            ready, go = os.pipe(), os.pipe()

            def impostor():
                channel = connect(name)
                channel.sendall(struct.pack("<I", len(IMPOSTOR_SAYS)) + IMPOSTOR_SAYS)
                if channel.recv(100) != b"":
                    return 1  # the core said something to it: WELCOME
                held = [connect(name) for _ in range(IDLE)]
                os.write(ready[1], b"x")
                os.read(go[0], 1)
                for one in (channel, *held):
                    one.close()
                return 0

            middle = os.fork()
            if middle == 0:
                os._exit(as_user(uid, impostor))
            try:
                self.assertEqual(os.read(ready[0], 1), b"x")
                old = server.children()
                server.kill("edge 1")
                server.kill("desk")
                until(self, lambda: all(server.children().get(role, old[role]) != old[role] for role in ("edge 1", "desk")),
                      "both are started again")
                until(self, lambda: healthy(server.desk_port), "the desk is back")
                until(self, lambda: all(healthy(server.port) for _ in range(8)), "the edges are well")
                self.assertEqual(server.children()["edge 0"], edges["edge 0"])
                self.assertEqual(server.log_text().count("edge 0 is up"), 1)
            finally:
                os.write(go[1], b"x")
                self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(middle, 0)[1]), 0)
            self.assertLess(server.log_text().count("has not said hello"), 10)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[1:], verbosity=2)

#!/usr/bin/python3
"""A start that cannot work says so in one line on standard error, ends with a status of sysexits.h, and leaves nothing
half-made."""
import asyncio
import pathlib
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import unittest

from harness import BINARY, ROOT, Crowd, Organizer, Server, certificate, free_port

EX_USAGE, EX_DATAERR, EX_NOINPUT, EX_UNAVAILABLE, EX_CANTCREAT, EX_IOERR, EX_TEMPFAIL, EX_CONFIG = 64, 65, 66, 69, 73, 74, 75, 78


class StartFailures(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="jingda-"))
        self.cert, self.key = certificate(self.folder)
        self.data = self.folder / "data"

    def tearDown(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, **changes):
        settings = {"data": self.data, "port": free_port(), "desk-port": free_port(), "cert": self.cert, "key": self.key,
                    "web": ROOT / "web/dist", "banks": ROOT / "questions", "address": "127.0.0.1", **changes}
        words = [str(word) for name, value in settings.items() for word in (f"--{name}", value)]
        return subprocess.run([BINARY, "serve", *words], capture_output=True, text=True, timeout=30)

    def refused(self, done, *statuses):
        lines = [line for line in done.stderr.splitlines() if line.startswith("jingda: ")]
        self.assertIn(done.returncode, statuses, done.stderr)
        self.assertEqual(len(lines), 1, done.stderr)
        self.assertNotIn("ready", done.stdout)
        return lines[0]

    def test_taken_port(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            line = self.refused(self.start(port=port), EX_UNAVAILABLE, EX_TEMPFAIL)
            self.assertIn(str(port), line)
        self.assertFalse(self.data.exists(), "nothing half-made")

    def test_bad_certificate(self):
        self.cert.write_text("nothing of the kind")
        line = self.refused(self.start(), EX_NOINPUT, EX_DATAERR, EX_CONFIG)
        self.assertIn("cert.pem", line)

    def test_key_of_another_certificate(self):
        other = self.folder / "other"
        other.mkdir()
        _, key = certificate(other)
        self.refused(self.start(key=key), EX_NOINPUT, EX_DATAERR, EX_CONFIG)

    def test_data_folder_that_is_a_file(self):
        self.data.write_text("")
        self.refused(self.start(), EX_CANTCREAT, EX_IOERR)

    def test_unknown_flag(self):
        done = subprocess.run([BINARY, "serve", "--colour", "red"], capture_output=True, text=True, timeout=10)
        self.refused(done, EX_USAGE)

    def test_database_of_a_newer_version(self):
        Server(self.folder).stop()
        with sqlite3.connect(self.data / "core.db") as db:
            db.execute("PRAGMA user_version = 9999")
        line = self.refused(self.start(), EX_DATAERR)
        self.assertIn("newer", line)

    def test_database_of_somebody_else(self):
        self.data.mkdir()
        with sqlite3.connect(self.data / "core.db") as db:
            db.execute("CREATE TABLE mine(x)")
        self.refused(self.start(), EX_DATAERR)

    def test_fewer_residents_than_a_round_already_has(self):
        async def play():
            server = Server(self.folder)
            organizer = Organizer(server)
            await organizer.sign_in()
            code = await organizer.open_round(questions=1)
            async with Crowd(server, code, 5):
                pass
            await organizer.close()
            self.assertEqual(server.stop(), 0)
        asyncio.run(play())
        line = self.refused(self.start(residents=3), EX_DATAERR)
        self.assertIn("--residents", line)

    def test_second_server_on_the_same_data(self):
        server = Server(self.folder)
        try:
            self.refused(self.start(), EX_TEMPFAIL, EX_UNAVAILABLE)
            self.assertIsNone(server.process.poll(), "the first one goes on")
            self.assertEqual(len([role for role in server.children() if role.startswith("edge")]), 2)
        finally:
            self.assertEqual(server.stop(), 0)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[1:], verbosity=2)

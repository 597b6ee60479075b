#!/usr/bin/python3
"""`jingda rehearse` against a real server: three hundred residents play a round that an organizer runs, and what the
report says is held against core.db, which the rehearsal never sees."""
import asyncio
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

from harness import BINARY, Organizer, running

RESIDENTS = 300
QUESTIONS = 2


def rehearse(*words):
    return subprocess.run([BINARY, "rehearse", *words], capture_output=True, text=True, timeout=60)


class Refusals(unittest.TestCase):
    def check(self, said, *words):
        done = rehearse(*words)
        self.assertEqual(done.returncode, 64, done.stderr)
        self.assertIn(said, done.stderr)

    def test_another_machine_is_refused(self):
        self.check("not this machine", "--url", "https://192.0.2.1:8443", "--follow", "123456", "--residents", "1")

    def test_naming_another_host_does_not_allow_this_one(self):
        self.check("not this machine", "--url", "https://192.0.2.1:8443", "--follow", "123456", "--residents", "1",
                   "--host-allowed", "192.0.2.2")

    def test_what_is_missing_is_said(self):
        self.check("--url is missing", "--follow", "123456", "--residents", "1")
        self.check("--residents", "--url", "https://127.0.0.1:8443", "--follow", "123456", "--residents", "0")


class Rehearsal(unittest.TestCase):
    async def play(self, server, *words, mishap=None):
        """A round of two questions, driven by hand; `mishap` happens in the second. Returns the status, the report, the
        organizer and what was printed."""
        organizer = Organizer(server)
        await organizer.sign_in()
        code = await organizer.open_round(questions=QUESTIONS)
        report = pathlib.Path(server.folder) / "report.json"
        crowd = await asyncio.create_subprocess_exec(
            BINARY, "rehearse", "--url", f"https://localhost:{server.port}", "--follow", code, "--residents", str(RESIDENTS),
            "--think", "100..900", "--most", "60", "--report", report, *words,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        await organizer.until(lambda state: state["people"] == RESIDENTS)
        for asking in range(1, QUESTIONS + 1):
            await organizer.do("round.start" if asking == 1 else "round.next", round=organizer.round)
            if mishap and asking == 2:
                mishap()
            await organizer.until(lambda state: state["asking"] == asking and state["answered"] == RESIDENTS)
            await organizer.do("round.close", round=organizer.round)
            await organizer.until(lambda state: state["phase"] == "closed")
            await organizer.do("round.reveal", round=organizer.round)
            await organizer.until(lambda state: state["phase"] == "revealed")
        await organizer.do("round.end", round=organizer.round)
        out, err = await asyncio.wait_for(crowd.communicate(), 60)
        await organizer.close()
        return crowd.returncode, json.loads(report.read_text()), organizer, out.decode() + err.decode()

    def test_a_round_is_played_to_its_end_and_every_receipt_is_in_the_database(self):
        with running() as server:
            status, report, organizer, text = asyncio.run(self.play(server))
            self.assertEqual(status, 0, text)
            stored = server.rows("SELECT count(*), count(DISTINCT participant) FROM answer WHERE round = ?", organizer.round)
        self.assertEqual(stored, [(RESIDENTS * QUESTIONS, RESIDENTS)])
        self.assertEqual(report["residents"]["connected"], RESIDENTS)
        self.assertEqual(report["ramp"]["full_handshakes"], 2 * RESIDENTS)  # once more for the proof
        self.assertEqual([question["acknowledged"] for question in report["questions"]], [RESIDENTS] * QUESTIONS)
        self.assertEqual([question["unacknowledged"] for question in report["questions"]], [0] * QUESTIONS)
        self.assertEqual([question["reveal_ms"]["count"] for question in report["questions"]], [RESIDENTS] * QUESTIONS)
        proof = report["proof"]
        self.assertEqual(proof["receipts"], RESIDENTS * QUESTIONS)
        self.assertEqual(proof["reread"], RESIDENTS)
        self.assertGreaterEqual(proof["rights_checked"], RESIDENTS * QUESTIONS)
        self.assertEqual((proof["lost"], proof["doubled"], proof["changed"], proof["rights_wrong"]), (0, 0, 0, 0))
        self.assertGreater(report["answers"]["ack_ms"]["p50"], 0)

    def test_residents_who_are_cut_off_come_back_with_their_answer(self):
        with running() as server:
            status, report, organizer, text = asyncio.run(self.play(server, "--drop", "40%"))
            self.assertEqual(status, 0, text)
            stored = server.rows("SELECT count(*) FROM answer WHERE round = ?", organizer.round)
        self.assertEqual(stored, [(RESIDENTS * QUESTIONS,)])
        self.assertGreater(report["residents"]["cut"], RESIDENTS // 4)
        self.assertEqual(report["residents"]["dropped"], 0)
        self.assertEqual(report["proof"]["receipts"], RESIDENTS * QUESTIONS)
        self.assertEqual(report["proof"]["lost"] + report["proof"]["changed"], 0)

    def test_an_edge_killed_in_a_question_loses_nobody_and_nothing(self):
        with running("--edges", "2") as server:
            status, report, organizer, text = asyncio.run(self.play(server, mishap=lambda: server.kill("edge 0")))
            self.assertEqual(status, 0, text)
            stored = server.rows("SELECT count(*) FROM answer WHERE round = ?", organizer.round)
        self.assertEqual(stored, [(RESIDENTS * QUESTIONS,)])
        self.assertGreater(report["residents"]["dropped"], 0)
        self.assertEqual(report["proof"]["receipts"], RESIDENTS * QUESTIONS)
        self.assertEqual(report["proof"]["lost"] + report["proof"]["changed"] + report["proof"]["doubled"], 0)

    def test_an_answer_taken_out_of_the_database_is_noticed(self):
        """The proof can fail: one receipt's answer is deleted while the server is down, before the round's end."""
        async def play(server):
            organizer = Organizer(server)
            await organizer.sign_in()
            code = await organizer.open_round(questions=1)
            crowd = await asyncio.create_subprocess_exec(
                BINARY, "rehearse", "--url", f"https://localhost:{server.port}", "--follow", code, "--residents", "20",
                "--think", "10..50", "--most", "60", "--report", report, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            await organizer.until(lambda state: state["people"] == 20)
            await organizer.do("round.start", round=organizer.round)
            await organizer.until(lambda state: state["answered"] == 20)
            server.kill_all()
            subprocess.run(["sqlite3", server.folder / "data/core.db", "DELETE FROM answer WHERE participant = 7"], check=True)
            server.start()
            await organizer.close()
            await organizer.sign_in()
            organizer.state = (await organizer.do("round.watch", round=organizer.round))["state"]
            await organizer.do("lease.take", round=organizer.round, force=True)
            await organizer.do("round.close", round=organizer.round)
            await organizer.until(lambda state: state["phase"] == "closed")
            await organizer.do("round.reveal", round=organizer.round)
            await organizer.until(lambda state: state["phase"] == "revealed")
            await organizer.do("round.end", round=organizer.round)
            await asyncio.wait_for(crowd.communicate(), 60)
            await organizer.close()
            return crowd.returncode

        with tempfile.TemporaryDirectory() as folder, running() as server:
            report = pathlib.Path(folder) / "report.json"
            self.assertEqual(asyncio.run(play(server)), 1)
            self.assertEqual(json.loads(report.read_text())["proof"]["lost"], 1)

    def test_an_unknown_round_lets_nobody_in_and_the_rehearsal_ends(self):
        with running() as server:
            began = time.monotonic()
            done = rehearse("--url", f"https://127.0.0.1:{server.port}", "--follow", "000000", "--residents", "5")
        self.assertEqual(done.returncode, 1)
        self.assertIn("unknown_code 5", done.stdout)
        self.assertLess(time.monotonic() - began, 20)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)

#!/usr/bin/python3
"""kill -9 of the core, of an edge, of everything, in mid-question under 200 clients: nothing acknowledged is lost or
doubled, and all are back in the round."""
import asyncio
import os
import random
import signal
import sys
import time
import unittest

from harness import Crowd, Organizer, check_receipts, running

CLIENTS = 200


async def play_with_accident(test, accident, **rules):
    with running() as server:
        organizer = Organizer(server)
        await organizer.sign_in()
        code = await organizer.open_round(questions=3, **{"limit_ms": 15000, **rules})
        async with Crowd(server, code, CLIENTS) as crowd:
            chance = random.Random(7)
            for resident in crowd:
                resident.choose = lambda r, q: 1 << chance.randrange(len(q["options"]))
                resident.answer_after = chance.uniform(0, 4)
            for asking in (1, 2, 3):
                await organizer.do("round.start" if asking == 1 else "round.next", round=organizer.round)
                if asking == 2:
                    await asyncio.sleep(1.5)
                    organizer = await accident(server, organizer)
                await crowd.until(lambda r: asking in r.receipts)
                await organizer.until(lambda s: s.get("answered") == CLIENTS or s["phase"] != "open")
                if organizer.state["phase"] == "open":
                    await organizer.ask("round.close", round=organizer.round)
                await organizer.until(lambda s: s["phase"] == "closed")
                await organizer.do("round.reveal", round=organizer.round)
                await crowd.until(lambda r: (r.standing or {}).get("asking") == asking)
            await organizer.do("round.end", round=organizer.round)
            await crowd.until(lambda r: r.is_over)
            receipts = check_receipts(test, server, organizer.round, crowd)
            test.assertEqual(receipts, 3 * CLIENTS)
            stored = server.rows("SELECT count(*) FROM answer WHERE round = ?", organizer.round)[0][0]
            test.assertEqual(stored, 3 * CLIENTS)
            test.assertEqual(sum(r.standing["of"] == CLIENTS for r in crowd), CLIENTS)
            reconnects = sum(r.reconnects for r in crowd)
        await organizer.close()
        return reconnects


async def core_dies(server, organizer):
    server.kill("core")
    return organizer


async def edge_dies(server, organizer):
    server.kill("edge 0")
    return organizer


async def all_die(server, organizer):
    round_number, code = organizer.round, organizer.code
    server.kill_all()
    server.start()
    again = Organizer(server)
    await again.sign_in()
    again.round, again.code = round_number, code
    again.state = (await again.do("round.watch", round=round_number))["state"]
    await again.do("lease.take", round=round_number, force=True)
    return again


async def edge_storm(server, organizer):
    """Edge 0 is killed as soon as it is back, twenty times, at least 0.3 s apart."""
    for _ in range(20):
        while "edge 0" not in server.children():
            await asyncio.sleep(0.05)
        server.kill("edge 0")
        await asyncio.sleep(0.3)
        await organizer.ask("round.watch", round=organizer.round)  # the desk is there all the time
    return organizer


class KillProcesses(unittest.TestCase):
    def test_core_killed_in_a_question_loses_nothing_and_drops_nobody(self):
        reconnects = asyncio.run(play_with_accident(self, core_dies))
        self.assertEqual(reconnects, 0, "connections survive the core")

    def test_edge_killed_in_a_question_brings_all_back_to_it(self):
        reconnects = asyncio.run(play_with_accident(self, edge_dies))
        self.assertGreater(reconnects, 0)

    def test_edge_killed_twenty_times_in_a_question_does_not_end_the_server(self):
        asyncio.run(play_with_accident(self, edge_storm, limit_ms=60000))

    def test_edge_that_hangs_does_not_hold_up_the_round(self):
        async def play():
            with running() as server:
                organizer = Organizer(server)
                await organizer.sign_in()
                code = await organizer.open_round(questions=1, limit_ms=5000)
                async with Crowd(server, code, 40) as crowd:
                    await organizer.do("round.start", round=organizer.round)
                    await crowd.until(lambda r: 1 in r.receipts)
                    os.kill(server.children()["edge 0"], signal.SIGSTOP)
                    began = time.monotonic()
                    await organizer.until(lambda s: s["phase"] == "closed", 60)
                    self.assertLess(time.monotonic() - began, 45)
                    os.kill(server.children()["edge 0"], signal.SIGCONT)
                    await organizer.do("round.reveal", round=organizer.round)
                    await crowd.until(lambda r: (r.standing or {}).get("asking") == 1)
                    self.assertEqual(check_receipts(self, server, organizer.round, crowd), 40)
                await organizer.close()
        asyncio.run(play())

    def test_everything_killed_in_a_question_goes_on_with_that_round(self):
        asyncio.run(play_with_accident(self, all_die))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[1:], verbosity=2)

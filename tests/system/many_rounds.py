#!/usr/bin/python3
"""A busy day: rounds that ended give their room to those that run, in the engine and after a restart."""
import asyncio
import sys
import unittest

from harness import Crowd, Organizer, running
from verdicts import ask


async def end_round(organizer):
    await organizer.do("round.end", round=organizer.round)


class ManyRounds(unittest.TestCase):
    def test_core_that_dies_after_an_ended_round_gave_its_room_away_starts_again(self):
        async def play():
            with running("--residents", "100") as server:
                organizer = Organizer(server)
                await organizer.sign_in()
                first = await organizer.open_round(questions=1)
                first_round = organizer.round
                second = await organizer.open_round(questions=1)
                async with Crowd(server, second, 60):
                    await end_round(organizer)
                async with Crowd(server, first, 70) as crowd:
                    server.kill("core")
                    await organizer.do("round.watch", round=first_round)
                    await organizer.do("lease.take", round=first_round, force=True)
                    await organizer.do("round.start", round=first_round)
                    await crowd.until(lambda r: 1 in r.receipts)
                    verdict, _ = await ask(server, {"type": "hello", "round": second})
                    self.assertEqual(verdict, "round_over")
                await organizer.close()
        asyncio.run(play())

    def test_seventy_rounds_in_one_day_each_open_and_end(self):
        async def play():
            with running("--residents", "5") as server:
                organizer = Organizer(server)
                await organizer.sign_in()
                codes = []
                for _ in range(70):
                    code = await organizer.open_round(questions=1)
                    async with Crowd(server, code, 3):
                        await end_round(organizer)
                    codes.append(code)
                    await asyncio.sleep(0.25)  # the desk refuses who asks faster than people do
                verdict, _ = await ask(server, {"type": "hello", "round": codes[0]})
                self.assertEqual(verdict, "round_over")
                self.assertEqual(len((await organizer.do("rounds"))["rounds"]), 70, "every round played is kept")
                await organizer.close()
        asyncio.run(play())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[1:], verbosity=2)

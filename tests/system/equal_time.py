#!/usr/bin/python3
"""Coming back gives nobody time: one who reconnects fifty times, or holds ten connections, has the clock of the first
frame that was shown."""
import asyncio
import json
import sys
import time
import unittest

import websockets

from harness import TRUSTING, Organizer, Resident, running

SLACK_MS = 120  # a busy machine between the kernel and this program's clock


async def connect(server, code, token):
    socket = await websockets.connect(server.url, ssl=TRUSTING, subprotocols=["jingda.v1"], origin=server.origin,
                                      ping_interval=None)
    await socket.send(json.dumps({"type": "hello", "round": code, "token": token}))
    return socket


async def next_of(socket, *types):
    async for text in socket:
        frame = json.loads(text)
        if frame["type"] in types:
            return frame
    raise AssertionError("the connection ended first")


async def joined_in_open_question(server, organizer, **rules):
    """A resident without a will of its own, just shown the first question: (resident, when, token)."""
    code = await organizer.open_round(questions=2, limit_ms=20000, **rules)
    resident = Resident(server, code, 0)
    resident.choose = None
    task = asyncio.create_task(resident.run())
    await resident.until(lambda r: r.participant)
    await organizer.do("round.start", round=organizer.round)
    await resident.until(lambda r: r.open)
    shown = time.monotonic()
    resident.is_over = True
    return code, resident.token, shown, task


class EqualTime(unittest.TestCase):
    def check(self, elapsed_ms, shown):
        true_ms = (time.monotonic() - shown) * 1000
        self.assertLess(abs(true_ms - elapsed_ms), SLACK_MS)

    def test_fifty_reconnects_do_not_start_the_clock_again(self):
        async def play():
            with running() as server:
                organizer = Organizer(server)
                await organizer.sign_in()
                code, token, shown, task = await joined_in_open_question(server, organizer)
                for _ in range(50):
                    socket = await connect(server, code, token)
                    snapshot = await next_of(socket, "snapshot")
                    self.check(snapshot["open"]["elapsed_ms"], shown)
                    await socket.close()
                socket = await connect(server, code, token)
                await next_of(socket, "snapshot")
                await socket.send('{"type":"answer","asking":1,"choice":1}')
                sent = time.monotonic()
                receipt = (await next_of(socket, "recorded"))["receipt"]
                counted = receipt["elapsed_ms"] + receipt["credit_ms"]
                self.assertLess(abs(counted - (sent - shown) * 1000), SLACK_MS)
                task.cancel()
                await organizer.close()
        asyncio.run(play())

    def test_ten_connections_have_one_clock_and_the_newest_speaks(self):
        async def play():
            with running() as server:
                organizer = Organizer(server)
                await organizer.sign_in()
                code, token, shown, task = await joined_in_open_question(server, organizer)
                sockets = []
                for _ in range(10):
                    socket = await connect(server, code, token)
                    snapshot = await next_of(socket, "snapshot")
                    self.check(snapshot["open"]["elapsed_ms"], shown)
                    sockets.append(socket)
                for old in sockets[:-1]:
                    self.assertEqual((await next_of(old, "refused"))["verdict"], "newer_connection")
                await sockets[-1].send('{"type":"answer","asking":1,"choice":2}')
                receipt = (await next_of(sockets[-1], "recorded"))["receipt"]
                self.check(receipt["elapsed_ms"] + receipt["credit_ms"], shown)
                task.cancel()
                await organizer.close()
        asyncio.run(play())

    def test_the_answers_time_is_the_time_that_passed(self):
        async def play():
            with running() as server:
                organizer = Organizer(server)
                await organizer.sign_in()
                code, token, shown, task = await joined_in_open_question(server, organizer, reading_ms=1000)
                socket = await connect(server, code, token)
                await next_of(socket, "snapshot")
                await socket.send('{"type":"answer","asking":1,"choice":1}')
                self.assertEqual((await next_of(socket, "refused", "recorded"))["verdict"], "too_early")
                await asyncio.sleep(2)
                await socket.send('{"type":"answer","asking":1,"choice":1}')
                sent = time.monotonic()
                receipt = (await next_of(socket, "recorded"))["receipt"]
                counted = receipt["elapsed_ms"] + receipt["credit_ms"] + 1000
                self.assertLess(abs(counted - (sent - shown) * 1000), SLACK_MS)
                self.assertLessEqual(receipt["credit_ms"], 200)
                task.cancel()
                await organizer.close()
        asyncio.run(play())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[1:], verbosity=2)

#!/usr/bin/python3
"""Coming back gives nobody time: one who reconnects fifty times, or holds ten connections, has the clock of the first
frame that was shown. Nor does not reading: who stops just before the opening, and has the question from another
connection, has the clock of all the others."""
import asyncio
import base64
import json
import secrets
import socket
import sys
import time
import unittest

import websockets

from harness import TRUSTING, Organizer, Resident, running
from raw import Raw, trusting

SLACK_MS = 120  # a busy machine between the kernel and this program's clock
WINDOW_S = 10  # in which the server answers five hellos
THINK_S = 7.5


class Slow(Raw):
    """A connection whose kernel holds as little as it may, so that the server's fills up when nothing is read."""

    def __init__(self, server, code):
        plain = socket.socket()
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
        plain.settimeout(8)
        plain.connect(("127.0.0.1", server.port))
        self.tls = trusting().wrap_socket(plain, server_hostname="localhost")
        self.port, self.read, self.code = server.port, b"", code
        assert self.upgrade() == 101

    def hello(self, **more):
        self.say(json.dumps({"type": "hello", "round": self.code, **more}))

    def next_of(self, *types):
        while (heard := self.hear()) is not None:
            frame = json.loads(heard[1]) if heard[0] == 1 else {}
            if frame.get("type") in types:
                return frame
        raise AssertionError("the connection ended first")

    def join(self):
        self.say(json.dumps({"type": "join", "nonce": base64.urlsafe_b64encode(secrets.token_bytes(16)).decode()[:22]}))
        return self.next_of("joined", "refused")


def token_of(server, code):
    with Slow(server, code) as phone:
        phone.hello()
        return phone.join()["token"]


def hellos(phone, count):
    for _ in range(count):
        phone.hello()
        time.sleep(0.03)


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

    def test_not_reading_gives_no_time_to_oneself_nor_to_a_friend(self):
        """Fifteen kilobytes for each hello, in two windows: the first fills nothing yet, since a reader that takes nothing
        for ten seconds is dropped."""
        names = ["𠀀" * 17 + f"{number:03d}" for number in range(200)]

        def think(server, code, cheat, opened):
            with Slow(server, code) as wall:
                wall.hello(screen=True)
                wall.next_of("snapshot")  # the question, for who thinks about it
                time.sleep(max(0, opened + THINK_S - time.monotonic()))
            told = cheat.next_of("open", "snapshot")
            cheat.say('{"type":"answer","asking":1,"choice":1}')
            return told.get("open", told)["elapsed_ms"], cheat.next_of("recorded")["receipt"]["elapsed_ms"]

        def come_back(server, code, token):
            with Slow(server, code) as friend:
                friend.hello(token=token)
                snapshot = friend.next_of("snapshot")
                friend.say('{"type":"answer","asking":1,"choice":1}')
                return snapshot["open"]["elapsed_ms"], friend.next_of("recorded")["receipt"]["elapsed_ms"]

        def stop_reading(cheat, token):
            hellos(cheat, 2)
            time.sleep(WINDOW_S + 0.2)
            hellos(cheat, 4)
            cheat.hello(token=token)
            time.sleep(0.3)

        async def play():
            with running("--edges", "1") as server:
                organizer = Organizer(server)
                await organizer.sign_in()
                code = await organizer.open_round(questions=2, limit_ms=20000, scoring="speed", communities=names)
                tokens = [await asyncio.to_thread(token_of, server, code) for _ in range(2)]
                cheat = await asyncio.to_thread(Slow, server, code)
                await asyncio.to_thread(stop_reading, cheat, tokens[0])
                await organizer.do("round.start", round=organizer.round)
                told_ms, counted_ms = await asyncio.to_thread(think, server, code, cheat, time.monotonic())
                self.assertGreater(told_ms, THINK_S * 1000 - SLACK_MS)  # it heard only now, and of the time that passed
                self.assertGreater(counted_ms, THINK_S * 1000 - SLACK_MS)
                told_ms, counted_ms = await asyncio.to_thread(come_back, server, code, tokens[1])
                self.assertGreater(told_ms, THINK_S * 1000 - SLACK_MS)
                self.assertGreater(counted_ms, THINK_S * 1000 - SLACK_MS)
                cheat.tls.close()
                await organizer.close()
        asyncio.run(play())

    def test_one_connection_gets_few_states_and_few_participants(self):
        async def play():
            with running() as server:
                organizer = Organizer(server)
                await organizer.sign_in()
                code = await organizer.open_round(questions=2)

                def ask_too_often():
                    with Slow(server, code) as phone:
                        hellos(phone, 35)
                        phone.say('{"type":"ping"}')
                        types = []
                        while "pong" not in types:
                            types.append(phone.next_of("round", "pong")["type"])
                        return types.count("round")

                def join_too_often():
                    with Slow(server, code) as phone:
                        phone.hello()
                        return [phone.join() for _ in range(4)]

                self.assertEqual(await asyncio.to_thread(ask_too_often), 5)
                heard = await asyncio.to_thread(join_too_often)
                self.assertEqual([frame["type"] for frame in heard], ["joined"] * 3 + ["refused"])
                self.assertEqual(heard[-1]["verdict"], "too_many_frames")
                self.assertEqual(server.rows("select count(*) from participant"), [(3,)])
                await organizer.close()
        asyncio.run(play())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[1:], verbosity=2)

#!/usr/bin/python3
"""Each thing that can go wrong for a resident has the verdict that docs/protocol.md promises, over the real wire."""
import asyncio
import base64
import json
import secrets
import sys
import unittest

import websockets

from equal_time import connect, next_of
from harness import TRUSTING, Organizer, Resident, running


def nonce():
    return base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")


async def plain(server):
    return await websockets.connect(server.url, ssl=TRUSTING, subprotocols=["jingda.v1"], origin=server.origin)


async def ask(server, *frames):
    """Says the frames and returns the first refusal."""
    socket = await plain(server)
    for frame in frames:
        await socket.send(frame if isinstance(frame, str) else json.dumps(frame, ensure_ascii=False))
        if frames.index(frame) + 1 < len(frames):
            await next_of(socket, "round", "joined", "snapshot")
    answer = await asyncio.wait_for(next_of(socket, "refused"), 10)
    return answer["verdict"], socket


class Verdicts(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        asyncio.get_running_loop().set_debug(False)
        self.context = running()
        self.server = self.context.__enter__()
        self.organizer = Organizer(self.server)
        await self.organizer.sign_in()

    async def asyncTearDown(self):
        await self.organizer.close()
        self.context.__exit__(None, None, None)

    async def join(self, code, **more):
        socket = await plain(self.server)
        await socket.send(json.dumps({"type": "hello", "round": code}))
        await next_of(socket, "round")
        await socket.send(json.dumps({"type": "join", "nonce": nonce(), **more}, ensure_ascii=False))
        joined = await next_of(socket, "joined", "refused")
        return socket, joined

    async def verdict_of(self, expected, *frames):
        verdict, socket = await ask(self.server, *frames)
        self.assertEqual(verdict, expected)
        return socket

    async def test_before_joining(self):
        code = await self.organizer.open_round(questions=2, names="required")
        hello = {"type": "hello", "round": code}
        other = "100000" if code != "100000" else "100001"
        await self.verdict_of("unknown_code", {"type": "hello", "round": other})
        await self.verdict_of("unknown_code", {"type": "hello", "round": "12345"})
        await self.verdict_of("bad_token", {**hello, "token": "AAAA"})
        await self.verdict_of("not_joined", hello, {"type": "answer", "asking": 1, "choice": 1})
        join = {"type": "join", "nonce": nonce(), "name": "王秀英"}
        await self.verdict_of("bad_name", hello, {**join, "name": "一" * 25})
        await self.verdict_of("bad_name", hello, {**join, "name": ""})
        await self.verdict_of("bad_name", hello, {**join, "name": "王\u0007英"})
        await self.verdict_of("bad_name", hello, {**join, "name": "王\u202e英"})
        await self.verdict_of("bad_community", hello, {**join, "community": 2})
        for broken in ('{"type":"hello"', "[]", '{"type":"hello","type":"hello"}', '{"type":"dance"}', "x" * 900,
                       '{"type":"answer","asking":1.5,"choice":1}'):
            socket = await self.verdict_of("bad_frame", broken)
            with self.assertRaises(websockets.ConnectionClosed):
                await socket.recv()
        await self.organizer.do("round.lock", round=self.organizer.round, locked=True)
        await self.verdict_of("lobby_locked", hello, join)

    async def test_answers(self):
        code = await self.organizer.open_round(questions=2, limit_ms=5000)
        socket, joined = await self.join(code)
        await self.organizer.do("round.start", round=self.organizer.round)
        await next_of(socket, "open")

        async def say(asking, choice):
            await socket.send(json.dumps({"type": "answer", "asking": asking, "choice": choice}))
            return await asyncio.wait_for(next_of(socket, "refused", "recorded"), 10)

        self.assertEqual((await say(2, 1))["verdict"], "wrong_asking")
        self.assertEqual((await say(1, 1 << 9))["verdict"], "bad_choice")
        self.assertEqual((await say(1, 0))["verdict"], "bad_choice")
        self.assertEqual((await say(1, 3))["verdict"], "bad_choice")
        first = await say(1, 2)
        self.assertEqual(first["type"], "recorded")
        self.assertEqual(await say(1, 2), first, "the same choice again has the same receipt")
        second = await say(1, 1)
        self.assertEqual((second["verdict"], second["choice"], second["receipt"]),
                         ("already_answered", 2, first["receipt"]))
        await self.organizer.until(lambda s: s["phase"] == "closed")
        other = await connect(self.server, code, joined["token"])
        self.assertEqual((await next_of(socket, "refused"))["verdict"], "newer_connection")
        await next_of(other, "snapshot")

    async def test_late_and_removed_and_over(self):
        code = await self.organizer.open_round(questions=2, limit_ms=5000)
        socket, joined = await self.join(code, name="李建国")
        await self.organizer.do("round.start", round=self.organizer.round)
        await next_of(socket, "open")
        await asyncio.sleep(5.3)
        await socket.send('{"type":"answer","asking":1,"choice":1}')
        self.assertEqual((await next_of(socket, "refused"))["verdict"], "late")
        await self.organizer.do("participant.remove", round=self.organizer.round,
                                participant=joined["participant"] - 1)  # the desk counts from 0
        self.assertEqual((await next_of(socket, "refused"))["verdict"], "removed")
        await self.organizer.until(lambda s: s["phase"] == "closed")
        await self.organizer.do("round.end", round=self.organizer.round)
        await self.verdict_of("round_over", {"type": "hello", "round": code})

    async def test_too_many_frames_end_that_connection_alone(self):
        code = await self.organizer.open_round(questions=2)
        honest = Resident(self.server, code, 1)
        task = asyncio.create_task(honest.run())
        await honest.until(lambda r: r.participant)
        socket = await plain(self.server)
        await socket.send(json.dumps({"type": "hello", "round": code}))
        verdicts = []
        with self.assertRaises(websockets.ConnectionClosed):
            for _ in range(60):
                await socket.send('{"type":"ping"}')
            while True:
                frame = json.loads(await asyncio.wait_for(socket.recv(), 10))
                verdicts.append(frame.get("verdict"))
        self.assertIn("too_many_frames", verdicts)
        self.assertEqual(honest.reconnects, 0)
        task.cancel()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[1:], verbosity=2)

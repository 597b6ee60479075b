#!/usr/bin/python3
"""Residents beside the pages, by python3-websockets: crowd.py PORT CODE COUNT DATA-FOLDER. They join, answer every
question at a time of their own, come back when they are cut off, and at the end hold each receipt against core.db."""
import asyncio
import json
import pathlib
import random
import sqlite3
import sys
import types

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))
from harness import Crowd  # noqa: E402


async def play(port, code, count):
    server = types.SimpleNamespace(url=f"wss://localhost:{port}/play", origin=f"https://localhost:{port}")
    chance = random.Random(11)
    crowd = Crowd(server, code, count)
    for resident in crowd:
        resident.choose = lambda r, q: 1 << chance.randrange(len(q["options"]))
        resident.answer_after = chance.uniform(0.2, 2.5)
    async with crowd:
        print("joined", flush=True)
        await crowd.until(lambda r: r.is_over, 1200)
        return list(crowd)


def compare(residents, data):
    lost = changed = receipts = 0
    with sqlite3.connect(f"file:{data}/core.db?mode=ro", uri=True, timeout=10) as db:
        round_number = db.execute("SELECT max(round) FROM round").fetchone()[0]
        rows = db.execute("SELECT asking, participant, choice FROM answer WHERE round = ?", (round_number,)).fetchall()
    stored = {(asking, participant): choice for asking, participant, choice in rows}
    for resident in residents:
        for asking, (choice, _) in resident.receipts.items():
            receipts += 1
            found = stored.get((asking, resident.participant - 1))
            lost += found is None
            changed += found is not None and found != choice
    return {"residents": len(residents), "receipts": receipts, "lost": lost, "changed": changed,
            "doubled": len(rows) - len(stored), "recorded": len(rows),
            "reconnects": sum(r.reconnects for r in residents),
            "refused": sum(len(r.refusals) for r in residents)}


if __name__ == "__main__":
    played = asyncio.run(play(sys.argv[1], sys.argv[2], int(sys.argv[3])))
    print(json.dumps(compare(played, sys.argv[4])), flush=True)

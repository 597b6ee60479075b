#!/usr/bin/env python3
"""The include table of server/README.md, held against the sources: each folder includes only what it may, and
libwebsockets.h and sqlite3.h stand in one folder each."""
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
ONLY_IN = {"libwebsockets.h": "http", "sqlite3.h": "store"}


def table():
    """folder -> set of folders, from the README."""
    text = (ROOT / "server/README.md").read_text(encoding="utf-8")
    section = text.split("## Who may include whom")[1].split("\n\nStore and engine")[0]
    rows = re.findall(r"^\| ([a-z.]+) \|(.*)\|$", section, re.MULTILINE)
    return {name: {word.strip() for word in may.split(",") if word.strip()} for name, may in rows if name != "folder"}


def sources():
    for path in sorted((ROOT / "server").rglob("*.[ch]")):
        relative = path.relative_to(ROOT / "server")
        yield relative.parts[0], relative, path.read_text(encoding="utf-8")


class IncludeTable(unittest.TestCase):
    def test_every_folder_is_in_the_table(self):
        self.assertEqual({folder for folder, _, _ in sources()}, set(table()))

    def test_folders_include_only_what_the_table_allows(self):
        allowed = table()
        wrong = []
        for folder, name, text in sources():
            for included in re.findall(r'^#include "([^"]+)"', text, re.MULTILINE):
                target = included.split("/")[0]
                if "/" not in included:
                    wrong.append(f"{name}: {included} is included without its folder")
                elif target != folder and target not in allowed[folder]:
                    wrong.append(f"{name}: {folder} may not include {included}")
        self.assertEqual(wrong, [])

    def test_libraries_stand_in_one_folder(self):
        wrong = [f"{name} includes {header}" for folder, name, text in sources()
                 for header, home in ONLY_IN.items()
                 if folder != home and re.search(rf"#include [<\"]{re.escape(header)}", text)]
        self.assertEqual(wrong, [])

    def test_the_table_has_no_circle(self):
        allowed = table()
        def reach(folder, seen):
            self.assertNotIn(folder, seen, "a circle")
            for target in allowed.get(folder, ()):
                reach(target, seen | {folder})
        for folder in allowed:
            reach(folder, set())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])

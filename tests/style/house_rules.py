#!/usr/bin/env python3
"""The rules of CONTRIBUTING.md that a machine can see."""
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
LINES_MAX = 500
UNBOUNDED = re.compile(r"\b(strcpy|strcat|sprintf|vsprintf|gets|atoi|atol|strtok|alloca)\s*\(")


def files(*patterns):
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            if "node_modules" not in path.parts and "dist" not in path.parts:
                yield path.relative_to(ROOT), path.read_text(encoding="utf-8")


class HouseRules(unittest.TestCase):
    def test_no_file_is_longer_than_a_reader_can_hold(self):
        long = [f"{name}: {text.count(chr(10))} lines" for name, text in
                files("server/**/*.[ch]", "web/**/*.ts", "web/**/*.tsx", "web/**/*.css", "tests/**/*.[ch]",
                      "tests/**/*.py", "tests/**/*.mjs") if text.count("\n") > LINES_MAX]
        self.assertEqual(long, [])

    def test_no_unbounded_call(self):
        found = [f"{name}: {match.group(0)}" for name, text in files("server/**/*.[ch]")
                 for match in UNBOUNDED.finditer(text)]
        self.assertEqual(found, [])

    def test_every_source_opens_with_what_it_is_for(self):
        silent = [str(name) for name, text in files("server/**/*.c") if text.count("\n") > 40
                  and not text.lstrip().startswith("/*")]
        self.assertEqual(silent, [])

    def test_nothing_is_left_for_later(self):
        left = [f"{name}: {match.group(0)}" for name, text in files("server/**/*.[ch]", "web/**/*.ts", "web/**/*.tsx")
                for match in re.finditer(r"\b(TODO|FIXME|XXX|HACK)\b", text)]
        self.assertEqual(left, [])

    def test_sql_has_only_bound_parameters(self):
        """No SQL text is put together with printf's % outside of store/'s fixed pragmas."""
        found = [f"{name}: {match.group(0)}" for name, text in files("server/**/*.c")
                 for match in re.finditer(r'"\s*(SELECT|INSERT|UPDATE|DELETE)\b[^"]*%[sdu][^"]*"', text)]
        self.assertEqual(found, [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])

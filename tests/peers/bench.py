"""Texts a second on one core: sakchy beside yara-x, Hyperscan and Python's re, on the same phrases and the same texts.

The peers get the literal openings of the phrases (their longest plain word run) as case-insensitive patterns: they only find
words, where sakchy also verifies distances, reads facts and adds up a score. Read the ratios, not the seconds.
"""

import json
import pathlib
import re
import subprocess
import time
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]


def texts():
    rows = []
    for split in ("legitimate", "open"):
        for line in (ROOT / "corpus" / split / "ru.jsonl").read_text().splitlines():
            rows.append(json.loads(line)["text"])
    joined, out = "", []
    for row in rows:
        joined += row + "\n"
        if len(joined.encode()) >= 1000:
            out.append(joined)
            joined = ""
    return out


def patterns(most=2000):
    """Plain words of the Russian phrases, longest first."""
    words = set()
    for file in sorted((ROOT / "rules" / "signals").glob("*.toml")):
        for phrase in tomllib.loads(file.read_text())["phrases"].get("ru", []):
            plain = [w for w in re.split(r"[\s()|\[\]{}<>#?*~+]+", phrase) if len(w) >= 5 and w.isalpha()]
            words.update(plain[:2])
    return sorted(words, key=lambda w: (-len(w), w))[:most]


def rate(name, run, items, rounds=3):
    best = min(timed(run, items) for _ in range(rounds))
    print(f"{name:<12} {len(items) / best:>10.0f} texts a second")
    return len(items) / best


def timed(run, items):
    start = time.perf_counter()
    for text in items:
        run(text)
    return time.perf_counter() - start


def sakchy(items):
    """One process over many copies, less the time of a process over none."""
    program = str(ROOT / "target" / "release" / "sakchy")

    def took(count):
        lines = "".join(json.dumps({"text": t}) + "\n" for t in items) * count
        start = time.perf_counter()
        subprocess.run(
            [program, "scan", "--format", "csv", "--min-band", "danger", "-"],
            input=lines.encode(), stdout=subprocess.DEVNULL, check=True, env={"RAYON_NUM_THREADS": "1"},
        )
        return time.perf_counter() - start

    few, many = took(1), took(21)
    per_second = 20 * len(items) / (many - few)
    print(f"{'sakchy':<12} {per_second:>10.0f} texts a second")
    return per_second


def main():
    items, words = texts(), patterns()
    print(f"{len(items)} texts of about 1 kB, {len(words)} words for the peers")
    ours = sakchy(items)
    found = re.compile("|".join(map(re.escape, words)), re.IGNORECASE)
    peers = {"re": rate("re", lambda t: found.findall(t), items)}
    try:
        import yara_x

        rules = yara_x.compile(
            "rule r { strings: " + " ".join(f'$a{i} = "{w}" nocase' for i, w in enumerate(words)) + " condition: any of them }"
        )
        scanner = yara_x.Scanner(rules)
        peers["yara-x"] = rate("yara-x", lambda t: scanner.scan(t.encode()), items)
    except Exception as problem:  # a missing wheel must not hide the other figures
        print(f"yara-x: {problem}")
    try:
        import hyperscan

        database = hyperscan.Database()
        flags = hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_UTF8
        database.compile(expressions=[re.escape(w).encode() for w in words], ids=list(range(len(words))), flags=[flags] * len(words))
        peers["hyperscan"] = rate("hyperscan", lambda t: database.scan(t.encode(), match_event_handler=lambda *a: None), items)
    except Exception as problem:
        print(f"hyperscan: {problem}")
    for name, theirs in peers.items():
        print(f"sakchy is {ours / theirs:.2f} times as fast as {name}")


main()

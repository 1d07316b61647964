"""Checks the entries of a journal the plain way: hash each, compare, chain. Prints entries a second."""
import hashlib
import json
import sqlite3
import sys
import time

db = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
begun = time.perf_counter()
chain, entries, sha = b"", 0, hashlib.sha256
names = ("seq", "time", "object", "version", "after", "commit")
rows = db.execute("SELECT seq, time, object, version, after_hash, commit_hash, leaf FROM journal ORDER BY seq")
for row in rows:
    entry = dict(zip(names, row))
    entry["v"] = 1
    text = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    leaf = sha(b"\0" + text.encode()).digest()
    if leaf != row[6] or row[0] != entries:
        sys.exit(f"entry {entries} is not what was recorded")
    chain = sha(chain + leaf).digest()
    entries += 1
print(entries / (time.perf_counter() - begun))

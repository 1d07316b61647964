#!/usr/bin/env python3
"""duckdb_questions.py TX.csv ANSWERS COUNTRY YEAR: the three portfolio questions in DuckDB, in memory.

Prints a heading, then for each question the median and p99 with the rows fetched and the median
without, in ms; writes the answers as lines that the benchmark compares with its own.
"""
import sys
import time

import duckdb

csv, answers, country, year = sys.argv[1:5]
QUESTIONS = [
    "SELECT country, fy, authority, sum(amount_cents) s, count(*) c FROM tx GROUP BY ALL ORDER BY ALL",
    f"SELECT fy, kind, sum(amount_cents) s, count(*) c FROM tx WHERE country = '{country}' GROUP BY ALL ORDER BY ALL",
    f"SELECT country, sum(amount_cents) s FROM tx WHERE fy = {year} GROUP BY country ORDER BY s DESC, country LIMIT 20",
]
RUNS = 30


def timed(run):
    run()
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        run()
        times.append((time.perf_counter() - begun) * 1e3)
    times.sort()
    return times[RUNS // 2], times[-1]


db = duckdb.connect()
db.execute(
    "CREATE TABLE tx AS SELECT country::VARCHAR country, authority::VARCHAR authority, fy::SMALLINT fy,"
    f" kind::VARCHAR kind, amount_cents::BIGINT amount_cents FROM read_csv('{csv}', header = true)"
)
print(f"DuckDB {duckdb.__version__}, {db.execute('SELECT current_setting($$threads$$)').fetchone()[0]} threads")
with open(answers, "w") as out:
    for question in QUESTIONS:
        unordered = question.replace(" ORDER BY ALL", "")
        fetched = timed(lambda: db.execute(unordered).fetchall())
        bare = timed(lambda: db.execute(f"SELECT count(*), sum(s) FROM ({unordered})").fetchall())
        print(f"{fetched[0]:.3f} {fetched[1]:.3f} {bare[0]:.3f}")
        for row in db.execute(question).fetchall():
            out.write(",".join(map(str, row)) + "\n")

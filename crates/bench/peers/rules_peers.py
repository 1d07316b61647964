"""The shared table of rules with OpenFisca (one vectorised period; one case a simulation) and as a generated
Python function. Usage: rules_peers.py DIR, with rules.json and cases.csv. Prints: name, median seconds, fingerprint."""
import csv
import json
import pathlib
import statistics
import sys
import time

import numpy as np
from openfisca_core import entities, periods, simulation_builder, taxbenefitsystems, variables

folder = pathlib.Path(sys.argv[1])
rules = json.loads((folder / "rules.json").read_text())
with open(folder / "cases.csv", newline="") as f:
    rows = [{k: int(v) for k, v in r.items()} for r in csv.DictReader(f)]
names = [k for k in rows[0] if k != "id"]
columns = {k: np.array([r[k] for r in rows], dtype=np.int64) for k in names}
lists = (("groups", "group"), ("types", "type"), ("authorities", "authority"))


def fingerprint(masks):
    h = 0
    for m in masks:
        h = (h * 1_000_003 + int(m)) & 0xFFFFFFFFFFFFFFFF
    return h


def timed(name, call, runs=3):
    seconds = []
    for _ in range(runs):
        begun = time.perf_counter()
        masks = call()
        seconds.append(time.perf_counter() - begun)
    print(name, statistics.median(seconds), fingerprint(masks))


def condition(rule):
    parts = [f"{rule['from']} <= date < {rule['to']}"]
    parts += [f"{column} in {tuple(rule[key])}" for key, column in lists if rule[key]]
    parts.append(f"amount >= {int(rule['min_amount'])}")
    if rule["flag"]:
        parts.append(rule["flag"])
    return " and ".join(parts)


body = "".join(f"    if {condition(r)}:\n        m |= {1 << i}\n" for i, r in enumerate(rules))
scope = {}
exec(f"def decide({', '.join(names)}):\n    m = 0\n{body}    return m\n", scope)
tuples = [tuple(r[k] for k in names) for r in rows]
timed("python", lambda: [scope["decide"](*t) for t in tuples])

Case = entities.SingleEntity("case", "cases", "A transfer", "")


def system():
    tbs = taxbenefitsystems.TaxBenefitSystem([Case])
    for name in names:
        kind = float if name in ("amount", "date") else int
        tbs.add_variable(type(name, (variables.Variable,), dict(
            value_type=kind, entity=Case, definition_period=periods.YEAR, label=name)))
    for rule in rules:
        def formula(case, period, parameters, rule=rule):
            day = case("date", period)
            fires = (case("amount", period) >= rule["min_amount"]) & (day >= rule["from"]) & (day < rule["to"])
            for key, column in lists:
                if rule[key]:
                    fires = fires & np.isin(case(column, period), rule[key])
            if rule["flag"]:
                fires = fires & (case(rule["flag"], period) == 1)
            return fires
        tbs.add_variable(type("rule_" + rule["id"], (variables.Variable,), dict(
            value_type=bool, entity=Case, definition_period=periods.YEAR, label=rule["id"], formula=formula)))
    return tbs


def simulated(tbs, some):
    count = len(some["date"])
    simulation = simulation_builder.SimulationBuilder().build_default_simulation(tbs, count=count)
    for name in names:
        kind = np.float64 if name in ("amount", "date") else np.int32
        simulation.set_input(name, "2020", some[name].astype(kind))
    masks = np.zeros(count, dtype=np.int64)
    for i, rule in enumerate(rules):
        masks |= simulation.calculate("rule_" + rule["id"], "2020").astype(np.int64) << i
    return masks


tbs = system()
timed("openfisca", lambda: simulated(tbs, columns))
begun = time.perf_counter()
for row in range(50):
    simulated(tbs, {k: v[row:row + 1] for k, v in columns.items()})
print("openfisca-single", (time.perf_counter() - begun) / 50)

"""uvicorn fastapi_page:app with DB=FILE: a page of fifty rows and a row as JSON, as FastAPI teams write it."""
import os
import sqlite3
import threading

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from jinja2 import Environment

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Transactions</title></head><body>
<h1>Transactions from {{ first }}</h1><table><thead><tr><th>Id</th><th>Country</th><th>Authority</th><th>FY</th>
<th>Kind</th><th>Amount (USD)</th></tr></thead><tbody>{% for r in rows %}<tr><td><a href="/row/{{ r[0] }}">{{ r[0] }}</a>
</td><td>{{ r[1] }}</td><td>{{ r[2] }}</td><td>{{ r[3] }}</td><td>{{ r[4] }}</td><td>{{ "%.2f"|format(r[5] / 100) }}</td>
</tr>{% endfor %}</tbody></table></body></html>"""
COLUMNS = ("id", "country", "authority", "fy", "kind", "amount_cents")
SELECT = f"SELECT {', '.join(COLUMNS)} FROM t "

app = FastAPI()
template = Environment(autoescape=True).from_string(PAGE)
local = threading.local()


def db():
    if not hasattr(local, "db"):
        local.db = sqlite3.connect(f"file:{os.environ['DB']}?mode=ro", uri=True)
    return local.db


@app.get("/row/{id}")
def row(id: int):
    found = db().execute(SELECT + "WHERE id = ?", (id,)).fetchone()
    return dict(zip(COLUMNS, found)) if found else None


@app.get("/table/{first}", response_class=HTMLResponse)
def table(first: int):
    rows = db().execute(SELECT + "WHERE id >= ? ORDER BY id LIMIT 50", (first,)).fetchall()
    return template.render(first=first, rows=rows)

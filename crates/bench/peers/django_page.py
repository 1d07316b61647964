"""gunicorn django_page:application with DB=FILE: a page of fifty rows and a row as JSON, as Django teams write it."""
import os

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["DB"], "CONN_MAX_AGE": None}},
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models  # noqa: E402
from django.http import HttpResponse, JsonResponse  # noqa: E402
from django.template import engines  # noqa: E402
from django.urls import path  # noqa: E402

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Transactions</title></head><body>
<h1>Transactions from {{ first }}</h1><table><thead><tr><th>Id</th><th>Country</th><th>Authority</th><th>FY</th>
<th>Kind</th><th>Amount</th></tr></thead><tbody>{% for r in rows %}<tr><td><a href="/row/{{ r.id }}">{{ r.id }}</a>
</td><td>{{ r.country }}</td><td>{{ r.authority }}</td><td>{{ r.fy }}</td><td>{{ r.kind }}</td><td>{{ r.amount_cents }}
</td></tr>{% endfor %}</tbody></table></body></html>"""
template = engines["django"].from_string(PAGE)


class Transaction(models.Model):
    country = models.TextField()
    authority = models.TextField()
    fy = models.IntegerField()
    kind = models.TextField()
    amount_cents = models.IntegerField()

    class Meta:
        app_label = "bench"
        db_table = "t"
        managed = False


def row(request, id):
    return JsonResponse(Transaction.objects.values().get(id=id))


def table(request, first):
    rows = Transaction.objects.filter(id__gte=first).order_by("id")[:50]
    return HttpResponse(template.render({"first": first, "rows": rows}))


urlpatterns = [path("row/<int:id>", row), path("table/<int:first>", table)]
application = get_wsgi_application()

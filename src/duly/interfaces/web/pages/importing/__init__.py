"""Imports in the browser: files dropped, looked at, mapped, previewed, written, taken back.

Purpose: the way of `duly import` for people who look first. Every page goes through the verbs of
the shell; `interfaces.exchange.uploads` keeps what waits between them.
"""

from django.urls import path

from duly.interfaces.web.exporting import file_patterns
from duly.interfaces.web.pages.importing import arriving, columns, past, waiting, wrote

urlpatterns = [
    path("import/", arriving.importing, name="importing"),
    *file_patterns("import/imports", "importing", arriving.table),
    path("import/files/", arriving.arrive, name="import_arrive"),
    path("import/files/<slug:token>/", waiting.waiting, name="import_upload"),
    path("import/files/<slug:token>/more/", arriving.arrive_too, name="import_more"),
    path("import/files/<slug:token>/look/", waiting.look, name="import_look"),
    path("import/files/<slug:token>/choices/", waiting.choices, name="import_choices"),
    path("import/files/<slug:token>/without/", waiting.without, name="import_without"),
    path("import/files/<slug:token>/abandon/", waiting.abandon, name="import_abandon"),
    path("import/files/<slug:token>/write/", waiting.write, name="import_write"),
    path("import/files/<slug:token>/so-far/", waiting.so_far, name="import_so_far"),
    path("import/files/<slug:token>/problems.csv", waiting.problems_file, name="import_problems"),
    path("import/files/<slug:token>/settled.csv", waiting.closing_file, name="import_closing"),
    path("import/files/<slug:token>/<int:number>/", columns.columns, name="import_columns"),
    path("import/files/<slug:token>/<int:number>/answer/", columns.answer, name="import_answer"),
    path("import/<int:batch_id>/", past.one, name="import"),
    *file_patterns("import/<int:batch_id>/wrote", "import", wrote.table),
    path("import/<int:batch_id>/left-out.csv", past.problems_file, name="import_left_out"),
    path("import/<int:batch_id>/take-back/", past.take_back, name="import_take_back"),
]

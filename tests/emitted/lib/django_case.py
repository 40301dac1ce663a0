"""Sets a case's project up on an empty database in memory, and counts its queries."""

import os

import django


def ready(settings):
    os.environ["DJANGO_SETTINGS_MODULE"] = settings
    django.setup()
    from django.core.management import call_command

    call_command("migrate", run_syncdb=True, verbosity=0)


def queries(run):
    """What `run` gives, and how many queries it took."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        given = run()
    return given, len(captured)

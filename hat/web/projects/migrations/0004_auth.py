"""Credentials of projects, modules and environments."""

import hat.web.projects.columns
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0003_edit"),
    ]

    operations = [
        migrations.AddField(
            model_name="environment",
            name="auth",
            field=hat.web.projects.columns.JsonText(default=dict),
        ),
        migrations.AddField(
            model_name="module",
            name="auth",
            field=hat.web.projects.columns.JsonText(default=dict),
        ),
        migrations.AddField(
            model_name="project",
            name="auth",
            field=hat.web.projects.columns.JsonText(default=dict),
        ),
    ]

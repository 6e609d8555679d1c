"""A run says which cases and steps its worker is at."""

from django.db import migrations

import hat.web.projects.columns


class Migration(migrations.Migration):
    dependencies = [
        ("runs", "0007_alerts"),
    ]

    operations = [
        migrations.AddField(
            model_name="run",
            name="underway",
            field=hat.web.projects.columns.JsonText(default=dict),
        ),
    ]

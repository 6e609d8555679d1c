"""What a schedule runs may be suites."""

import hat.web.projects.columns
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("schedules", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="schedule",
            name="suites",
            field=hat.web.projects.columns.JsonText(default=list),
        ),
    ]

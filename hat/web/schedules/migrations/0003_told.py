"""A time that brought no run says whether channels were told of it; nobody is told of what is past."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("runs", "0007_alerts"),
        ("schedules", "0002_suites"),
    ]

    operations = [
        migrations.AddField(
            model_name="fire",
            name="told",
            field=models.BooleanField(default=True),
        ),
        migrations.AlterField(
            model_name="fire",
            name="told",
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name="fire",
            index=models.Index(
                condition=models.Q(("result", "skipped"), ("told", False)), fields=["id"], name="fire_untold"
            ),
        ),
    ]

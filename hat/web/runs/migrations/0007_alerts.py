"""A run says whether channels are told of it, and whether they were; nobody is told of what is past."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("runs", "0006_long_bodies"),
    ]

    operations = [
        migrations.AddField(
            model_name="run",
            name="alerts",
            field=models.CharField(
                choices=[
                    ("usual", "as each channel says"),
                    ("always", "all channels are"),
                    ("never", "none is"),
                ],
                default="usual",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="told",
            field=models.BooleanField(default=True),
        ),
        migrations.AlterField(
            model_name="run",
            name="told",
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(
                condition=models.Q(
                    ("kind", "run"), ("status__in", ("finished", "cancelled")), ("told", False)
                ),
                fields=["id"],
                name="run_untold",
            ),
        ),
    ]

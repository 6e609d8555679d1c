"""An index for the last outcome of a case."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0001_initial"),
        ("runs", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="caserun",
            index=models.Index(fields=["case", "-run", "outcome"], name="case_run_last"),
        ),
    ]

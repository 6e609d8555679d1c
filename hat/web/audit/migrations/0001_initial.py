"""The first audit table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("user_id", models.BigIntegerField(null=True)),
                ("user_name", models.CharField(blank=True, max_length=150)),
                ("token_name", models.CharField(blank=True, max_length=150)),
                ("address", models.CharField(blank=True, max_length=64)),
                ("action", models.CharField(max_length=32)),
                ("noun", models.CharField(max_length=32)),
                ("object_id", models.BigIntegerField(null=True)),
                ("object_name", models.CharField(blank=True, max_length=500)),
                ("project_id", models.BigIntegerField(null=True)),
                ("project_name", models.CharField(blank=True, max_length=200)),
                ("changed", models.TextField(default="[]")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["project_id", "-id"], name="entry_of_project"),
                    models.Index(fields=["noun", "object_id", "-id"], name="entry_of_object"),
                    models.Index(fields=["user_name", "-id"], name="entry_of_user"),
                    models.Index(fields=["at"], name="entry_at"),
                ],
            },
        ),
    ]

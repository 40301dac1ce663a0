import django.db.models.deletion
from django.db import migrations, models

KEY = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel("Shelf", [KEY, ("name", models.CharField(max_length=40))]),
        migrations.CreateModel("Member", [KEY, ("name", models.CharField(max_length=40))]),
        migrations.CreateModel(
            "Loan",
            [
                KEY,
                ("shelf", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="shop.shelf")),
                ("member", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="shop.member")),
            ],
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="loan",
            index=models.Index(fields=["due"], name="loan_due_idx"),
        ),
    ]

from django.db import migrations, models

KEY = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [migrations.CreateModel("Loan", [KEY, ("due", models.DateField())])]

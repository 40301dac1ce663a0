import os
from urllib.parse import urlsplit

ADDRESS = urlsplit(os.environ["DATABASE_URL"])
SECRET_KEY = os.environ.get("SECRET_KEY", "of the case")
INSTALLED_APPS = ["shop"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "postgres",
        "USER": ADDRESS.username,
        "PASSWORD": ADDRESS.password,
        "HOST": ADDRESS.hostname,
        "PORT": ADDRESS.port,
        "OPTIONS": {"sslmode": "disable"},
    }
}

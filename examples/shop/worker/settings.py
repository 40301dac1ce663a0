import os

SECRET = os.environ["WORKER_SECRET"]

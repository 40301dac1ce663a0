"""PostgreSQL's own server on the loopback, with a data folder of its own; both end with this process."""

import atexit
import glob
import os
import shutil
import socket
import subprocess
import tempfile
import time

# What it is told to end by is the end of its input: it comes however this process ends.
SERVER = 'postgres "$@" & server=$!; cat; kill -INT $server; wait $server; rm -rf "$PGDATA"'
# PostgreSQL does not start for the superuser.
NOBODY = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}


def server():
    """The address of an empty database."""
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)
    path = os.pathsep.join([*folders, os.environ["PATH"]])
    if not shutil.which("initdb", path=path):
        raise FileNotFoundError("PostgreSQL is not installed: run `.ci/emitted`, which installs it")
    data = tempfile.mkdtemp(prefix="postgres-")
    if NOBODY:
        os.chown(data, NOBODY["user"], NOBODY["group"])
    options = {"env": {**os.environ, "PATH": path, "PGDATA": data, "LC_ALL": "C"}, "cwd": data, **NOBODY}
    init = ["initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]
    subprocess.run(init, check=True, stdout=subprocess.DEVNULL, **options)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    start = ["sh", "-c", SERVER, "sh", "-p", port, "-k", data, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
    log = open(os.path.join(data, "log"), "w+")
    running = subprocess.Popen(start, stdin=subprocess.PIPE, stdout=log, stderr=log, **options)
    atexit.register(running.communicate)
    until = time.monotonic() + 60
    while "ready to accept connections" not in open(log.name).read():
        if running.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"PostgreSQL did not start: {open(log.name).read()}")
        time.sleep(0.05)
    return f"postgresql://postgres@127.0.0.1:{port}/postgres"

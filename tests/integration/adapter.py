"""How these tests reach Odoo: one small module, so that the tests themselves know nothing of the machine.

Everything comes from the environment, as `make test` sets it:

=====================  =====================================================================================
SCM_ODOO_CMD           how to start Odoo, for example ``python -m odoo``
SCM_ODOO_CONFIG        its configuration file (addons path, data folder)
SCM_TEST_DB            database with the demo company, planned once
SCM_EMPTY_DB           database with the addons and no data
SCM_QUEUE_DB           the same with the bridges to others' addons
PGHOST, PGPORT, ...    the PostgreSQL server, as for any client of it
=====================  =====================================================================================

Neither database is changed: each test that writes takes a copy.
"""

from __future__ import annotations

import configparser
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
import uuid
import xmlrpc.client
from pathlib import Path

import psycopg2
from psycopg2 import sql

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 300
CALL_SECONDS = 600
MARK = "##RESULT##"


def missing() -> str:
    """Why these tests cannot run here, or nothing."""
    names = [
        name for name in ("SCM_ODOO_CMD", "SCM_ODOO_CONFIG", "SCM_TEST_DB", "SCM_EMPTY_DB") if not os.environ.get(name)
    ]
    return f"Set {', '.join(names)}, or call make test, which does" if names else ""


def real_data() -> Path:
    """Folder of the real sales; it may not exist."""
    return Path(os.environ.get("SCM_REAL_DATA") or ROOT.parent / "shared" / "data")


def connect(database: str = "postgres"):
    """A connection of psycopg2 that commits each statement."""
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    return connection


def query(database: str, statement: str, parameters=()) -> list[tuple]:
    """Rows of one statement."""
    with contextlib.closing(connect(database)) as connection, connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
        return cursor.fetchall() if cursor.description else []


def clone(source: str) -> str:
    """A copy of a database with its files; its name."""
    name = f"{source}_{uuid.uuid4().hex[:8]}"
    with contextlib.closing(connect()) as connection, connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(source)))
        cursor.execute(sql.SQL("COMMENT ON DATABASE {} IS 'SCM suite, copy for a test'").format(sql.Identifier(name)))
    if _filestore(source).is_dir():
        shutil.copytree(_filestore(source), _filestore(name), copy_function=os.link)
    return name


def create(prefix: str) -> str:
    """A database with nothing in it; its name."""
    name = f"{prefix}_{uuid.uuid4().hex[:8]}"
    query("postgres", f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
    query("postgres", f"COMMENT ON DATABASE {name} IS 'SCM suite, made for a test'")
    return name


def drop(name: str) -> None:
    """Remove what `clone` or `create` made."""
    with contextlib.closing(connect()) as connection, connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    shutil.rmtree(_filestore(name), ignore_errors=True)


def _filestore(database: str) -> Path:
    parser = configparser.RawConfigParser()
    parser.read(os.environ["SCM_ODOO_CONFIG"])
    return Path(parser.get("options", "data_dir")) / "filestore" / database


def odoo(*arguments: str, code: str | None = None, seconds: int = CALL_SECONDS) -> str:
    """Run Odoo to its end; what it wrote. An exit code other than 0 fails the test with the last lines."""
    done = subprocess.run(
        [*os.environ["SCM_ODOO_CMD"].split(), *arguments],
        cwd=ROOT,
        input=code,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    written = done.stdout + done.stderr
    assert done.returncode == 0, written[-4000:]
    return written


def change_addons(database: str, option: str, names, *more: str, seconds: int = 1800) -> str:
    """Install (``-i``) or update (``-u``) addons; what Odoo had to say, from warnings up."""
    return odoo(
        "-c",
        os.environ["SCM_ODOO_CONFIG"],
        "-d",
        database,
        option,
        ",".join(names),
        "--stop-after-init",
        "--no-http",
        "--log-level=warn",
        *more,
        seconds=seconds,
    )


def warnings(written: str) -> list[str]:
    """Lines of Odoo's log from warnings up."""
    return re.findall(r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?:WARNING|ERROR|CRITICAL) .*$", written, re.M)


def shell(database: str, code: str, seconds: int = CALL_SECONDS):
    """Run code inside Odoo, where `env` is given, and commit; the value that it leaves in `result`, through JSON."""
    code = f"{code}\nenv.cr.commit()\nimport json\nprint('{MARK}' + json.dumps(globals().get('result')))\n"
    written = odoo(
        "shell",
        "-c",
        os.environ["SCM_ODOO_CONFIG"],
        "-d",
        database,
        "--no-http",
        "--max-cron-threads=0",
        "--log-level=error",
        code=code,
        seconds=seconds,
    )
    assert MARK in written, written[-4000:]
    return json.loads(written.rsplit(MARK, 1)[1].splitlines()[0])


class Server:
    """Odoo as a process of its own on a free port of this machine."""

    def __init__(self, database: str, crons: int = 0):
        self.database, self.crons = database, crons
        self.process = None
        self.command = os.environ["SCM_ODOO_CMD"].split()
        self.log = Path(tempfile.mkstemp(prefix=f"scm-{database}-", suffix=".log")[1])

    def start(self) -> Server:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        with open(self.log, "a") as out:
            self.process = subprocess.Popen(
                [
                    *self.command,
                    "-c",
                    os.environ["SCM_ODOO_CONFIG"],
                    "-d",
                    self.database,
                    "--http-interface=127.0.0.1",
                    f"--http-port={port}",
                    f"--max-cron-threads={self.crons}",
                    "--db-filter",
                    f"^{self.database}$",
                ],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_for(self._answers, START_SECONDS, lambda: f"Odoo did not answer: {self.log.read_text()[-3000:]}")
        return self

    def _answers(self) -> bool:
        assert self.process.poll() is None, f"Odoo ended at its start: {self.log.read_text()[-3000:]}"
        try:
            with urllib.request.urlopen(f"{self.url}/web/login", timeout=20) as page:
                return page.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def wake_crons(self) -> None:
        """Let the server look for scheduled actions now, not within its next minute."""
        query("postgres", "SELECT pg_notify('cron_trigger', %s)", [self.database])

    def kill(self) -> None:
        """What a power cut does."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()
        self.log.unlink(missing_ok=True)

    def xmlrpc(self, login: str, password: str | None = None) -> XmlRpc:
        return XmlRpc(self.url, self.database, login, password or login)

    def json2(self, key: str) -> Json2:
        return Json2(self.url, key)


class Refused(Exception):  # noqa: N818 - it is an answer, not a fault
    """The server refused a call: `status` as JSON-2 gives it (403 for rights, 422 for what a user should correct)."""

    def __init__(self, status, message):
        super().__init__(f"{status}: {message}")
        self.status, self.message = status, message


class XmlRpc:
    """``client.call(model, method, ids, name=value)`` over XML-RPC."""

    STATUS = {2: 422, 3: 403, 4: 403}  # fault codes of Odoo: a warning, a wrong login, no access

    def __init__(self, url, database, login, password):
        self.database, self.password = database, password
        self.user_id = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/common").authenticate(database, login, password, {})
        assert self.user_id, f"{login} cannot log in"
        self.models = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/object", allow_none=True)

    def call(self, model, method, ids=None, **named):
        arguments = [] if ids is None else [ids]
        if method == "create":  # Odoo 19 wants the values of new records without a name here
            arguments = [named.pop("vals_list")]
        try:
            return self.models.execute_kw(self.database, self.user_id, self.password, model, method, arguments, named)
        except xmlrpc.client.Fault as fault:
            raise Refused(self.STATUS.get(fault.faultCode, 500), fault.faultString) from None


class Json2:
    """``client.call(model, method, ids, name=value)`` over JSON-2, with an API key."""

    def __init__(self, url, key):
        self.url, self.key = url, key

    def call(self, model, method, ids=None, **named):
        body = named if ids is None else {"ids": ids, **named}
        request = urllib.request.Request(
            f"{self.url}/json/2/{model}/{method}",
            json.dumps(body).encode(),
            {"Authorization": f"bearer {self.key}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=CALL_SECONDS) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            raise Refused(refused.code, json.load(refused).get("message")) from None


def wait_for(condition, seconds: float, message, pause: float = 0.2):
    """The first true value of `condition()`; fails with `message` (or what it returns) after so many seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(pause)
    raise AssertionError(message() if callable(message) else message)

"""make demo, make stop, make clean."""
import json
import os
import shutil
from datetime import datetime

from . import odoo_server, odoo_source, postgres, python_env
from .odoo_server import Instance
from .paths import LOCAL, ROOT, check_disk
from .shell import Stop, say, step

PROFILE = 'demo'
DATABASE = 'scm_demo'
READY = 'SCM suite demo, complete'
INSIDE = ROOT / 'tools' / 'stack' / 'inside'
FOLDER = LOCAL / PROFILE
SUMMARY = FOLDER / 'summary.txt'
PROCESS = FOLDER / 'odoo.json'
LANGUAGES = 'en_US,zh_TW,zh_CN'


def start():
    """Odoo with two years of sales, planned, in the browser. A second call keeps the data."""
    running = _running()
    if running:
        return _tell(running['port'])
    port = _port()
    check_disk(5)
    odoo_server.check_port(port)
    instance = prepare(PROFILE, 'odoo', 'addons')
    if not _is_ready(instance):
        build(instance, DATABASE)
        instance.postgres.query(instance.python, f"COMMENT ON DATABASE {DATABASE} IS '{READY}'")
    with step('Starting Odoo'):
        process = instance.start(DATABASE, port, log=FOLDER / 'odoo.log')
    PROCESS.write_text(json.dumps({'pid': process.pid, 'port': port}))
    return _tell(port)


def prepare(profile, *levels):
    """Everything that an Odoo of ours needs, except a database."""
    source = odoo_source.ensure()
    python = python_env.ensure(*levels)
    return Instance(python, source, postgres.ensure(profile, python), profile)


def build(instance, database):
    """A database with all addons, their languages and the demo company."""
    replace(instance, database)
    instance.own_addons(say_so=True)
    with step('Installing Odoo and our addons'):
        instance.install(database, instance.own_addons(), f'--load-language={LANGUAGES}',
                         log=instance.folder / 'install.log')
    fill(instance, database)


def fill(instance, database):
    """The demo company in a database that has all addons, and one pass of the main job."""
    for title, name in (('Two years of an e-commerce company', 'load_demo.py'), ('Planning', 'main_job.py')):
        say(f'{title}:')
        if instance.script(database, INSIDE / name, SCM_SUMMARY=str(instance.folder / 'summary.txt')):
            raise Stop(f'"{title}" did not finish; the lines above say why')


def stop():
    """Stop the server and the private cluster of make demo; the data stays."""
    info = _read_process()
    stopped = bool(info) and odoo_server.end(info['pid'])
    PROCESS.unlink(missing_ok=True)
    clusters = [postgres.stop(profile) for profile in (PROFILE, 'test')]
    say('Stopped; make demo starts it again with the same data' if stopped or any(clusters) else 'Nothing was running')


def clean():
    """Remove the data of make demo and make test; downloads stay in the cache."""
    stop()
    for profile in (PROFILE, 'test'):
        postgres.remove(profile)
    shutil.rmtree(LOCAL, ignore_errors=True)
    say('Removed the demo and test data of this folder; downloads stay in the cache')


def _port():
    text = os.environ.get('SCM_PORT', '8069')
    if not text.isdigit() or not 1024 <= int(text) <= 65535:
        raise Stop(f'SCM_PORT={text} is no port: choose a number from 1024 to 65535')
    return int(text)


def _read_process():
    try:
        return json.loads(PROCESS.read_text())
    except (OSError, ValueError):
        return None


def _running():
    info = _read_process()
    if not info:
        return None
    try:
        os.kill(info['pid'], 0)
    except ProcessLookupError:
        return None
    return info if odoo_server.answers(info['port']) else None


def _is_ready(instance):
    rows = instance.postgres.query(
        instance.python,
        f"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{DATABASE}'")
    return bool(rows) and rows[0][0] == READY and SUMMARY.exists()


def replace(instance, database, template='template0'):
    """Drop what an interrupted call left; never a database that somebody else made."""
    rows = instance.postgres.query(
        instance.python,
        f"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{database}'")
    if rows and not instance.postgres.private and not rows[0][0].startswith('SCM suite'):
        raise Stop(f'Your PostgreSQL already has a database "{database}" that this did not make: rename or drop it')
    instance.postgres.query(instance.python, f'DROP DATABASE IF EXISTS {database} WITH (FORCE)')
    shutil.rmtree(instance.folder / 'data' / 'filestore' / database, ignore_errors=True)
    instance.postgres.query(instance.python, f"CREATE DATABASE {database} ENCODING 'UTF8' TEMPLATE {template}")
    instance.postgres.query(instance.python, f"COMMENT ON DATABASE {database} IS 'SCM suite, {datetime.now():%F %T}'")


def _tell(port):
    say(f'\n{SUMMARY.read_text().rstrip()}\n')
    say(f'Open   http://127.0.0.1:{port}/odoo/supply-chain')
    say('Login  admin / admin  (or planner / planner, buyer / buyer, viewer / viewer)')
    say('       vendor / vendor is a supplier and lands on its portal page')
    say('Stop   make stop')

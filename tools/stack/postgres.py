"""PostgreSQL: the user's own server (PGHOST, PGPORT or PGSERVICE), or a private cluster of this clone."""
import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from .paths import CLONE_ID, LOCAL
from .shell import Stop, apt_install, is_root, run, step

OLDEST = 13
SETTINGS = {
    'listen_addresses': "''",
    'shared_buffers': '512MB',
    'work_mem': '32MB',
    'maintenance_work_mem': '256MB',
    'effective_cache_size': '4GB',
    'max_wal_size': '4GB',
    'max_connections': '120',
    'synchronous_commit': 'off',
}
# A test database is made anew each time: nothing is lost when the machine stops in the middle.
TEST_SETTINGS = {'fsync': 'off', 'full_page_writes': 'off'}


@dataclass(frozen=True)
class Server:
    """How to reach PostgreSQL: variables for libpq, which Odoo reads too."""
    env: dict = field(default_factory=dict)
    private: Path | None = None

    def query(self, python, sql, dbname='postgres'):
        """Rows of a statement as lists of text, run outside a transaction."""
        code = ('import json, sys, psycopg2; c = psycopg2.connect(dbname=sys.argv[1]); c.autocommit = True\n'
                'k = c.cursor(); k.execute(sys.argv[2])\n'
                'print(json.dumps([[str(v) for v in r] for r in k.fetchall()] if k.description else []))')
        out = run([python, '-c', code, dbname, sql], env={**os.environ, **self.env},
                  fail='PostgreSQL refused')
        return json.loads(out)


def ensure(profile, python):
    """Server for a profile ('demo' or 'test'), started when it is ours."""
    if any(os.environ.get(name) for name in ('PGHOST', 'PGPORT', 'PGSERVICE')):
        return _users_own(python)
    programs = _programs()
    data = _data_folder(profile)
    socket = Path('/tmp') / f'scm-{CLONE_ID}-{profile}'
    server = Server({'PGHOST': str(socket), 'PGPORT': '5432', 'PGUSER': 'odoo', 'PGPASSWORD': ''}, data)
    if not (data / 'PG_VERSION').exists():
        with step('Private PostgreSQL cluster'):
            _create(programs, data, socket, profile)
    _start(programs, data, socket)
    return server


def stop(profile):
    """Stop the private cluster of a profile; True when one was running."""
    data = _data_folder(profile, create=False)
    if not (data / 'postmaster.pid').exists():
        return False
    subprocess.run([*_as_owner(), str(_programs() / 'pg_ctl'), '-D', str(data), '-m', 'fast', '-w', 'stop'],
                   check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return True


def remove(profile):
    stop(profile)
    for path in (_data_folder(profile, create=False), Path('/tmp') / f'scm-{CLONE_ID}-{profile}'):
        shutil.rmtree(path, ignore_errors=True)


def _users_own(python):
    server = Server({})
    try:
        version = int(server.query(python, 'SHOW server_version_num')[0][0]) // 10000
        user, may_create = server.query(
            python, 'SELECT rolname, rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user')[0]
    except Stop as problem:
        raise Stop(f'Your PostgreSQL (PG* variables) does not answer: {problem}; start it, or unset PGHOST, PGPORT and '
                   'PGSERVICE to use a private one') from None
    if version < OLDEST:
        raise Stop(f'Your PostgreSQL is version {version}; Odoo 19 needs {OLDEST} or newer')
    if may_create != 'True':
        raise Stop(f'PostgreSQL user "{user}" may not create databases: ALTER ROLE {user} CREATEDB')
    if user == 'postgres':
        raise Stop('Odoo refuses to work as PostgreSQL user "postgres": make another (createuser --createdb odoo) '
                   'and set PGUSER')
    return server


def _programs():
    """Folder of PostgreSQL's server programs, the newest that is here."""
    found = _find_programs()
    if not found:
        apt_install(['postgresql'], 'No PostgreSQL server here')
        found = _find_programs()
    if not found:
        raise Stop(f'No PostgreSQL {OLDEST} or newer here: install it, or point PGHOST and PGPORT to a server')
    return found


def _find_programs():
    folders = {Path(path).parent for path in Path('/usr/lib/postgresql').glob('*/bin/initdb')}
    onpath = shutil.which('initdb')
    if onpath:
        folders.add(Path(onpath).resolve().parent)
    versions = []
    for folder in folders:
        if (folder / 'pg_ctl').exists() and (folder / 'postgres').exists():
            shown = subprocess.run([folder / 'postgres', '--version'], capture_output=True, text=True, check=False)
            number = re.search(r'(\d+)', shown.stdout)
            versions.append((int(number[1]) if number else 0, folder))
    newest = max(versions, default=(0, None))
    return newest[1] if newest[0] >= OLDEST else None


def _data_folder(profile, create=True):
    """In the clone, unless root runs this where PostgreSQL's own user cannot enter."""
    inside = LOCAL / profile / 'postgres'
    if not is_root() or (inside / 'PG_VERSION').exists():
        return inside
    if create:
        inside.parent.mkdir(parents=True, exist_ok=True)
    probe = subprocess.run(['runuser', '-u', 'postgres', '--', 'test', '-x', str(inside.parent)], check=False,
                           stderr=subprocess.DEVNULL)
    return inside if probe.returncode == 0 else Path('/var/lib/scm-suite') / f'{CLONE_ID}-{profile}'


def _as_owner():
    """PostgreSQL does not run as root: then its own user owns the cluster."""
    return ['runuser', '-u', 'postgres', '--'] if is_root() else []


def _create(programs, data, socket, profile):
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    if is_root():
        shutil.chown(data, 'postgres', 'postgres')
    data.chmod(0o700)
    run([*_as_owner(), programs / 'initdb', '-D', data, '-U', 'odoo', '-A', 'trust', '-E', 'UTF8',
         '--locale=C.UTF-8', '-N'], fail='PostgreSQL could not make a cluster')
    settings = {**SETTINGS, **(TEST_SETTINGS if profile == 'test' else {}), 'unix_socket_directories': f"'{socket}'"}
    with open(data / 'postgresql.conf', 'a') as conf:
        conf.writelines(f'{name} = {value}\n' for name, value in settings.items())


def _start(programs, data, socket):
    socket.mkdir(exist_ok=True)
    if is_root():
        shutil.chown(socket, 'postgres', 'postgres')
    socket.chmod(0o700)
    status = subprocess.run([*_as_owner(), str(programs / 'pg_ctl'), '-D', str(data), 'status'], check=False,
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if status.returncode:
        # The server keeps the terminal's file descriptors otherwise, and a pipe behind us would never end.
        started = subprocess.run(
            [*_as_owner(), programs / 'pg_ctl', '-D', data, '-w', '-l', data / 'server.log', 'start'],
            check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if started.returncode:
            raise Stop(f'PostgreSQL does not start: {_last_words(data / "server.log")}')


def _last_words(log):
    """What the server said it died of, and where the rest stands."""
    try:
        lines = log.read_text(errors='replace').splitlines()
    except OSError as problem:
        return str(problem)
    fatal = [line.split('FATAL:')[-1].strip() for line in lines if 'FATAL:' in line or 'HINT:' in line]
    return f'{" ".join(fatal[-2:]) or "it gave no reason"} (all of it: {log})'

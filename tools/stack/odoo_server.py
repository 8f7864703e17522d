"""Odoo itself: commands, scripts inside its shell, and the server in the background."""
import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from .paths import ADDONS, LOCAL, ROOT, needs, own_addons
from .python_env import site_addons
from .shell import Stop, run, say


@dataclass(frozen=True)
class Instance:
    """One Odoo: its Python, source, database server and profile folder."""
    python: Path
    source: object
    postgres: object
    profile: str

    @property
    def folder(self):
        return LOCAL / self.profile

    @property
    def env(self):
        paths = [str(self.source.python_path), *filter(None, [os.environ.get('PYTHONPATH')])]
        # Compiled once in the data of this clone: else each start of Odoo costs three seconds more
        compiled = {'PYTHONPYCACHEPREFIX': str(LOCAL / 'pycache'), 'PYTHONDONTWRITEBYTECODE': ''}
        return {**os.environ, **self.postgres.env, **compiled, 'PYTHONPATH': os.pathsep.join(paths)}

    @property
    def addons_path(self):
        return ','.join(str(path) for path in (ADDONS, *self.source.addons, *self._site_addons))

    @property
    def _site_addons(self):
        folder = site_addons(self.python)
        return (folder,) if folder.is_dir() else ()

    def own_addons(self, say_so=False):
        """Our addons that need nothing but Odoo and each other: bridges to others' addons are installed with those."""
        folders = (ADDONS, self.source.python_path / 'odoo' / 'addons', *self.source.addons)
        names = []
        for name in own_addons():
            missing = [need for need in needs(name) if not any((folder / need).is_dir() for folder in folders)]
            if not missing:
                names.append(name)
            elif say_so:
                say(f'{name} is left out here: it is for those who have {", ".join(missing)}')
        return names

    def options(self):
        """Command-line options that every call shares."""
        return ['-c', str(ROOT / 'odoo.conf'), f'--addons-path={self.addons_path}',
                f'--data-dir={self.folder / "data"}']

    def command(self, *parts):
        return [str(self.python), '-m', 'odoo', *parts]

    def install(self, database, modules, *extra, log):
        """Make a database with these addons, or add them to it."""
        run(self.command(*self.options(), '-d', database, '-i', ','.join(modules), '--stop-after-init', '--no-http',
                         '--max-cron-threads=0', *extra),
            env=self.env, cwd=ROOT, log=log, fail=f'Odoo could not install {", ".join(modules)}')

    def script(self, database, path, **variables):
        """Run a Python file inside Odoo's shell; its output goes to the terminal. The exit code."""
        command = self.command('shell', *self.options(), '-d', database, '--no-http', '--max-cron-threads=0',
                               '--log-level=error')
        with open(path) as code:
            return subprocess.run(command, env={**self.env, **variables}, cwd=ROOT, stdin=code, check=False).returncode

    def start(self, database, port, *, log):
        """Start the server in the background and wait until it answers; its process."""
        command = self.command(*self.options(), '-d', database, '--http-interface=127.0.0.1', f'--http-port={port}',
                               '--db-filter', f'^{database}$')
        log.parent.mkdir(parents=True, exist_ok=True)
        with open(log, 'a') as out:
            process = subprocess.Popen(command, env=self.env, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out,
                                       stderr=subprocess.STDOUT, start_new_session=True)
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise Stop(f'Odoo ended at its start; its last words are in {log}')
            if answers(port):
                return process
            time.sleep(0.3)
        process.kill()
        raise Stop(f'Odoo did not answer on port {port} within two minutes; see {log}')


def answers(port):
    try:
        with urllib.request.urlopen(f'http://127.0.0.1:{port}/web/login', timeout=20) as page:
            return page.status == 200
    except (urllib.error.URLError, OSError):
        return False


def check_port(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(('127.0.0.1', port))
        except OSError:
            raise Stop(f'Port {port} is taken by another program: stop it, or choose another: '
                       f'SCM_PORT={port + 1} make demo') from None


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def end(pid):
    """End a process group politely, then firmly; True when there was one."""
    try:
        os.killpg(pid, signal.SIGTERM)
    except (ProcessLookupError, PermissionError):
        return False
    for _ in range(100):
        time.sleep(0.1)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        try:
            os.killpg(pid, 0)
        except ProcessLookupError:
            return True
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    return True

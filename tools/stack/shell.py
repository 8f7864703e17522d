"""Running programs and speaking to the person at the terminal."""
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager


class Stop(Exception):  # noqa: N818 - an end, not always an error
    """An end that the person can do something about: one line that says what."""


def say(text):
    print(text, flush=True)


@contextmanager
def step(title):
    """Print a step with the seconds it took."""
    print(f'{title} ...', end='', flush=True)
    begun = time.monotonic()
    try:
        yield
    except BaseException:
        print(' failed', flush=True)
        raise
    print(f' {time.monotonic() - begun:.0f} s', flush=True)


def run(command, *, env=None, log=None, fail=None, cwd=None, stdin=None, timeout=None):
    """Run a program to its end. Its output goes to `log` (a path), else is returned.

    :raise Stop: when it fails, with `fail` and the last line that it printed.
    """
    result = subprocess.run(
        [str(part) for part in command], env=env, cwd=cwd, input=stdin, timeout=timeout,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors='replace', check=False,
        **({} if stdin is not None else {'stdin': subprocess.DEVNULL}),
    )
    if log:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(result.stdout)
    if result.returncode:
        where = f' (all of it: {log})' if log else ''
        raise Stop(f'{fail or command[0]}: {_last_words(result)}{where}')
    return result.stdout


def _last_words(result):
    """The line that names the error: the last exception, else the last line."""
    lines = result.stdout.strip().splitlines()
    errors = [line for line in lines if re.match(r'[\w.]+(Error|Exception|Stop): ', line)]
    return (errors or lines or [f'exit code {result.returncode}'])[-1]


def stream(command, *, env=None, cwd=None):
    """Run a program that speaks to the terminal itself; its exit code."""
    return subprocess.run([str(part) for part in command], env=env, cwd=cwd, check=False).returncode


def is_root():
    return os.geteuid() == 0


def apt_install(packages, why):
    """Install Debian packages as root or by sudo, saying which and why."""
    names = ' '.join(packages)
    if not shutil.which('apt-get'):
        raise Stop(f'{why}: this machine has no apt; install {names} (or what it calls them), then call this again')
    prefix = []
    if not is_root():
        if not shutil.which('sudo') or not _sudo_works():
            raise Stop(f'{why}: neither root nor sudo here; ask an administrator for: apt-get install {names}')
        prefix = ['sudo']
    say(f'{why}: installing {names} with apt')
    env = {**os.environ, 'DEBIAN_FRONTEND': 'noninteractive'}
    fail = f'apt could not install {names}; check the network'
    run([*prefix, 'apt-get', '-qq', 'update'], env=env, fail=fail)
    run([*prefix, 'apt-get', '-qq', 'install', '-y', '--no-install-recommends', *packages], env=env, fail=fail)


def _sudo_works():
    command = ['sudo', '-v'] if sys.stdin.isatty() else ['sudo', '-n', 'true']
    return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == 0

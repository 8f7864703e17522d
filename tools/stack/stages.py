"""Stages of make test: each one pytest, two lanes of them at the same time, the output of each in one piece."""
import contextlib
import signal
import subprocess
import threading
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass

from .paths import ROOT
from .shell import say

#: the longest takes twenty minutes on two cores
STAGE_SECONDS = 50 * 60


@dataclass
class Totals:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, junit):
        for suite in ElementTree.parse(junit).getroot().iter('testsuite'):
            count = {name: int(suite.get(name, 0)) for name in ('tests', 'failures', 'errors', 'skipped')}
            self.failed += count['failures'] + count['errors']
            self.skipped += count['skipped']
            self.passed += count['tests'] - count['failures'] - count['errors'] - count['skipped']


class Suite:
    """Runs pytest stage by stage and adds up what the reports say.

    With `together`, another lane is at work too: a stage then speaks when it has ended, and between `hold()` and
    `release()` not at all, because somebody else has the terminal.
    """

    def __init__(self, python, env, reports, together=False):
        self.python, self.env, self.reports, self.together = python, env, reports, together
        self.totals, self.stages = Totals(), []
        self._running, self._texts, self._held, self._ended = set(), [], False, False
        self._lock = threading.Lock()

    def pytest(self, name, *arguments):
        # pytest-odoo wants a database as soon as it is loaded: only the addon tests have one.
        plugin = () if any('--odoo-database' in argument for argument in arguments) else ('-p', 'no:odoo')
        report, begun = self.reports / f'{name}.xml', time.monotonic()
        command = [self.python, '-m', 'pytest', '-q', *plugin, f'--junitxml={report}', *arguments]
        code = self._run(name, [str(part) for part in command])
        with self._lock:
            before = self.totals.failed
            if report.exists():
                self.totals.add(report)
            if code and self.totals.failed == before:
                self.totals.failed += 1
            self.stages.append((name, code, time.monotonic() - begun))

    def judge(self, name, problems):
        """One more test, which stands when there are no problems."""
        with self._lock:
            self.totals.failed += bool(problems)
            self.totals.passed += not problems
            self.stages.append((name, bool(problems), 0))
        if problems:
            self._show('\n'.join([f'\n== {name} ==', *problems[:50]]))

    def _run(self, name, command):
        title = f'\n== {name} =='
        if self._ended:
            return 1
        if not self.together:
            say(title)
        # To a file: whoever reads a pipe waits for all who hold its other end, a server that was left behind too
        log = self.reports / f'{name}.log'
        with open(log, 'w') if self.together else contextlib.nullcontext() as out:
            process = subprocess.Popen(command, env=self.env, cwd=ROOT, stdout=out, stderr=out and subprocess.STDOUT)
        self._running.add(process)
        try:
            process.wait(STAGE_SECONDS)
        except subprocess.TimeoutExpired:
            # pytest writes where each of its threads stands; a stage that does not end must not keep the others silent
            process.send_signal(signal.SIGABRT)
            process.wait()
        self._running.discard(process)
        if self.together:
            self._show(f'{title}\n{log.read_text(errors="replace").rstrip()}')
        return process.returncode

    def _show(self, text):
        with self._lock:
            self._texts.append(text)
            self._flush()

    def _flush(self):
        while self._texts and not self._held:
            say(self._texts.pop(0))

    def hold(self):
        with self._lock:
            self._held = True

    def release(self):
        with self._lock:
            self._held = False
            self._flush()

    def end(self):
        """End what still runs, after an error elsewhere."""
        self._ended = True
        for process in list(self._running):
            process.terminate()

    def close(self):
        """Say how long each stage took and what came out; the exit code."""
        say('')
        for name, code, seconds in self.stages:
            say(f'{name:<12} {"failed" if code else "ok":<7} {seconds:5.0f} s')
        say(f'{self.totals.passed} passed, {self.totals.failed} failed, {self.totals.skipped} skipped')
        return int(bool(self.totals.failed))


class Lane(threading.Thread):
    """Stages one after the other, beside those of the main thread; `join` raises what went wrong."""

    def __init__(self, work):
        super().__init__(daemon=True)
        self.work, self.problem = work, None

    def run(self):
        try:
            self.work()
        except BaseException as problem:
            self.problem = problem  # raised again where somebody sees it

    def join(self, timeout=None):
        super().join(timeout)
        if self.problem:
            raise self.problem

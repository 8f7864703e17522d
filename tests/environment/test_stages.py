"""Stages of make test that run beside each other."""
import os
import signal
import subprocess
import sys

import pytest

from tools.stack import paths, quiet_log, stages
from tools.stack.stages import Lane, Suite


@pytest.fixture
def suite(tmp_path, monkeypatch):
    """A suite whose stages run this little program instead of pytest."""
    made = Suite(sys.executable, None, tmp_path, together=True)
    run = made._run
    monkeypatch.setattr(made, '_run', lambda name, command: run(name, [sys.executable, '-c', command[-1]]))
    return made


def test_each_stage_speaks_in_one_piece_and_waits_for_the_terminal(suite, capfd):
    suite.hold()
    lane = Lane(lambda: suite.pytest('aside', 'print("one"); print("two")'))
    lane.start()
    lane.join()
    assert capfd.readouterr().out == ''
    suite.release()
    assert capfd.readouterr().out == '\n== aside ==\none\ntwo\n'


def test_stage_that_fails_without_a_report_is_a_failure(suite, capfd):
    suite.pytest('good', 'pass')
    suite.pytest('bad', 'raise SystemExit(3)')
    assert suite.close() == 1
    assert '0 passed, 1 failed, 0 skipped' in capfd.readouterr().out


def test_stage_that_never_ends_is_a_failure_that_says_where_it_stood(suite, capfd, monkeypatch):
    monkeypatch.setattr(stages, 'STAGE_SECONDS', 2)
    suite.pytest('endless', 'import faulthandler, time; faulthandler.enable(); time.sleep(600)')
    assert suite.close() == 1
    assert 'Fatal Python error: Aborted' in capfd.readouterr().out


CARELESS = """
import subprocess, sys
print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']).pid)
"""


def test_server_that_a_stage_left_behind_keeps_nobody_waiting(suite, tmp_path):
    suite.pytest('careless', CARELESS)
    left = int((tmp_path / 'careless.log').read_text())
    os.kill(left, signal.SIGKILL)  # raises when it was gone before the stage


def test_error_of_a_lane_is_not_lost():
    lane = Lane(lambda: 1 / 0)
    lane.start()
    with pytest.raises(ZeroDivisionError):
        lane.join()


def test_a_warning_in_a_log_of_the_installation_is_a_failure(suite, capfd):
    begun = '2026-11-26 09:14:12,342 22347'
    log = f'{begun} INFO db odoo: fine\n{begun} WARNING db odoo.fields: two fields with one label\n<x>:3: (ERROR/3)'
    assert quiet_log.unexpected(log) == [f'{begun} WARNING db odoo.fields: two fields with one label']
    suite.judge('none', [])
    suite.judge('logs', quiet_log.unexpected(log))
    assert suite.close() == 1
    said = capfd.readouterr().out
    assert 'two fields with one label' in said and '1 passed, 1 failed, 0 skipped' in said


NOISY = """
import logging, unittest, warnings
log = logging.getLogger('odoo.addons.scm_base.models.x')

class TestNoise(unittest.TestCase):
    def test_silent(self):
        log.info('fine')

    def test_noisy(self):
        log.warning('an order was left out')

    def test_expected(self):
        with self.assertLogs(log, 'WARNING'):
            log.warning('on purpose')
"""


def test_a_test_fails_that_makes_odoo_log_a_warning(tmp_path):
    (tmp_path / 'test_noise.py').write_text(NOISY)
    done = subprocess.run(
        [sys.executable, '-m', 'pytest', '-p', 'no:odoo', '-p', quiet_log.__name__, '-q', str(tmp_path)],
        cwd=paths.ROOT, capture_output=True, text=True, check=False)
    assert '1 failed, 2 passed' in done.stdout, done.stdout + done.stderr
    assert 'WARNING odoo.addons.scm_base.models.x: an order was left out' in done.stdout

"""Stages of make test that run beside each other."""
import sys

import pytest

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


def test_error_of_a_lane_is_not_lost():
    lane = Lane(lambda: 1 / 0)
    lane.start()
    with pytest.raises(ZeroDivisionError):
        lane.join()

"""Odoo's log has no warnings: neither while addons are installed nor while tests run.

As a plugin of pytest (`-p tools.stack.quiet_log`) a test fails when Odoo logged a warning or worse during it, its
setup or its teardown. A test that causes one on purpose says so with Odoo's `mute_logger` or unittest's `assertLogs`.
"""
import logging
import re

import pytest

LINE = re.compile(r'^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (WARNING|ERROR|CRITICAL) ')
# (what is logged, why nobody of ours can mend it)
KNOWN = ()


def unexpected(text):
    """Lines of Odoo's log from warnings up, without those that are known.

    >>> unexpected('2026-11-26 09:14:12,342 22 INFO db odoo: fine\\n2026-11-26 09:14:12,342 22 WARNING db odoo: odd\\n')
    ['2026-11-26 09:14:12,342 22 WARNING db odoo: odd']
    """
    return [line for line in text.splitlines() if LINE.match(line) and not is_known(line)]


def is_known(line):
    return any(re.search(pattern, line) for pattern, _reason in KNOWN)


class Said(logging.Handler):
    """What was logged since it was last asked."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        line = f'{record.levelname} {record.name}: {record.getMessage()}'
        if not is_known(line):
            self.lines.append(line)

    def take(self):
        lines, self.lines = self.lines, []
        return lines


said = Said()


@pytest.hookimpl(trylast=True)
def pytest_sessionstart():
    # Odoo has set up its log for a terminal by now: there it stays silent, here it speaks
    root = logging.getLogger()
    for handler in root.handlers:
        handler.setLevel(logging.CRITICAL)
    root.addHandler(said)
    for name in ('odoo', 'werkzeug'):
        logging.getLogger(name).setLevel(logging.WARNING)


def _judged():
    said.take()
    outcome = yield
    lines = said.take()
    if lines and not outcome.excinfo:
        outcome.force_exception(pytest.fail.Exception(
            'Odoo logged what nobody expected (mute_logger, where it is on purpose):\n' + '\n'.join(lines[:20]),
            pytrace=False))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_setup(item):
    yield from _judged()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item):
    yield from _judged()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_teardown(item):
    yield from _judged()

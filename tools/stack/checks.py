"""make lint and make test."""
import os
import shutil
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass

from . import demo, postgres, python_env
from .paths import ADDONS, LOCAL, ROOT, check_disk, own_addons
from .shell import Stop, apt_install, say, step, stream

PROFILE = 'test'
FOLDER = LOCAL / PROFILE
# One database for the addon tests, another with the demo company for those that need a server.
EMPTY, COMPANY = 'scm_test', 'scm_test_demo'
# A third has the bridges to others' addons, which the suite must do without.
QUEUE, BRIDGES = 'scm_test_queue', ('scm_queue_job',)


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


def lint():
    python = python_env.ensure('odoo', 'addons', 'test', 'oca')
    programs = python.parent
    failed = stream([programs / 'ruff', 'check', '--quiet', ROOT]) != 0
    env = {**os.environ, 'PYLINTHOME': str(LOCAL / 'pylint')}
    # a model that works in steps is split over files on purpose
    failed |= stream([python, '-m', 'pylint', f'--rcfile={ROOT / ".pylintrc"}', '-j', '2', '--disable=R8180',
                      *(ADDONS / name for name in own_addons())], env=env, cwd=ROOT) != 0
    say('Lint: ' + ('see above' if failed else 'clean'))
    return int(failed)


def test():
    """Every test there is, the quick ones first; SCM_STAGES names some of them. The exit code."""
    check_disk(6)
    wanted = _wanted_stages()
    chromium = _chromium() if 'browser' in wanted else ''
    instance = demo.prepare(PROFILE, 'odoo', 'addons', 'test', 'oca')
    shutil.rmtree(FOLDER / 'reports', ignore_errors=True)
    (FOLDER / 'reports').mkdir(parents=True)
    suite = _Suite(instance, chromium)
    if os.environ.get('SCM_REUSE') != '1':
        _make_databases(instance, wanted)
    for name in wanted:
        suite.pytest(name, *STAGES[name](instance))
    postgres.stop(PROFILE)
    return suite.close()


STAGES = {
    'kernel': lambda instance: ('tests/kernel', '-n', '2'),
    'contracts': lambda instance: ('tests/contracts',),
    'environment': lambda instance: ('tests/environment',),
    'addons': lambda instance: (
        *_test_folders(instance.own_addons()),
        f'--odoo-database={EMPTY}', f'--odoo-config={config(instance)}', '--odoo-http'),
    'bridges': lambda instance: (
        *_test_folders(BRIDGES),
        f'--odoo-database={QUEUE}', f'--odoo-config={config(instance)}', '--odoo-http'),
    'integration': lambda instance: ('tests/integration', '--durations=12'),
    'browser': lambda instance: ('tests/browser', '--durations=5'),
}
ON_EMPTY, ON_COMPANY = {'addons', 'bridges', 'integration'}, {'integration', 'browser'}
ON_QUEUE = {'bridges', 'integration'}


def _wanted_stages():
    wanted = os.environ.get('SCM_STAGES', '').replace(',', ' ').split() or list(STAGES)
    unknown = set(wanted) - set(STAGES)
    if unknown:
        raise Stop(f'SCM_STAGES names {", ".join(sorted(unknown))}; there are {", ".join(STAGES)}')
    return wanted


def _make_databases(instance, wanted):
    if ON_EMPTY & set(wanted):
        install_empty(instance)
    if ON_QUEUE & set(wanted):
        install_bridges(instance)
    if ON_COMPANY & set(wanted):
        demo.build(instance, COMPANY)


class _Suite:
    """Runs pytest stage by stage and adds up what the reports say."""

    def __init__(self, instance, chromium):
        self.instance, self.totals, self.stages = instance, Totals(), []
        self.env = suite_env(instance, chromium)

    def pytest(self, name, *arguments):
        # pytest-odoo wants a database as soon as it is loaded: only the addon tests have one.
        plugin = () if any('--odoo-database' in argument for argument in arguments) else ('-p', 'no:odoo')
        say(f'\n== {name} ==')
        report, begun = FOLDER / 'reports' / f'{name}.xml', time.monotonic()
        code = stream([self.instance.python, '-m', 'pytest', '-q', *plugin, f'--junitxml={report}',
                       *arguments], env=self.env, cwd=ROOT)
        if report.exists():
            self.totals.add(report)
        if code and not self.totals.failed:
            self.totals.failed += 1
        self.stages.append((name, code, time.monotonic() - begun))

    def close(self):
        say('')
        for name, code, seconds in self.stages:
            say(f'{name:<12} {"failed" if code else "ok":<7} {seconds:5.0f} s')
        say(f'{self.totals.passed} passed, {self.totals.failed} failed, {self.totals.skipped} skipped')
        return int(bool(self.totals.failed))


def suite_env(instance, chromium):
    """What tests and benchmarks need to know of Odoo, its databases and the browser."""
    return {
        **instance.env,
        'SCM_CHROMIUM': chromium,
        'SCM_ODOO_CMD': ' '.join(instance.command()),
        'SCM_ODOO_CONFIG': str(config(instance)),
        'SCM_TEST_DB': COMPANY,
        'SCM_EMPTY_DB': EMPTY,
        'SCM_QUEUE_DB': QUEUE,
    }


def config(instance):
    """Odoo's configuration file for programs that take nothing else."""
    path = FOLDER / 'odoo.conf'
    path.write_text(
        f'[options]\naddons_path = {instance.addons_path}\ndata_dir = {FOLDER / "data"}\n'
        'http_interface = 127.0.0.1\nhttp_port = 8169\nmax_cron_threads = 0\nlist_db = False\n')
    return path


def install_empty(instance):
    demo.replace(instance, EMPTY)
    with step('Installing Odoo and our addons'):
        instance.install(EMPTY, instance.own_addons(), log=FOLDER / 'install-empty.log')


def install_bridges(instance):
    """A copy of the empty database with the bridges to others' addons."""
    demo.replace(instance, QUEUE, template=EMPTY)
    files = FOLDER / 'data' / 'filestore'
    if (files / EMPTY).is_dir():
        shutil.copytree(files / EMPTY, files / QUEUE, copy_function=os.link)
    with step(f'Installing {", ".join(BRIDGES)}'):
        instance.install(QUEUE, BRIDGES, log=FOLDER / 'install-bridges.log')


def _test_folders(names):
    return [f'addons/{name}/tests' for name in names if (ADDONS / name / 'tests').is_dir()]


def _chromium():
    for name in ('chromium', 'chromium-browser', 'google-chrome'):
        if shutil.which(name):
            return shutil.which(name)
    apt_install(['chromium'], 'No Chromium for the browser tests')
    found = shutil.which('chromium')
    if not found:
        raise Stop('No Chromium here: install it, the browser tests need it')
    return found

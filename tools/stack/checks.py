"""make lint and make test."""
import os
import shutil
import threading

from . import demo, postgres, python_env, quiet_log
from .odoo_server import free_port
from .paths import ADDONS, LOCAL, ROOT, check_disk, own_addons
from .shell import Stop, apt_install, run, say, step, stream
from .stages import Lane, Suite

PROFILE = 'test'
FOLDER = LOCAL / PROFILE
# One database without data, of which the addon tests have a copy, another with the demo company for those that need a
# server.
EMPTY, UNITS, COMPANY = 'scm_test', 'scm_test_units', 'scm_test_demo'
# What both began with: sales and purchases of Odoo and none of ours.
BARE, ODOO = 'scm_test_bare', ('purchase_stock', 'sale_stock')
# A third has the bridges to others' addons, which the suite must do without.
QUEUE, BRIDGES = 'scm_test_queue', ('scm_queue_job', 'scm_aftersales_helpdesk')


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


def docs_images():
    """The pictures of the guides, from the demo company that `make demo` left running. The exit code."""
    python = python_env.ensure('odoo', 'addons', 'test', 'oca')
    env = {**os.environ, 'SCM_CHROMIUM': _chromium()}
    return int(stream([python, '-m', 'screenshots'], env=env, cwd=ROOT / 'tools') != 0)


def test():
    """Every test there is; SCM_STAGES names some of them. The exit code."""
    check_disk(6)
    wanted = _wanted_stages()
    chromium = _chromium() if 'browser' in wanted else ''
    instance = demo.prepare(PROFILE, 'odoo', 'addons', 'test', 'oca')
    reports = FOLDER / 'reports'
    shutil.rmtree(reports, ignore_errors=True)
    reports.mkdir(parents=True)
    if os.environ.get('SCM_REUSE') != '1':
        _make_templates(instance, wanted)
    aside, main = ([name for name in lane if name in wanted] for lane in LANES)
    suite = Suite(instance.python, suite_env(instance, chromium), reports, together=bool(aside and main))
    try:
        _run_lanes(instance, suite, aside, main)
    except BaseException:
        suite.end()
        raise
    postgres.stop(PROFILE)
    return suite.close()


def _run_lanes(instance, suite, aside, main):
    """One lane in the background, the other here, which first makes the demo company."""
    suite.hold()
    company = threading.Event()

    def run(name):
        if name in ON_COMPANY:
            company.wait()
        suite.pytest(name, *STAGES[name](instance))

    lane = Lane(lambda: [run(name) for name in aside])
    lane.start()
    try:
        if ON_COMPANY & {*aside, *main} and os.environ.get('SCM_REUSE') != '1':
            _make_company(instance)
    finally:
        company.set()
        suite.release()
    for name in main:
        run(name)
    lane.join()
    _check_logs(suite)


# Years of a real shop, as long as all other integration tests together
RETAIL = 'tests/integration/test_real_retail.py'
# Addons come and go in databases of their own
ALONE = 'tests/integration/test_addons_alone.py'
# A month of a company that begins with nothing
TOUR = 'tests/integration/test_tour.py'
# Every model, method and route of ours, tried by everybody who should not
SECURITY = tuple(f'tests/integration/test_security_{part}.py' for part in ('access', 'calls', 'routes', 'words'))
STAGES = {
    'kernel': lambda instance: ('tests/kernel', '-n', '2'),
    'contracts': lambda instance: ('tests/contracts',),
    'environment': lambda instance: ('tests/environment',),
    'addons': lambda instance: (
        *_test_folders(instance.own_addons()), *_on(instance, UNITS), '--durations=12'),
    'bridges': lambda instance: (*_test_folders(BRIDGES), *_on(instance, QUEUE)),
    'retail': lambda instance: (RETAIL,),
    'alone': lambda instance: (ALONE,),
    'tour': lambda instance: (TOUR,),
    'security': lambda instance: SECURITY,
    'integration': lambda instance: (
        'tests/integration', *(f'--ignore={path}' for path in (RETAIL, ALONE, TOUR, *SECURITY)), '--durations=12'),
    'browser': lambda instance: ('tests/browser', '--durations=5'),
}
# Two lanes at the same time. They only copy the databases that both use: PostgreSQL copies what nobody has open.
LANES = (
    ('kernel', 'contracts', 'environment', 'addons', 'retail', 'alone', 'tour', 'security'),
    ('bridges', 'integration', 'browser'),
)
ON_COMPANY = {'security', 'integration', 'browser'}
ON_QUEUE = {'bridges', *ON_COMPANY}
# The other databases are copies of the empty one
ON_EMPTY = {'addons', 'retail', 'alone', 'tour', *ON_QUEUE}


def _on(instance, database):
    """Arguments of a stage inside Odoo, whose tests fail when its log has a warning that nobody expected."""
    return (f'--odoo-database={database}', f'--odoo-config={config(instance, database)}', '--odoo-http',
            '-p', quiet_log.__name__)


def _wanted_stages():
    wanted = os.environ.get('SCM_STAGES', '').replace(',', ' ').split() or list(STAGES)
    unknown = set(wanted) - set(STAGES)
    if unknown:
        raise Stop(f'SCM_STAGES names {", ".join(sorted(unknown))}; there are {", ".join(STAGES)}')
    return wanted


def _make_templates(instance, wanted):
    if ON_EMPTY & set(wanted):
        install_empty(instance)
    if 'addons' in wanted:
        _copy(instance, EMPTY, UNITS)
        with step('Companies of the addon tests'):
            instance.script(UNITS, demo.INSIDE / 'keep_fixture.py')
    if ON_QUEUE & set(wanted):
        install_bridges(instance)


def suite_env(instance, chromium):
    """What tests and benchmarks need to know of Odoo, its databases and the browser."""
    return {
        **instance.env,
        'SCM_CHROMIUM': chromium,
        'SCM_ODOO_CMD': ' '.join(instance.command()),
        'SCM_ODOO_CONFIG': str(config(instance)),
        'SCM_TEST_DB': COMPANY,
        'SCM_EMPTY_DB': EMPTY,
        'SCM_BARE_DB': BARE,
        'SCM_QUEUE_DB': QUEUE,
    }


def config(instance, name='odoo'):
    """Odoo's configuration file for programs that take nothing else; each name has a port of its own."""
    path = FOLDER / f'{name}.conf'
    path.write_text(
        f'[options]\naddons_path = {instance.addons_path}\ndata_dir = {FOLDER / "data"}\n'
        f'http_interface = 127.0.0.1\nhttp_port = {free_port()}\nmax_cron_threads = 0\nlist_db = False\n')
    return path


def install_empty(instance):
    demo.replace(instance, BARE)
    with step('Installing Odoo'):
        instance.install(BARE, ODOO, log=FOLDER / 'install-bare.log')
    _copy(instance, BARE, EMPTY)
    with step('Installing our addons'):
        instance.install(EMPTY, instance.own_addons(), log=FOLDER / 'install-empty.log')


def install_bridges(instance):
    """A copy of the empty database with the bridges to others' addons."""
    _copy(instance, EMPTY, QUEUE)
    with step(f'Installing {", ".join(BRIDGES)}'):
        instance.install(QUEUE, BRIDGES, log=FOLDER / 'install-bridges.log')


def _make_company(instance):
    """The demo company as `make demo` has it, on a copy of the empty database."""
    _copy(instance, EMPTY, COMPANY)
    with step('Languages'):
        languages = demo.LANGUAGES.split(',')[1:]
        run(instance.command('i18n', 'loadlang', '-c', config(instance), '-d', COMPANY, '-l', *languages),
            env=instance.env, cwd=ROOT, log=FOLDER / 'install-languages.log', fail='Odoo could not load its languages')
    demo.fill(instance, COMPANY)


def _copy(instance, source, name):
    demo.replace(instance, name, template=source)
    files = FOLDER / 'data' / 'filestore'
    if (files / source).is_dir():
        shutil.copytree(files / source, files / name, copy_function=os.link)


def _check_logs(suite):
    """No warning while addons were installed; logs of the calls that made the databases of this one."""
    suite.judge('install logs', [
        f'{path.name}: {line}'
        for path in FOLDER.glob('install-*.log') for line in quiet_log.unexpected(path.read_text())])


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

"""make bench: ours beside what a user has today, in one run."""
import time

from . import checks, demo
from .paths import ROOT
from .shell import say, stream

# Numeric ones first; the last ones, from replenishment on, need Odoo and build their own databases.
TABLES = (
    'accuracy.py', 'lunar.py', 'newitems.py', 'outliers.py', 'hierarchy.py', 'findings.py', 'speed.py', 'stock.py',
    'replenishment.py', 'nightly.py', 'supplier_scorecards.py', 'webhook.py', 'tracking_page.py', 'routes.py',
    'lanes.py', 'returns.py', 'returns_portal.py', 'slotting.py', 'count_plan.py', 'box_choice.py',
    'suite.py --size 0.1',
)


def run_all():
    instance = demo.prepare(checks.PROFILE, 'odoo', 'addons', 'test', 'bench')
    (checks.FOLDER / 'reports').mkdir(parents=True, exist_ok=True)
    env = checks.suite_env(instance, '')
    failed = 0
    for table in TABLES:
        name, *options = table.split()
        begun = time.monotonic()
        failed |= stream([instance.python, ROOT / 'benchmarks' / name, *options], env=env, cwd=ROOT)
        say(f'\n({name}: {time.monotonic() - begun:.0f} s)\n')
    return failed

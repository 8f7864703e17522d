"""tools/scm translate: write the translation templates, bring the .po files in step, say what is missing."""
from . import checks, demo
from .paths import ADDONS, ROOT, own_addons
from .shell import say, step, stream

MERGE = ROOT / 'tools' / 'stack' / 'inside' / 'merge_po.py'


def refresh():
    instance = demo.prepare(checks.PROFILE, 'odoo', 'addons', 'test', 'oca')
    checks.install_empty(instance)
    checks.install_bridges(instance)
    for name in own_addons():
        (ADDONS / name / 'i18n').mkdir(exist_ok=True)
        with step(f'Template of {name}'):
            stream(instance.command('i18n', 'export', '-c', str(checks.config(instance)), '-d', checks.QUEUE, name),
                   env=instance.env, cwd=ROOT)
    stream([instance.python, MERGE, *(ADDONS / name / 'i18n' for name in own_addons())], env=instance.env)
    say('Translate what stands there, then call this again')

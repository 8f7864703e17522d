"""What people may change in Odoo's settings is written once, at installation: an update leaves it as they set it."""
from pathlib import Path
from xml.etree import ElementTree

import pytest

ADDONS = Path(__file__).resolve().parents[2] / 'addons'
THEIRS = {'ir.cron', 'mail.template', 'ir.sequence', 'mail.activity.type', 'ir.config_parameter'}


def records(folder, kept):
    """(record, whether an update leaves it alone) of a file, folders of data included."""
    kept = folder.get('noupdate', kept) in ('1', 'True', 'true')
    for child in folder:
        if child.tag in ('odoo', 'data'):
            yield from records(child, '1' if kept else '0')
        elif child.tag == 'record':
            yield child, kept


@pytest.mark.parametrize('path', sorted(ADDONS.glob('*/data/*.xml')), ids=lambda path: path.stem)
def test_settings_survive_an_update(path):
    found = records(ElementTree.parse(path).getroot(), '0')
    lost = [record.get('id') for record, kept in found if record.get('model') in THEIRS and not kept]
    assert not lost, f'{", ".join(lost)}: put into noupdate="1"'

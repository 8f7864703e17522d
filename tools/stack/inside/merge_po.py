"""Bring each .po file in step with its template and list the terms that it lacks."""
import sys
from pathlib import Path

import polib

LANGUAGES = {'zh_TW': 'Traditional Chinese', 'zh_CN': 'Simplified Chinese'}


def merge(folder, language):
    template = polib.pofile(str(next(folder.glob('*.pot'))))
    path = folder / f'{language}.po'
    po = polib.pofile(str(path)) if path.exists() else polib.POFile()
    po.metadata = {**template.metadata, 'Language': language, 'Plural-Forms': 'nplurals=1; plural=0;'}
    for volatile in ('POT-Creation-Date', 'PO-Revision-Date'):
        po.metadata.pop(volatile, None)
    po.merge(template)
    for entry in po.obsolete_entries():
        po.remove(entry)
    po.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ''))
    po.save(str(path))
    return [entry.msgid for entry in po if not entry.translated()]


for folder in map(Path, sys.argv[1:]):
    for template in folder.glob('*.pot'):
        pot = polib.pofile(str(template))
        for volatile in ('POT-Creation-Date', 'PO-Revision-Date'):
            pot.metadata.pop(volatile, None)
        pot.save(str(template))
        for language, name in LANGUAGES.items():
            missing = merge(folder, language)
            print(f'{folder.parent.name}: {len(missing)} terms lack {name}')

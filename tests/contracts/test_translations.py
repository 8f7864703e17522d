"""Everything that a person sees is there in Traditional and in Simplified Chinese."""
import pytest

polib = pytest.importorskip('polib')


@pytest.mark.parametrize('language', ['zh_TW', 'zh_CN'])
def test_complete(addon, language):
    template = addon.path / 'i18n' / f'{addon.name}.pot'
    if not template.exists():
        assert not (addon.path / 'views').exists(), f'{addon.name} has views and no translation template'
        return
    terms = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(template))}
    done = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(addon.path / 'i18n' / f'{language}.po'))
            if entry.translated() and 'fuzzy' not in entry.flags}
    missing = sorted(term for _context, term in terms - done)
    assert not missing, f'{len(missing)} terms without {language}, first: {missing[:3]}'

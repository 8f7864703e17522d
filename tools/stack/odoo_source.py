"""Odoo 19: the user's own (ODOO_HOME), or Debian's package unpacked into the cache."""
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from .paths import cache, locked
from .shell import Stop, run, say, step

SERIES = '19.0'
# Odoo's package, and the packages whose files its own links point to.
FROM_SID = ['odoo-19', 'libjs-jquery', 'libjs-underscore', 'libjs-jquery-form', 'fonts-roboto-unhinted',
            'fonts-montserrat', 'fonts-ocr-b']
FROM_HERE = ['fonts-font-awesome', 'fonts-inconsolata']
# Left out of Debian's package, yet named in the web client's assets: without it each page logs an error.
MISSING_ASSET = 'mail/static/lib/selfie_segmentation/selfie_segmentation.js'


@dataclass(frozen=True)
class OdooSource:
    """python_path: what goes to PYTHONPATH; addons: extra addons folders; version: as released."""
    python_path: Path
    addons: tuple
    version: str


def ensure():
    home = os.environ.get('ODOO_HOME')
    return _user_owned(Path(home).expanduser()) if home else _packaged()


def _user_owned(home):
    for place in (home, home.parent):
        if (place / 'odoo' / 'release.py').exists():
            version = _series(place / 'odoo' / 'release.py')
            if version != SERIES:
                raise Stop(f'ODOO_HOME={home} is Odoo {version}; these addons are for {SERIES}')
            addons = place / 'addons'
            extra = (addons,) if (addons / 'web' / '__manifest__.py').exists() else ()
            return OdooSource(place, extra, version)
    raise Stop(f'ODOO_HOME={home} holds no Odoo (no odoo/release.py): name the folder that contains the package "odoo"')


def _series(release):
    found = re.search(r'^version_info\s*=\s*\((\d+),\s*(\d+)', release.read_text(), re.M)
    return f'{found[1]}.{found[2]}' if found else 'unknown'


def _packaged():
    prefix = cache() / 'odoo-19'
    with locked('odoo'):
        if not (prefix / '.version').exists():
            with step('Odoo 19 (120 MB)'):
                _unpack(prefix)
            say(f'Odoo {(prefix / ".version").read_text()}')
    return OdooSource(prefix / 'usr/lib/python3/dist-packages', (), (prefix / '.version').read_text())


def _unpack(prefix):
    if not shutil.which('apt-get') or not shutil.which('dpkg-deb'):
        raise Stop('Odoo is fetched as a Debian package and this machine has no apt: get Odoo 19 and set ODOO_HOME')
    state = cache() / 'apt'
    for folder in ('lists/partial', 'src', 'cache/archives/partial', 'deb'):
        (state / folder).mkdir(parents=True, exist_ok=True)
    (state / 'src' / 'sid.sources').write_text(_sid_sources())
    options = [part for option in (
        f'Dir::State::Lists={state}/lists', 'Dir::Etc::SourceList=/dev/null', f'Dir::Etc::SourceParts={state}/src',
        f'Dir::Cache={state}/cache', 'APT::Sandbox::User=root') for part in ('-o', option)]
    fail = 'Odoo could not be fetched; check the network, or set ODOO_HOME to an Odoo 19 that is here'
    debs = state / 'deb'
    run(['apt-get', *options, 'update'], fail=fail, log=state / 'update.log')
    run(['apt-get', *options, 'download', *FROM_SID], fail=fail, cwd=debs)
    _download_here(options, debs, fail)
    shutil.rmtree(prefix, ignore_errors=True)
    prefix.mkdir(parents=True)
    for deb in sorted(debs.glob('*.deb')):
        run(['dpkg-deb', '-x', deb, prefix], fail=f'{deb.name} is damaged; delete {debs} and call this again')
    _complete(prefix, debs)


def _download_here(sid_options, debs, fail):
    """Fonts come from the machine's own release: the newer ones moved the files that Odoo links to."""
    try:
        run(['apt-get', 'download', *FROM_HERE], fail=fail, cwd=debs)
    except Stop:
        run(['apt-get', *sid_options, 'download', *FROM_HERE], fail=fail, cwd=debs)


def _complete(prefix, debs):
    addons = prefix / 'usr/lib/python3/dist-packages/odoo/addons'
    if not addons.is_dir():
        raise Stop('The odoo-19 package has another layout than expected: set ODOO_HOME to an Odoo 19 source tree')
    dangling = [path for path in prefix.rglob('*') if path.is_symlink() and not path.exists()]
    if dangling:
        say(f' ({len(dangling)} links of the package lead nowhere, first {dangling[0].relative_to(prefix)})')
    asset = addons / MISSING_ASSET
    if not asset.exists():
        asset.parent.mkdir(parents=True, exist_ok=True)
        asset.write_text('// Background blur of video calls is not part of this package.\n')
    deb = next(debs.glob('odoo-19_*.deb'))
    (prefix / '.version').write_text(deb.name.split('_')[1])


def _sid_sources():
    """The machine's own Debian source, with the suite that has Odoo 19."""
    for path in sorted(Path('/etc/apt/sources.list.d').glob('*.sources')):
        for stanza in re.split(r'\n\s*\n', path.read_text()):
            if re.search(r'^Suites:.*\b(bookworm|trixie|forky|sid|stable|testing|unstable)\b(?!-)', stanza, re.M) \
                    and re.search(r'^Components:.*\bmain\b', stanza, re.M):
                return re.sub(r'^Suites:.*$', 'Suites: sid', stanza, flags=re.M) + '\n'
    one_line = re.compile(r'^deb\s+(\[.*?\]\s+)?(\S+)\s+(bookworm|trixie|forky|sid|stable|testing|unstable)\s', re.M)
    for path in [Path('/etc/apt/sources.list'), *sorted(Path('/etc/apt/sources.list.d').glob('*.list'))]:
        found = one_line.search(path.read_text()) if path.exists() else None
        if found:
            signed = re.search(r'signed-by=([^\s\]]+)', found[1] or '')
            key = signed[1] if signed else '/usr/share/keyrings/debian-archive-keyring.gpg'
            return f'Types: deb\nURIs: {found[2]}\nSuites: sid\nComponents: main\nSigned-By: {key}\n'
    raise Stop('No Debian source in /etc/apt names a release to fetch Odoo from: get Odoo 19 and set ODOO_HOME')

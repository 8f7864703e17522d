"""The last release of this repository that has a tag, and a database as people have it who work with that release."""

import configparser
import contextlib
import os
import subprocess
import tarfile
from pathlib import Path

import adapter

# A shop of that release's own demo company: small, but with everything that its people can enter
PEOPLE = """
import sys
sys.path.insert(0, {root!r})
from datetime import date
from tools import demo_data
demo_data.load(env, date(2026, 11, 26), seed=3, products=70, days=330, people=300)
env.cr.commit()

def commit(finished, remaining=0):
    env.cr.commit()
    return 3600

for company in env["stock.warehouse"].search([]).company_id:
    run = env["scm.forecast.run"].browse(env["scm.forecast.run"].run_now(company.id))
    run._process(commit=commit)
    assert run.state == "done", run.message
result = None
"""


def tag():
    """Name of the newest tag behind this commit, or nothing where the clone has none."""
    names = _git("tag", "--list", "19.0.*", "--merged", "HEAD", "--sort=-version:refname").split()
    head = _git("rev-parse", "HEAD").strip()
    return next((name for name in names if _git("rev-parse", f"{name}^{{commit}}").strip() != head), None)


def _git(*arguments):
    done = subprocess.run(["git", *arguments], cwd=adapter.ROOT, capture_output=True, text=True, check=False)
    return done.stdout


def unpack(name, folder: Path):
    """The addons and tools of a tag in a folder."""
    archive = folder / "release.tar"
    subprocess.run(
        ["git", "archive", "-o", str(archive), name, "addons", "tools"], cwd=adapter.ROOT, check=True, timeout=60
    )
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    archive.unlink()
    return folder


@contextlib.contextmanager
def at_work(folder: Path):
    """While this lasts, Odoo is that of the release in the folder."""
    now = os.environ["SCM_ODOO_CONFIG"]
    parser = configparser.RawConfigParser()
    parser.read(now)
    paths = parser.get("options", "addons_path").split(",")
    own = str(adapter.ROOT / "addons")
    parser.set("options", "addons_path", ",".join(str(folder / "addons") if path == own else path for path in paths))
    with open(folder / "odoo.conf", "w") as file:
        parser.write(file)
    os.environ["SCM_ODOO_CONFIG"] = str(folder / "odoo.conf")
    try:
        yield
    finally:
        os.environ["SCM_ODOO_CONFIG"] = now


def addons(folder: Path, database):
    """Those of its addons that a database of today has: the bridges to others' addons need more than Odoo."""
    installed = adapter.query(database, "SELECT name FROM ir_module_module WHERE state = 'installed'")
    there = {path.parent.name for path in (folder / "addons").glob("*/__manifest__.py")}
    return sorted(there & {name for (name,) in installed})

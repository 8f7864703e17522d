"""Fixtures of the integration tests. What they need from the machine is in adapter.py."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import adapter


def pytest_collection_modifyitems(items):
    reason = adapter.missing()
    for item in items:
        if reason and Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture
def empty_db():
    """A database of one's own with the addons and no data."""
    name = adapter.clone(adapter.os.environ["SCM_EMPTY_DB"])
    yield name
    adapter.drop(name)


@pytest.fixture(scope="session")
def bare():
    """Odoo's own sales and purchases without any of ours: `make test` has such a database, else it is made here.

    Nobody writes to it.
    """
    if adapter.os.environ.get("SCM_BARE_DB"):
        yield adapter.os.environ["SCM_BARE_DB"]
        return
    name = adapter.create("scm_bare")
    adapter.change_addons(name, "-i", ["purchase_stock", "sale_stock"])
    yield name
    adapter.drop(name)


@pytest.fixture(scope="session")
def demo_db():
    """One database with the demo company, planned once, for all who leave behind what others can live with.

    Who needs figures that nobody touched, or breaks things, clones one of his own.
    """
    name = adapter.clone(adapter.os.environ["SCM_TEST_DB"])
    yield name
    adapter.drop(name)


@pytest.fixture(scope="session")
def bridges_db():
    """Every addon of ours, those for others' addons too, and no data: what the lists of rights and routes come from."""
    name = adapter.clone(adapter.os.environ["SCM_QUEUE_DB"])
    yield name
    adapter.drop(name)


@pytest.fixture(scope="session")
def server(demo_db):
    """Odoo on the demo company."""
    running = adapter.Server(demo_db).start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def api_keys(demo_db):
    """API keys by login, for JSON-2. Beside the demo's own people: an outsider, who is an employee without any role."""
    return adapter.shell(
        demo_db,
        """
from datetime import datetime, timedelta
from odoo.fields import Command
env["res.users"].create({"login": "outsider", "password": "outsider", "name": "Outsider",
                         "group_ids": [Command.set(env.ref("base.group_user").ids)]})
result = {}
people = ["admin", "planner", "buyer", "viewer", "outsider", "warehouse", "picker"]
for user in env["res.users"].search([("login", "in", people)]):
    keys = env["res.users.apikeys"].with_user(user)
    result[user.login] = keys._generate("rpc", "test", datetime.now() + timedelta(days=1))
""",
    )


@pytest.fixture(scope="module", params=["xmlrpc", "json2"])
def login(request, server, api_keys):
    """``login(name)`` gives a client of that person, over each of the two protocols in turn."""

    def client(name):
        return server.xmlrpc(name) if request.param == "xmlrpc" else server.json2(api_keys[name])

    return client


@pytest.fixture(scope="module")
def planner(login):
    return login("planner")


@pytest.fixture(scope="session")
def inside():
    """``inside(database, code)``: as adapter.shell, and the code may import the package ``security`` that lies here."""
    folder = str(Path(__file__).parent)
    return lambda database, code: adapter.shell(database, f"import sys\nsys.path.insert(0, {folder!r})\n{code}")

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


@pytest.fixture(scope="module")
def demo_db():
    """A database of the module's own with the demo company, planned once."""
    name = adapter.clone(adapter.os.environ["SCM_TEST_DB"])
    yield name
    adapter.drop(name)


@pytest.fixture(scope="module")
def server(demo_db):
    """Odoo on the demo company."""
    running = adapter.Server(demo_db).start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def api_keys(demo_db):
    """API keys by login, for JSON-2."""
    return adapter.shell(
        demo_db,
        """
from datetime import datetime, timedelta
result = {}
for user in env["res.users"].search([("login", "in", ["planner", "buyer", "viewer"])]):
    keys = env["res.users.apikeys"].with_user(user)
    result[user.login] = keys._generate("rpc", "test", datetime.now() + timedelta(days=1))
""",
    )

"""Names and texts that are programs: no page of the portal and no mail takes them for its own."""

import os
import re

import adapter
import pytest
from adapter import Server
from security.web import Session

LINK = re.compile(r'href="(/(?:my|track|scm)[^"#]*)"')
MOST_PAGES = 45
PLANT = """
from security import people, words
who = people.ensure(env)
planted = words.plant(env)
found, made = words.mails(env)
result = {"payload": words.PAYLOAD, "planted": planted, "mails": found, "made": made,
          "fields": words.html_fields(env), "pages": words.tracking_pages(env)}
"""


@pytest.fixture(scope="module")
def hostile(inside):
    """A copy of the demo company full of programs, and its server."""
    database = adapter.clone(os.environ["SCM_TEST_DB"])
    found = inside(database, PLANT)
    running = Server(database).start()
    yield running, found
    running.stop()
    adapter.drop(database)


def test_mails(hostile):
    _server, found = hostile
    assert found["planted"] > 150
    assert found["made"] > 5
    assert not found["mails"]
    assert not found["fields"]


@pytest.mark.parametrize("login", ["sec_vendor", "sec_customer", "sec_stock"])
def test_pages_of_the_portal(hostile, login):
    server, found = hostile
    session, seen, waiting = Session(server.url, login), set(), ["/my"]
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        page = session.get(path)
        seen.add(path)
        assert page.status < 500, path
        assert found["payload"] not in page.body, path
        waiting += sorted(set(LINK.findall(page.body)) - seen - set(waiting))
    assert len(seen) > 3


def test_tracking_pages(hostile):
    server, found = hostile
    session = Session(server.url)
    assert found["pages"]
    for path in found["pages"]:
        page = session.get(path)
        assert page.status == 200, path
        assert found["payload"] not in page.body, path

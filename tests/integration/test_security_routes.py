"""Each route of ours with ids of others, ids of nobody, no token, a forged one, the wrong method and much too much.

The list comes from the routing map of the running addons. What may be asked without a login, and without the token
against forged forms, is reviewed in tests/contracts/routes.csv: a new route fails here until it stands there.
"""

import csv
import io
import re

import adapter
import pytest
from security import people, places
from security.web import Session

GOLDEN = adapter.ROOT / "tests" / "contracts" / "routes.csv"
COLUMNS = ("url", "auth", "type", "methods", "csrf", "addon")
PARAMETER = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>")
NOBODYS = 2_000_000_011
LOGINS = (None, *(people.HOME.format(role) for role in ("portal", "vendor", "outsider")))


@pytest.fixture(scope="module")
def given(demo_db, inside):
    """Routes and ids as the registry of the demo company knows them, with somebody for each role."""
    return inside(
        demo_db,
        """
from security import catalogue, people, places
who = people.ensure(env)
result = {"routes": catalogue.routes(env), "existing": places.existing(env, who)}
""",
    )


@pytest.fixture(scope="module")
def sessions(server, given):
    return {login: Session(server.url, login) for login in LOGINS}


@pytest.fixture(scope="module", autouse=True)
def quiet_server(server):
    """After all: whatever they asked, the server has seen no exception that it did not expect."""
    before = server.log.stat().st_size
    yield
    text = server.log.read_bytes()[before:].decode(errors="replace")
    broken = re.findall(r" ERROR \S+ odoo\.http: [^\n]*\n(?:(?!\d{4}-)[^\n]*\n)*", text)
    assert not broken, "\n".join(one[-700:] for one in broken[:5])


def url_of(route, existing, instead=None):
    """The address with the ids of others, or with another id in the place of all of them."""

    def value(match):
        parameter = match[2]
        if parameter in places.FREE:
            return str(places.FREE[parameter])
        return str(existing[places.model_of(route["url"], parameter)] if instead is None else instead)

    return PARAMETER.sub(value, route["url"])


def with_ids(routes):
    return [one for one in routes if any(name not in places.FREE for _, name in PARAMETER.findall(one["url"]))]


def ask(session, route, url):
    if route["type"] == "jsonrpc":
        return session.rpc(url)
    return session.get(url) if "GET" in route["methods"] else session.post(url)


def table(rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({**row, "methods": "+".join(row["methods"])})
    return out.getvalue()


def test_routes_are_reviewed(bridges_db, inside):
    now = table(inside(bridges_db, "from security import catalogue\nresult = catalogue.routes(env)"))
    if adapter.os.environ.get("SCM_WRITE_GOLDEN"):
        GOLDEN.write_text(now)
    known = GOLDEN.read_text()
    changed = sorted(set(now.splitlines()) ^ set(known.splitlines()))
    assert not changed, f"Review these routes, then write them into {GOLDEN.name} (SCM_WRITE_GOLDEN=1): {changed}"


def test_what_is_of_others_looks_like_what_is_not(given, sessions):
    """The same answer for an id of somebody else and for an id of nobody, so that nobody learns what there is."""
    problems = []
    for route in with_ids(given["routes"]):
        others, nobodys = (url_of(route, given["existing"], instead) for instead in (None, NOBODYS))
        for login, session in sessions.items():
            first, second = ask(session, route, others), ask(session, route, nobodys)
            if max(first.status, second.status) >= 500 or first.likeness != second.likeness:
                problems.append(
                    f"{login}: {others}: {first.status} {first.location}; {nobodys}: {second.status} {second.location}"
                )
    assert not problems, "\n".join(problems)


def test_without_a_login_what_wants_one(given, sessions):
    for route in given["routes"]:
        if route["auth"] == "user":
            done = ask(sessions[None], route, url_of(route, given["existing"]))
            assert done.status in (303, 403, 404), f"{route['url']}: {done.status}"
            assert done.status != 303 or done.location.startswith("/web/login"), f"{route['url']}: {done.location}"


@pytest.mark.parametrize("nonsense", ["0", "-1", "99999999999999999999", "1%27%20OR%201%3D1"])
def test_ids_that_are_none(given, sessions, nonsense):
    problems = []
    for route in with_ids(given["routes"]):
        url = url_of(route, {}, nonsense)
        for login in (None, people.HOME.format("vendor")):
            done = ask(sessions[login], route, url)
            if done.status >= 500 or ("Traceback" in done.body and route["type"] == "http"):
                problems.append(f"{login}: {url}: {done.status}")
    assert not problems, "\n".join(problems)


def test_wrong_method_and_forged_forms(given, sessions):
    """A route that takes forms answers no link, and no form without the token of the session."""
    session, problems = sessions[people.HOME.format("portal")], []
    pages = {route["url"] for route in given["routes"] if "GET" in route["methods"]}
    forms = {route["url"] for route in given["routes"] if "POST" in route["methods"]}
    for route in given["routes"]:
        url = url_of(route, given["existing"])
        if route["url"] not in pages and route["type"] == "http":
            got = session.get(url)
            if got.status not in (404, 405):
                problems.append(f"GET {url}: {got.status}")
            forged = session.post(url, csrf=False) if route["csrf"] else got
            if forged.status not in (400, 404, 405):
                problems.append(f"{url} without a token: {forged.status}")
        elif route["url"] not in forms:
            posted = session.post(url)
            if posted.status not in (404, 405):
                problems.append(f"POST {url}: {posted.status}")
    assert not problems, "\n".join(problems)


def test_far_too_much(given, sessions):
    """Megabytes and rubbish are refused before anybody reads them into a record."""
    bodies = (b"\x00\xff" * 1_500_000, "application/octet-stream"), (b"[" * 100_000, "application/json")
    problems = []
    for route in given["routes"]:
        if route["auth"] == "public" and "GET" not in route["methods"]:
            url = url_of(route, given["existing"])
            # Odoo itself reads JSON-RPC, and breaks on lists without end
            for body, kind in bodies if route["type"] == "http" else bodies[:1]:
                done = sessions[None].raw(url, body, kind)
                if done.status >= 500 or (route["type"] == "http" and done.status == 200):
                    problems.append(f"{url} with {len(body)} bytes of {kind}: {done.status}")
    assert not problems, "\n".join(problems)

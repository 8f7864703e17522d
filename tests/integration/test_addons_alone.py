"""Each addon alone, with nothing of ours but what it stands on: it installs, works, and leaves nothing behind.

The tree of addons grows from one database with Odoo's own sales and purchases. Each addon is installed on a copy of a
database that has some of those it stands on and none else. What the catalog of the database held before, it must hold
again once the addon is uninstalled, nothing more and nothing less: tables, columns, constraints, models, views,
scheduled actions, and every name of a record.
"""

import ast
import contextlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import adapter
import pytest

ADDONS = adapter.ROOT / "addons"
INSIDE = Path(__file__).with_name("addon_life.py").read_text()
AT_ONCE = 2


def depends(name):
    return ast.literal_eval((ADDONS / name / "__manifest__.py").read_text())["depends"]


def needs(name):
    """The addons of ours that an addon stands on, all of them."""
    direct = {need for need in depends(name) if need.startswith("scm_")}
    return direct.union(*(needs(need) for need in direct))


def parent(name):
    """The addon with whose database this one begins: nothing in it that is not needed, and as much as there is."""
    candidates = [other for other in NAMES if needs(other) | {other} <= needs(name)]
    return max(candidates, key=lambda other: (len(needs(other)), other), default=None)


NAMES = sorted(
    (path.parent.name for path in ADDONS.glob("*/__manifest__.py")), key=lambda name: (len(needs(name)), name)
)
PARENTS = {parent(name) for name in NAMES}


def inside(database, call):
    return adapter.shell(database, f"{INSIDE}\nresult = {call}", seconds=1800)


class Forest:
    """Databases with one addon and those below it, and what was seen when the addon came and when it went."""

    def __init__(self, bare, pool):
        self.bare, self.pool = bare, pool
        self.began, self.ended = {}, {}
        # What an addon leaves is looked at a little later, so that nobody waits for one that is still coming
        for coming, going in zip([*NAMES, *[None] * AT_ONCE], [*[None] * AT_ONCE, *NAMES], strict=True):
            if coming:
                self.began[coming] = pool.submit(self._begin, coming)
            if going:
                self.ended[going] = pool.submit(self._end, going)

    def _begin(self, name):
        """The addon's database and what was seen; those of parents stay as they are, for copies."""
        below = parent(name)
        database = adapter.clone(self.began[below].result()[0] if below else self.bare)
        return database, inside(database, f"begin(env, {name!r})")

    def _end(self, name):
        database, came = self.began[name].result()
        if name in PARENTS:
            database = adapter.clone(database)
        seen = None if came["missing"] else inside(database, f"end(env, {name!r})")
        adapter.drop(database)
        return seen

    def cut(self):
        for work in (*self.ended.values(), *self.began.values()):
            work.cancel()
        for work in self.began.values():
            with contextlib.suppress(BaseException):
                adapter.drop(work.result()[0])


@pytest.fixture(scope="module")
def forest(bare):
    with ThreadPoolExecutor(AT_ONCE) as pool:
        grown = Forest(bare, pool)
        yield grown
        grown.cut()


@pytest.mark.parametrize("name", NAMES)
def test_comes_alone_and_goes_without_a_trace(name, forest):
    _database, came = forest.began[name].result()
    if came["missing"]:
        pytest.skip(f"{name} is for those who have {', '.join(came['missing'])}")
    assert came["stood"] == sorted(needs(name)), "another addon of ours came with it"
    assert came["ours"] == [name]
    assert came["went"] == []
    assert came["shown"][1] == []
    assert came["traded"] == ["purchase", "full", "sale", "full"]
    assert came["said"] == []
    went = forest.ended[name].result()
    assert went["left"] == [], "left behind"
    assert went["taken"] == [], "taken away from others"
    assert went["traded"] == came["traded"]
    assert went["said"] == []

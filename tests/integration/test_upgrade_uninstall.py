"""An update and an upgrade from the last release keep what people entered; uninstalling leaves an Odoo that works."""

from pathlib import Path

import adapter
import kept_rows
import previous_release
import pytest

INSIDE = Path(__file__).with_name("addon_life.py").read_text()
OWN_WORDS = """
event = env["scm.event"].search([("source", "=", "computed"), ("occurrence_ids", "!=", False)], limit=1) \
    or env["scm.event"].search([("source", "!=", "manual"), ("occurrence_ids", "!=", False)], limit=1)
policy = env["scm.inventory.policy"].search([], limit=1)
line = env["scm.forecast.line"].search([("forecast_id.run_id.current", "=", True)], limit=1)
alert_type = env["scm.alert.type"].search([], limit=1)
ours = env["ir.model.data"].search([("module", "=like", "scm\\_%")])
crons = env["ir.cron"].with_context(active_test=False).browse(
    ours.filtered(lambda name: name.model == "ir.cron").mapped("res_id"))
letters = env["mail.template"].browse(ours.filtered(lambda name: name.model == "mail.template").mapped("res_id"))
"""
CHANGE = (
    OWN_WORDS
    + """
from datetime import timedelta
event.lead_in_days = 17
event.occurrence_ids[:1].date_end += timedelta(days=2)
policy.service_level = 0.913
line.with_user(env["res.users"].search([("login", "=", "planner")])).action_override(4321, "Kept over updates")
alert_type.due_days = 23
crons.write({"active": False, "interval_number": 17})
letters.write({"subject": "Our own words"})
result = None
"""
)
READ = (
    OWN_WORDS
    + """
result = [event.lead_in_days, str(event.occurrence_ids[:1].date_end), event.occurrence_ids[:1].manual,
          policy.service_level, line.quantity_override, line.override_reason, alert_type.due_days,
          crons.filtered("active").mapped("cron_name"), set(crons.mapped("interval_number")) == {17},
          set(letters.mapped("subject")) == {"Our own words"}]
"""
)


@pytest.fixture
def own():
    """A copy of the demo company for one test."""
    database = adapter.clone(adapter.os.environ["SCM_TEST_DB"])
    yield database
    adapter.drop(database)


def test_update_keeps_what_people_entered(own):
    adapter.shell(own, CHANGE)
    rows, entered = kept_rows.keep(own), adapter.shell(own, READ)
    assert entered[4:6] == [4321, "Kept over updates"]
    assert adapter.warnings(adapter.change_addons(own, "-u", ["scm_base"])) == []
    assert adapter.shell(own, READ) == entered
    assert kept_rows.changes(own) == []
    assert kept_rows.counts(own) == rows


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    """(name, folder) of the last release."""
    name = previous_release.tag()
    if not name:
        pytest.skip("This clone has no tag of a release before this commit: git fetch --tags --unshallow")
    return name, previous_release.unpack(name, tmp_path_factory.mktemp("release"))


@pytest.fixture
def of_release(release, bare):
    """A database as people have it who work with that release."""
    _name, folder = release
    database = adapter.clone(bare)
    with previous_release.at_work(folder):
        adapter.change_addons(database, "-i", previous_release.addons(folder, adapter.os.environ["SCM_EMPTY_DB"]))
        adapter.shell(database, previous_release.PEOPLE.format(root=str(folder)), seconds=1800)
        adapter.shell(database, CHANGE)
    yield database
    adapter.drop(database)


def test_upgrade_from_the_last_release_loses_nothing(of_release):
    kept_rows.keep(of_release)
    # days beyond every calendar, which that release wrote, are what the upgrade has to take back
    kept = "UPDATE kept.scm_policy_proposal SET date_run_out = NULL WHERE date_run_out > '9999-12-31'"
    adapter.query(of_release, kept)
    entered = adapter.shell(of_release, READ)
    assert adapter.warnings(adapter.change_addons(of_release, "-u", ["scm_base"])) == []
    assert kept_rows.changes(of_release) == []
    assert adapter.shell(of_release, READ) == entered
    names = adapter.query(
        adapter.os.environ["SCM_EMPTY_DB"],
        "SELECT name FROM ir_module_module WHERE state = 'installed' AND name LIKE 'scm\\_%' ORDER BY name",
    )
    # what is new since then comes beside it
    names = [name for (name,) in names]
    assert adapter.warnings(adapter.change_addons(of_release, "-i", names)) == []
    assert kept_rows.changes(of_release) == []
    seen = adapter.shell(of_release, f"{INSIDE}\nresult = [show_all(env), trade(env), ours(env)]", seconds=1800)
    assert seen == [[], ["purchase", "full", "sale", "full"], names]


def test_uninstall_leaves_an_odoo_that_works(own):
    for name in ("scm_planning", "scm_base"):
        seen = adapter.shell(own, f"{INSIDE}\nresult = farewell(env, {name!r})", seconds=1800)
        assert name not in seen["ours"]
        assert seen["said"] == []
    assert seen == {"ours": [], "left": [], "traded": ["purchase", "full", "sale", "full"], "said": []}
    server = adapter.Server(own).start()
    try:
        assert server.xmlrpc("planner").call("sale.order", "search_count", domain=[]) > 0
    finally:
        server.stop()

"""What must not break a running server: being killed in the middle of a run, two runs at once, hostile files."""

import base64
import contextlib
import io
import zipfile

import adapter
import pytest
from adapter import Refused

# seconds; a machine may have other work beside this
PATIENCE = 300

ROWS = """SELECT f.product_id, f.warehouse_id, line.date, line.quantity, line.q05, line.q95
            FROM scm_forecast_line line JOIN scm_forecast f ON f.id = line.forecast_id
           WHERE f.run_id = %s ORDER BY 1, 2, 3"""
PLAN = """SELECT product_id, warehouse_id, min_proposed, max_proposed, qty_to_order, state
            FROM scm_policy_proposal ORDER BY 1, 2"""


@pytest.fixture
def own():
    """A copy of the demo company for one test, and its server with crons."""
    database = adapter.clone(adapter.os.environ["SCM_TEST_DB"])
    running = adapter.Server(database, crons=1).start()
    yield running
    running.stop()
    adapter.drop(database)


@contextlib.contextmanager
def locked(database, table):
    """Nobody writes this table meanwhile: a run that comes to it waits there."""
    with contextlib.closing(adapter.connect(database)) as connection:
        connection.autocommit = False
        connection.cursor().execute(f"LOCK TABLE {table} IN SHARE MODE")
        yield


def somebody_waits_for(database, table):
    return adapter.query(
        database, "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = %s::regclass LIMIT 1", [table]
    )


def run_of(database, run_id):
    [row] = adapter.query(
        database, "SELECT state, step, published, message FROM scm_forecast_run WHERE id = %s", [run_id]
    )
    return dict(zip(("state", "step", "published", "message"), row, strict=True))


def current_run(database):
    [(run_id,)] = adapter.query(database, "SELECT id FROM scm_forecast_run WHERE current AND freq = 'W'")
    return run_id


@pytest.mark.parametrize("table", ["scm_forecast_line", "scm_policy_proposal"])
def test_killed_in_the_middle_of_a_run(own, table):
    """kill -9 while the run writes: nothing of it is seen, and after the restart it ends with the very same figures."""
    before = current_run(own.database)
    forecasts, plan = adapter.query(own.database, ROWS, [before]), adapter.query(own.database, PLAN)
    planner = own.xmlrpc("planner")
    with locked(own.database, table):
        run_id = planner.call("scm.forecast.run", "run_now")
        adapter.wait_for(
            lambda: somebody_waits_for(own.database, table),
            PATIENCE,
            lambda: f"the run did not come to {table}: {run_of(own.database, run_id)}",
        )
        with pytest.raises(Refused) as refused:
            planner.call("scm.forecast.run", "run_now")
        assert refused.value.status == 422
        [run] = planner.call("scm.forecast.run", "read", [run_id], fields=["display_name"])
        assert run["display_name"] in refused.value.message
        own.kill()
    assert run_of(own.database, run_id)["state"] == "running"
    assert adapter.query(own.database, PLAN) == plan
    visible = adapter.query(own.database, "SELECT run_id FROM scm_forecast WHERE published GROUP BY 1")
    if table == "scm_forecast_line":
        assert visible == [(before,)], "half a result is visible"
        assert current_run(own.database) == before
    own.start()

    def ended():
        own.wake_crons()
        return run_of(own.database, run_id)["state"] not in ("queued", "running")

    adapter.wait_for(
        ended,
        PATIENCE,
        lambda: f"the run did not go on: {run_of(own.database, run_id)}",
    )
    assert run_of(own.database, run_id)["state"] == "done", run_of(own.database, run_id)
    assert current_run(own.database) == run_id
    assert adapter.query(own.database, ROWS, [run_id]) == forecasts
    assert adapter.query(own.database, PLAN) == plan


def test_a_new_run_after_one_was_cancelled(own):
    planner = own.xmlrpc("planner")
    before = current_run(own.database)
    with locked(own.database, "scm_forecast_line"):
        run_id = planner.call("scm.forecast.run", "run_now")
        adapter.wait_for(
            lambda: somebody_waits_for(own.database, "scm_forecast_line"), PATIENCE, "the run did not start"
        )
        planner.call("scm.forecast.run", "action_cancel", [run_id])
    adapter.wait_for(lambda: not somebody_waits_for(own.database, "scm_forecast_line"), PATIENCE, "the lock stays")
    second = planner.call("scm.forecast.run", "run_now", wait=True)
    assert run_of(own.database, run_id)["state"] == "cancelled"
    assert run_of(own.database, second)["state"] == "done"
    assert current_run(own.database) == second != before


def bad_files():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 300_000_000)
    return {
        "empty.csv": b"",
        "damaged.xlsx": b"PK\x03\x04 this is no archive",
        "bomb.xlsx": bomb.getvalue(),
        "picture.csv": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
        "locked.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 504
        + "EncryptedPackage".encode("utf-16-le")
        + b"\0" * 4096,
    }


def test_hostile_files_are_refused_with_a_message(server):
    planner = server.xmlrpc("planner")
    rows = adapter.query(server.database, "SELECT count(*), sum(quantity) FROM scm_demand_day")
    for name, content in bad_files().items():
        with pytest.raises(Refused) as refused:
            import_id = planner.call(
                "scm.import",
                "create",
                vals_list=[{"importer": "demand", "filename": name, "file": base64.b64encode(content).decode()}],
            )
            planner.call("scm.import", "action_preview", import_id)
        assert refused.value.status == 422, f"{name}: {refused.value}"
        assert "Traceback" not in refused.value.message, name
    assert adapter.query(server.database, "SELECT count(*), sum(quantity) FROM scm_demand_day") == rows

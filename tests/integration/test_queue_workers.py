"""A run spread over two worker processes by queue_job, one of them killed: the figures of the undisturbed run."""

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

import adapter
import pytest

QUEUE_DB = os.environ.get("SCM_QUEUE_DB")
pytestmark = pytest.mark.skipif(not QUEUE_DB, reason="Set SCM_QUEUE_DB, or call make test, which does")

COMPANY = """
import numpy as np
from datetime import date, timedelta
draw = np.random.default_rng(3)
warehouse = env['stock.warehouse'].search([], limit=1)
env['ir.config_parameter'].set_param('scm_planning.slice_size', '40')
products = env['product.product'].create([
    {'name': f'Item {n:03d}', 'is_storable': True, 'list_price': 9, 'standard_price': 5} for n in range(200)])
monday = date.today() - timedelta(days=date.today().weekday())
env['scm.demand.day'].create([
    {'company_id': warehouse.company_id.id, 'warehouse_id': warehouse.id, 'product_id': product.id, 'origin': 'import',
     'date': monday - timedelta(weeks=week), 'quantity': quantity, 'line_count': 1}
    for product in products for week, quantity in enumerate(draw.poisson(draw.uniform(2, 12), 60).tolist(), 1)
    if quantity])
"""
RUN = "env['scm.forecast.run'].browse(env['scm.forecast.run'].run_now({wait}))"
FIGURES = {
    "forecasts": """
        SELECT p.default_code, f.product_id, f.pattern, f.method, f.mean_week, f.mae, f.wape, f.published,
               (SELECT array_agg((l.date, l.quantity, l.q05, l.q50, l.q80, l.q95) ORDER BY l.date)::text
                  FROM scm_forecast_line l WHERE l.forecast_id = f.id)
          FROM scm_forecast f JOIN product_product p ON p.id = f.product_id ORDER BY f.product_id""",
    "proposals": """
        SELECT product_id, warehouse_id, state, min_proposed, max_proposed, safety_stock, qty_to_order
          FROM scm_policy_proposal ORDER BY product_id, warehouse_id""",
    "run": "SELECT kind, state, item_count, done_count, total_count, current, wape, bias FROM scm_forecast_run",
    "leftover slices": "SELECT id FROM scm_run_slice",
}
WAITING = """
    SELECT a.pid FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid
     WHERE a.datname = current_database() AND NOT l.granted AND l.relation = 'scm_forecast_line'::regclass"""
AT_WORK = "SELECT worker_pid FROM queue_job WHERE state = 'started' AND method_name = '_job_slice' ORDER BY id"


def free_ports(count):
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _number in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


@contextlib.contextmanager
def workers(database):
    """Odoo with two worker processes and queue_job's own runner."""
    port, other = free_ports(2)
    log = Path(tempfile.mkstemp(prefix=f"scm-{database}-", suffix=".log")[1])
    odoo = os.environ["SCM_ODOO_CMD"].split()
    if odoo[1:] == ["-m", "odoo"]:
        odoo[1:] = [str(Path(__file__).with_name("odoo_bin.py"))]
    command = [
        *odoo, "-c", os.environ["SCM_ODOO_CONFIG"], "-d", database, "--workers=2",
        "--load=base,web,queue_job", "--http-interface=127.0.0.1", f"--http-port={port}", f"--gevent-port={other}",
        "--max-cron-threads=0", "--db-filter", f"^{database}$",
    ]  # fmt: skip
    settings = {"ODOO_QUEUE_JOB_CHANNELS": "root:2", "ODOO_QUEUE_JOB_PORT": str(port)}
    with open(log, "a") as out:
        server = subprocess.Popen(
            command,
            cwd=adapter.ROOT,
            env={**os.environ, **settings},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield lambda: log.read_text()[-3000:]
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()
        log.unlink()


@pytest.fixture(scope="module")
def company():
    """A database with queue_job and 200 products to forecast in five slices."""
    database = adapter.clone(QUEUE_DB)
    adapter.shell(database, COMPANY)
    yield database
    adapter.drop(database)


@pytest.fixture
def copy(company):
    database = adapter.clone(company)
    yield database
    adapter.drop(database)


def figures(database):
    return {name: adapter.query(database, statement) for name, statement in FIGURES.items()}


def wake_runner(database):
    """Let the runner look for dead jobs now, not within its next minute."""
    adapter.query(database, "SELECT pg_notify('queue_job', uuid) FROM queue_job WHERE state = 'started'")


def run_is(database, *states):
    wake_runner(database)
    return adapter.query(database, "SELECT 1 FROM scm_forecast_run WHERE state IN %s", [states])


def test_killed_worker_changes_nothing(company, copy):
    with workers(copy) as log:
        with contextlib.closing(adapter.psycopg2.connect(dbname=copy)) as brake, brake.cursor() as cursor:
            # the slices come to a halt where they write, so that the kill hits one in its middle
            cursor.execute("LOCK TABLE scm_forecast_line IN SHARE MODE")
            adapter.shell(copy, RUN.format(wait=""))
            adapter.wait_for(lambda: len(adapter.query(copy, WAITING)) == 2, 300, log)
            (victim,), (survivor,) = adapter.query(copy, AT_WORK)
            os.kill(victim, signal.SIGKILL)
            assert adapter.query(copy, "SELECT count(*) FROM scm_run_slice WHERE state = 'open'") == [(5,)]
        adapter.wait_for(lambda: run_is(copy, "done", "failed", "cancelled"), 300, log)
        log_text = log()
    adapter.shell(company, RUN.format(wait="wait=True"))
    disturbed, whole = figures(copy), figures(company)
    assert whole["run"][0][1] == "done" and len(whole["forecasts"]) == 200
    for name, rows in whole.items():
        assert disturbed[name] == rows, (name, log_text)
    pids = {pid for (pid,) in adapter.query(copy, "SELECT worker_pid FROM queue_job WHERE method_name = '_job_slice'")}
    assert survivor in pids and victim not in pids, "the slice of the killed worker was done by another"
    (most,) = adapter.query(copy, "SELECT max(retry) FROM queue_job WHERE method_name = '_job_slice'")[0]
    assert most >= 2, "the job of the killed worker was queued again"

"""A count by interface with the least rights: two phones, the same entry from two connections, a manager's word."""

import threading
import uuid

import pytest
from adapter import Refused, shell

TASK = "scm.count.task"
MADE = """
from odoo import Command
for login, group in (("count_one", "stock.group_stock_user"), ("count_two", "stock.group_stock_user"),
                     ("count_chief", "stock.group_stock_manager")):
    if not env["res.users"].search([("login", "=", login)]):
        env["res.users"].create({"login": login, "password": login, "name": login,
            "group_ids": [Command.set([env.ref("base.group_user").id, env.ref(group).id])]})
warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
warehouse.write({"scm_count_is_automatic": False, "scm_count_is_recounted": True})
product = env["product.product"].create({"name": "Counted lamp", "is_storable": True, "standard_price": 10.0})
places = env["stock.location"].create([{"name": name, "location_id": warehouse.lot_stock_id.id, "usage": "internal"}
                                       for name in ("RPC-1", "RPC-2")])
for place in places:
    env["stock.quant"]._update_available_quantity(product, place, 40.0)
tasks = env["scm.count.task"].create([{"location_id": place.id} for place in places])
env.cr.commit()
result = {"product": product.id, "places": places.ids, "tasks": tasks.ids}
"""


@pytest.fixture(scope="module")
def counts(demo_db):
    """Two places with forty lamps each, to be counted today."""
    return shell(demo_db, MADE)


def key():
    return str(uuid.uuid4())


def entry(counts, task, quantity):
    moment = "2000-01-01 00:00:00"  # taken as the moment at which the count was claimed
    return {"uuid": key(), "task_id": task, "product_id": counts["product"], "quantity": quantity, "moment": moment}


def together(*works):
    """Run them at once; answers and refusals in their order."""
    start, answers = threading.Barrier(len(works)), [None] * len(works)

    def run(number, work):
        start.wait()
        try:
            answers[number] = work()
        except Refused as refused:
            answers[number] = refused

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_the_same_entry_from_two_connections_counts_once(server, counts):
    task, _other = counts["tasks"]
    one = server.xmlrpc("count_one")
    one.call(TASK, "claim", task_id=task)
    # the first answer is lost, the phone sends again while the server is still at work
    entries = [entry(counts, task, 40.0)]
    answers = together(*[lambda: server.xmlrpc("count_one").call(TASK, "record_count", entries=entries)] * 3)
    assert sorted(answer["kept"] for answer in answers) == [0, 0, 1], answers
    payload = {"uuid": key(), "task_id": task, "moment": entries[0]["moment"], "entries": entries}
    ends = together(*[lambda: server.xmlrpc("count_one").call(TASK, "finish", payload=payload)] * 2)
    assert [end["state"] for end in ends] == ["done", "done"], ends
    kept = one.call("scm.count.entry", "search_read", domain=[["task_id", "=", task]], fields=["kind", "quantity"])
    assert sorted(row["kind"] for row in kept) == ["count", "finish"]


def test_two_counters_and_the_word_of_the_manager(server, counts):
    _one, task = counts["tasks"]
    place = counts["places"][1]
    first, second, chief = (server.xmlrpc(f"count_{name}") for name in ("one", "two", "chief"))
    claims = together(*[lambda who=who: who.call(TASK, "claim", task_id=task) for who in (first, second)])
    refused = [claim for claim in claims if isinstance(claim, Refused)]
    assert len(refused) == 1 and "is being counted by" in str(refused[0])
    winner, loser = (first, second) if isinstance(claims[1], Refused) else (second, first)
    with pytest.raises(Refused, match="is being counted by"):
        loser.call(TASK, "record_count", entries=[entry(counts, task, 30.0)])
    payload = {"uuid": key(), "task_id": task, "moment": "", "entries": [entry(counts, task, 30.0)]}
    assert winner.call(TASK, "finish", payload=payload)["state"] == "recount"
    # who counted it first is not asked again
    with pytest.raises(Refused, match="another person"):
        winner.call(TASK, "claim", task_id=task)
    assert loser.call(TASK, "find_place", code="RPC-2")["task"]["is_recount"]
    payload = {"uuid": key(), "task_id": task, "moment": "", "entries": [entry(counts, task, 30.0)]}
    assert loser.call(TASK, "finish", payload=payload)["state"] == "approval"
    with pytest.raises(Refused) as forbidden:
        loser.call(TASK, "approve", task_ids=[task], cause="pick")
    assert forbidden.value.status == 403
    assert chief.call(TASK, "approve", task_ids=[task], cause="pick") == {"done": 1}
    stock = chief.call("stock.quant", "search_read", domain=[["location_id", "=", place]], fields=["quantity"])
    assert [row["quantity"] for row in stock] == [30.0]

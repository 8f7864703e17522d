"""Providers and their messages by interface, with the least rights; the webhook over the network."""

import json
import sys
import time

import adapter
import pytest
from adapter import Refused

sys.path.insert(0, str(adapter.ROOT / "benchmarks"))

import webhook


def test_a_message_is_tried_and_then_sent(login, server, demo_db):
    planner, viewer = login("planner"), login("viewer")
    provider = planner.call("scm.tracking.provider", "create", vals_list=[{"name": "By interface"}])[0]
    [read] = planner.call("scm.tracking.provider", "read", [provider], fields=["webhook_url", "has_secret"])
    assert "/scm/tracking/" in read["webhook_url"] and read["has_secret"] is False
    body = json.dumps([{"tracking_ref": f"RPC-{time.time_ns()}", "time": int(time.time()), "code": "delivered"}])
    tried = planner.call("scm.tracking.provider", "try_message", provider_id=provider, message=body)
    assert (tried["count"], tried["known"], tried["events"][0]["status"]) == (1, 0, "delivered")
    path = f"/scm/tracking/{read['webhook_url'].rpartition('/')[2]}"
    _seconds, statuses, _answers = webhook.send_all(server.url, path, [body.encode()], 1)
    assert statuses == {401: 1}, "without a secret nothing is accepted"
    adapter.query(demo_db, "UPDATE scm_tracking_provider SET secret = %s WHERE id = %s", [webhook.SECRET, provider])
    _seconds, statuses, [answer] = webhook.send_all(server.url, path, [body.encode()], 1)
    assert (statuses, answer["unknown_parcels"]) == ({200: 1}, 1)
    domain = [["provider_id", "=", provider]]
    rows = viewer.call("scm.tracking.request", "search_read", domain=domain, fields=["outcome", "orphan_count"])
    assert [(row["outcome"], row["orphan_count"]) for row in rows] == [("ok", 1), ("signature", 0)]


def test_who_may_what(login):
    planner, viewer = login("planner"), login("viewer")
    with pytest.raises(Refused):
        viewer.call("scm.tracking.provider", "create", vals_list=[{"name": "X"}])
    with pytest.raises(Refused):
        planner.call("scm.tracking.provider", "search_read", domain=[], fields=["secret"])
    with pytest.raises(Refused):
        viewer.call("scm.tracking.provider", "search_read", domain=[], fields=["url_token"])
    with pytest.raises(Refused, match="manager"):
        viewer.call("scm.tracking.poll", "run_now")
    with pytest.raises(Refused):
        login("outsider").call("scm.tracking.request", "search_read", domain=[], fields=["outcome"])


def test_a_round_with_nobody_to_ask_ends(login):
    planner = login("planner")
    run = planner.call("scm.tracking.poll", "run_now", wait=True)
    [read] = planner.call("scm.tracking.poll", "read", [run], fields=["state", "done_count"])
    assert read["state"] == "done"

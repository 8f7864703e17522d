"""Usual nights over XML-RPC: what a manager may ask for, and nobody else."""

import adapter
import pytest


def test_refresh_of_what_changed(server):
    planner = server.xmlrpc("planner")
    [company_id] = planner.call("res.users", "read", [planner.user_id], fields=["company_id"])[0]["company_id"][:1]
    run_id = planner.call(
        "scm.forecast.run", "run_now", company_id=company_id, kind="refresh", wait=True, whole=False
    )
    [run] = planner.call("scm.forecast.run", "read", [run_id], fields=["state", "whole", "progress", "error_count"])
    assert (run["state"], run["whole"], run["progress"], run["error_count"]) == ("done", False, 100.0, 0)


def test_viewer_starts_nothing(server):
    with pytest.raises(adapter.Refused, match="manager"):
        server.xmlrpc("viewer").call("scm.forecast.run", "run_now", kind="refresh", whole=False)


def test_slices_are_closed(server):
    with pytest.raises(adapter.Refused):
        server.xmlrpc("planner").call("scm.run.slice", "search_read", domain=[], fields=["part"])

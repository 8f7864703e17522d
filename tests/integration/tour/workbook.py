"""The workbook of the control tower, fetched as a browser does."""

from __future__ import annotations

import http.cookiejar
import io
import json
import urllib.request

import openpyxl


def read(server, login: str, day: str) -> dict:
    """``{figure: value}`` of its first sheet; False for an empty cell."""
    jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    browser = urllib.request.build_opener(jar)
    params = {"db": server.database, "login": login, "password": login}
    body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode()
    request = urllib.request.Request(
        f"{server.url}/web/session/authenticate", body, {"Content-Type": "application/json"}
    )
    assert json.load(browser.open(request))["result"]["uid"]
    content = browser.open(f"{server.url}/scm_analytics/control_tower.xlsx?date={day}").read()
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    rows = sheet.iter_rows(min_row=2, max_col=3, values_only=True)
    return {name: False if value is None else value for _area, name, value in rows}

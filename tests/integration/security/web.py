"""A browser's worth of HTTP for the tests of routes: sessions, forms, and answers without what differs by chance."""

import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request

CSRF = re.compile(r'name="csrf_token" value="([^"]+)"|csrf_token: "([^"]+)"')
BY_CHANCE = re.compile(r"csrf_token[^>\n]{0,200}|[0-9a-f]{32,}|\d+")


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.body = status, body
        self.location = re.sub(r"^https?://[^/]+", "", headers.get("Location") or "")

    @property
    def likeness(self):
        """What tells one kind of answer from another: status, where to, and the text without numbers and tokens."""
        return self.status, BY_CHANCE.sub("#", self.location), BY_CHANCE.sub("#", self.body)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_given):
        return None


class Session:
    """One visitor; with a login, one who is logged in."""

    def __init__(self, url, login=None):
        self.url, self.login = url, login
        self.opener = urllib.request.build_opener(
            _Stay, urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )
        self.csrf = self._token("/web/login")
        if login:
            done = self.post("/web/login", {"login": login, "password": login})
            assert done.status == 303, f"{login} cannot log in: {done.status}"
            self.csrf = self._token("/my", "/my/home", "/odoo")

    def _token(self, *pages):
        found = next(filter(None, (CSRF.search(self.get(page).body) for page in pages)))
        return next(filter(None, found.groups()))

    def get(self, path):
        return self._open(urllib.request.Request(self.url + path))

    def post(self, path, fields=(), csrf=True):
        fields = dict(fields) | ({"csrf_token": self.csrf} if csrf else {})
        return self._open(urllib.request.Request(self.url + path, urllib.parse.urlencode(fields).encode()))

    def raw(self, path, body, kind="application/octet-stream"):
        return self._open(urllib.request.Request(self.url + path, body, {"Content-Type": kind}))

    def rpc(self, path, **params):
        return self.raw(path, json.dumps({"jsonrpc": "2.0", "params": params}).encode(), "application/json")

    def _open(self, request):
        try:
            with self.opener.open(request, timeout=120) as answer:
                return Answer(answer.status, answer.headers, answer.read().decode("utf-8", "replace"))
        except urllib.error.HTTPError as refused:
            return Answer(refused.code, refused.headers, refused.read().decode("utf-8", "replace"))
        except (ConnectionError, urllib.error.URLError) as cut:
            # the server need not read a body to its end that it will not take
            return Answer(413, {}, str(cut))

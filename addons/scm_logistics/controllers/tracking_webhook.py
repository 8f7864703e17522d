"""Where carriers and their services tell us about parcels."""

import json
import logging
import time

from odoo import SUPERUSER_ID, http
from odoo.http import Response, request
from psycopg2 import OperationalError

from ..kernel.pacing import Gate

_logger = logging.getLogger(__name__)

#: a message of 5,000 events with long texts is below
MAX_BYTES = 2 * 1024 * 1024
#: wrong addresses that one IP address may try per minute, per worker process
UNKNOWN_PER_MINUTE = 30
_gate = Gate()


class TrackingWebhook(http.Controller):
    """Answers programs, so in short codes and no language; a person reads the list of messages in Odoo."""

    @http.route(
        "/scm/tracking/<string:token>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,  # the caller is a program without a session; its signature is checked instead
        save_session=False,
        readonly=False,
        max_content_length=MAX_BYTES,
    )
    def receive(self, token, **form):
        """One message: 200 when it was read (also when all of it was known), else 400, 401, 413 or 429."""
        provider = self._provider(token)
        if not provider:
            free = _gate.passes(("unknown", request.httprequest.remote_addr), UNKNOWN_PER_MINUTE, time.monotonic())
            return self._json(401 if free else 429, {"error": "signature" if free else "rate"})
        if not _gate.passes((request.db, provider.id), provider.calls_per_minute, time.monotonic()):
            return self._json(*provider._refuse("rate"), {"Retry-After": "60"})
        try:
            status, answer = self._receive(provider, form)
        except OperationalError:
            raise  # two messages about one parcel in the same moment: Odoo calls us again
        except Exception:
            _logger.exception("A message of %s (%s) could not be taken", provider.name, provider.id)
            status, answer = 500, {"error": "failed"}
        return self._json(status, answer)

    def _provider(self, token):
        # the public user has no rights: whoever knows this address and signs his message acts as the system
        providers = request.env["scm.tracking.provider"].with_user(SUPERUSER_ID)
        return providers.search([("url_token", "=", token)], limit=1)

    def _receive(self, provider, form):
        http_request = request.httprequest
        if not http_request.content_length:
            return provider._refuse("malformed", "no_body")
        if http_request.content_length > MAX_BYTES:
            return provider._refuse("large")
        is_form = http_request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data")
        if is_form and provider.kind != "kuaidi100":
            return provider._refuse("malformed", "content_type")
        texts = {name: form[name] if isinstance(form.get(name), str) else "" for name in ("param", "sign")}
        body = b"" if is_form else http_request.get_data(cache=False)
        headers = http_request.headers
        return provider._receive(body, texts["param"], texts["sign"], headers, time.time(), ready=self._one_at_a_time)

    def _one_at_a_time(self):
        """Wait until other messages are stored, and see what they stored.

        Messages about one parcel in the same moment would stop each other again and again: each sees the parcel as it
        was when its transaction began. LOCK TABLE is the one statement that waits without fixing what is seen, so it
        has to be the first of a transaction; nothing was written in the one that ends here. Reading is not locked.
        """
        request.env.cr.rollback()
        request.env.cr.execute("LOCK TABLE scm_tracking_provider IN SHARE UPDATE EXCLUSIVE MODE")

    def _json(self, status, answer, headers=None):
        headers = {"Cache-Control": "no-store", **(headers or {})}
        return Response(json.dumps(answer), status=status, headers=headers, content_type="application/json")

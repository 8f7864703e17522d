"""The customer's page: where a parcel is, without an account."""

import time

from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request
from odoo.tools import consteq, email_normalize

from ..kernel.pacing import Gate

#: look-ups and reports that one address may make per minute, and guesses about one order; per worker process
LOOKUPS_PER_MINUTE, GUESSES_PER_MINUTE, REPORTS_PER_MINUTE = 12, 5, 4
MAX_TEXT = 2000
_gate = Gate()


class TrackingPage(http.Controller):
    """Each parcel is shown to whoever has its link, or knows order number and e-mail. All changes are POSTs."""

    @http.route("/track", type="http", auth="public", methods=["GET"], website=True, sitemap=False)
    def track(self, **_kw):
        """The form."""
        return self._render_form()

    @http.route("/track", type="http", auth="public", methods=["POST"], website=True)
    def track_find(self, order="", email="", **_kw):
        """Find an order. One answer for "no such order", "wrong e-mail" and "not confirmed"."""
        order, email = order.strip()[:64], email.strip()[:254]
        now = time.monotonic()
        free = _gate.passes(("ip", request.httprequest.remote_addr), LOOKUPS_PER_MINUTE, now)
        if not free or not _gate.passes(("order", order.lower()), GUESSES_PER_MINUTE, now):
            return self._render_form(order, email, error="rate", status=429)
        found = self._find_order(order, email)
        if not found:
            return self._render_form(order, email, error="unknown", status=200)
        return request.redirect(found._scm_track_url(), local=True)

    def _find_order(self, name, email):
        """The order of that name whose customer has that e-mail.

        One query for both, so that an order that exists takes as long as one that does not.
        """
        given = email_normalize(email) or "-"
        people = ("partner_id", "partner_shipping_id", "partner_invoice_id")
        # sudo: public look-up; an order is given back only when its customer's e-mail was named
        return (
            request.env["sale.order"]
            .sudo()
            .search(
                Domain("name", "=ilike", _literal(name))
                & Domain("state", "=", "sale")
                & Domain.OR([(f"{who}.email_normalized", "=", given)] for who in people),
                limit=1,
            )
        )

    @http.route(
        "/track/order/<int:order_id>/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def track_order(self, order_id, token, **kw):
        """All parcels of an order, and what is still with us."""
        order = self._order(order_id, token)
        if not order:
            return self._render_form(error="unknown", status=404)
        return request.render(
            "scm_logistics.track_order",
            {
                **self._frame(kw),
                "order": order,
                "view": order._scm_public_view(),
                "base": f"/track/order/{order.id}/{token}",
                "parcel": False,
            },
        )

    @http.route(
        "/track/<int:parcel_id>/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def track_parcel(self, parcel_id, token, **kw):
        """One parcel."""
        parcel = self._parcel(parcel_id, token)
        if not parcel:
            return self._render_form(error="unknown", status=404)
        return request.render(
            "scm_logistics.track_parcel",
            {
                **self._frame(kw),
                "view": parcel._public_view(),
                "base": f"/track/{parcel.id}/{token}",
                "parcel": parcel,
            },
        )

    @http.route(
        "/track/<int:parcel_id>/<string:token>/problem", type="http", auth="public", methods=["POST"], website=True
    )
    def track_problem(self, parcel_id, token, kind="", text="", **_kw):
        """Report what is wrong."""
        parcel = self._parcel(parcel_id, token)
        if not parcel:
            return self._render_form(error="unknown", status=404)
        back = f"/track/{parcel.id}/{token}"
        if not _gate.passes(("report", parcel.id), REPORTS_PER_MINUTE, time.monotonic()):
            return request.redirect(f"{back}?said=rate", local=True)
        if kind not in dict(parcel.env["scm.delivery.request"]._problems()):
            return request.redirect(f"{back}?said=unclear", local=True)
        parcel._report_problem(kind, text.strip()[:MAX_TEXT])
        return request.redirect(f"{back}?said=thanks", local=True)

    @http.route(
        "/track/<int:parcel_id>/<string:token>/request", type="http", auth="public", methods=["POST"], website=True
    )
    def track_request(self, parcel_id, token, kind="", **values):
        """Ask for a safe place or another address, when the parcel has left us: a person asks the carrier."""
        parcel = self._parcel(parcel_id, token)
        if not parcel:
            return self._render_form(error="unknown", status=404)
        return self._ask(f"/track/{parcel.id}/{token}", kind, values, parcel=parcel)

    @http.route(
        "/track/order/<int:order_id>/<string:token>/request", type="http", auth="public", methods=["POST"], website=True
    )
    def track_order_request(self, order_id, token, kind="", picking_id="", **values):
        """The same before it leaves us: done at once."""
        order = self._order(order_id, token)
        if not order:
            return self._render_form(error="unknown", status=404)
        picking = order._scm_open_deliveries().filtered(lambda one: str(one.id) == picking_id)
        if not picking:
            return request.redirect(f"/track/order/{order.id}/{token}?said=unclear", local=True)
        return self._ask(f"/track/order/{order.id}/{token}", kind, values, picking=picking)

    def _ask(self, back, kind, values, parcel=None, picking=None):
        source = parcel or picking
        if kind not in ("safe_drop", "address") or not _gate.passes(
            ("ask", source._name, source.id), REPORTS_PER_MINUTE, time.monotonic()
        ):
            return request.redirect(f"{back}?said=unclear", local=True)
        try:
            asked = source.env["scm.delivery.request"]._ask(kind, values, parcel=parcel, picking=picking)
        except UserError:
            return request.redirect(f"{back}?said=unclear", local=True)
        return request.redirect(f"{back}?said={'applied' if asked.state == 'applied' else 'asked'}", local=True)

    def _parcel(self, parcel_id, token):
        # sudo: given on only when the token is the parcel's, compared in constant time
        parcel = request.env["scm.parcel"].sudo().browse(parcel_id).exists()
        return parcel.with_company(parcel.company_id) if parcel._is_token(token) else False

    def _order(self, order_id, token):
        # sudo: given on only when the token is the order's, compared in constant time
        order = request.env["sale.order"].sudo().browse(order_id).exists()
        known = order._scm_track_token() if order else "0" * 64
        return order.with_company(order.company_id) if consteq(known, token) and order else False

    def _frame(self, kw):
        return {"said": kw.get("said") if kw.get("said") in ("thanks", "applied", "asked", "unclear", "rate") else ""}

    def _render_form(self, order="", email="", error="", status=200):
        response = request.render("scm_logistics.track_form", {"order": order, "email": email, "error": error})
        response.status_code = status
        response.headers["Cache-Control"] = "no-store"
        return response


def _literal(text):
    """Text for =ilike in which nothing is a wildcard."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")

"""The driver's page: next stop, way, delivered or not."""

import base64
import binascii

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

MAX_PHOTO = 12 * 1024 * 1024
MAX_SIGNATURE = 400_000
PNG, JPEG, WEBP = b"\x89PNG", b"\xff\xd8\xff", b"RIFF"


class DriverPages(http.Controller):
    """A driver, employee or portal user, sees the routes that name him, and no other."""

    @http.route("/my/routes", type="http", auth="user", methods=["GET"], website=True, sitemap=False)
    def routes(self, **_kw):
        """Today's and open routes."""
        # sudo: the domain holds the user's own routes only
        routes = (
            request.env["scm.route"]
            .sudo()
            .search([*self._own(), ("state", "in", ("planned", "running"))], order="date, id")
        )
        return request.render("scm_logistics.driver_routes", {"routes": routes, "page_name": "scm_routes"})

    @http.route("/my/routes/<int:route_id>", type="http", auth="user", methods=["GET"], website=True, sitemap=False)
    def route(self, route_id, said="", **_kw):
        """One route: the next stop first."""
        route = self._route(route_id)
        if not route:
            return request.redirect("/my/routes")
        stops = route.stop_ids
        todo = stops.filtered(lambda stop: stop.state == "todo")
        return request.render(
            "scm_logistics.driver_route",
            {
                "route": route,
                "next": todo[:1],
                "todo": todo[1:],
                "done": stops - todo,
                "reasons": stops._fields["reason"]._description_selection(request.env),
                "said": said if said in ("delivered", "failed", "unclear", "started") else "",
                "zone": route.warehouse_id.partner_id.tz or route.company_id.partner_id.tz or "UTC",
                "page_name": "scm_routes",
            },
        )

    @http.route("/my/routes/<int:route_id>/start", type="http", auth="user", methods=["POST"], website=True)
    def start(self, route_id, **_kw):
        """The vehicle leaves."""
        route = self._route(route_id)
        if not route:
            return request.redirect("/my/routes")
        try:
            route._start()
        except UserError:
            return request.redirect(f"/my/routes/{route.id}?said=unclear")
        return request.redirect(f"/my/routes/{route.id}?said=started")

    @http.route(
        "/my/routes/<int:route_id>/stops/<int:stop_id>", type="http", auth="user", methods=["POST"], website=True
    )
    def finish(self, route_id, stop_id, state="", reason="", note="", signed_by="", signature="", photo=None, **_kw):
        """Delivered, or why not. A stop that is done stays as it is."""
        route = self._route(route_id)
        stop = route.stop_ids.filtered(lambda one: one.id == stop_id) if route else False
        if not stop:
            return request.redirect("/my/routes")
        try:
            if state not in ("delivered", "failed"):
                raise UserError(request.env._("Unknown answer."))
            stop._finish(state, reason, note, signed_by, _photo(photo), _signature(signature))
        except UserError:
            return request.redirect(f"/my/routes/{route.id}?said=unclear")
        return request.redirect(f"/my/routes/{route.id}?said={state}")

    def _own(self):
        return [("driver_id", "=", request.env.uid)]

    def _route(self, route_id):
        # sudo: the domain holds the user's own routes only
        route = request.env["scm.route"].sudo().search([*self._own(), ("id", "=", route_id)], limit=1)
        return route.with_company(route.company_id)


def _photo(upload):
    """Base64 of an uploaded picture; nothing that only says that it is one."""
    content = upload.read(MAX_PHOTO + 1) if upload and hasattr(upload, "read") else b""
    if not content:
        return False
    if len(content) > MAX_PHOTO or not content.startswith((PNG, JPEG, WEBP)):
        raise UserError(request.env._("The photo has to be a picture of at most 12 MB."))
    return base64.b64encode(content)


def _signature(text):
    """Base64 of a drawn signature (a PNG as a data URL)."""
    head, _comma, data = (text or "").partition("base64,")
    if not data:
        return False
    try:
        content = base64.b64decode(data, validate=True)
    except binascii.Error:
        content = b""
    if len(text) > MAX_SIGNATURE or not head.startswith("data:image/png") or not content.startswith(PNG):
        raise UserError(request.env._("The signature could not be read."))
    return data.encode()

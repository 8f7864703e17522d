from odoo.http import request, route
from odoo.tools import consteq

from odoo.addons.scm_base.tools.photos import MAX_REQUEST_BYTES

from .return_ask import ReturnAsk

ORDER_URL = "/track/order/<int:order_id>/<string:token>/return"
PARCEL_URL = "/track/<int:parcel_id>/<string:token>/return"


class ReturnFromTracking(ReturnAsk):
    """Ask for a return without a login: the link of an order or of a parcel is the key, to its own orders only."""

    @route(ORDER_URL, type="http", auth="public", methods=["GET"], website=True, sitemap=False)
    def scm_track_return(self, order_id, token, **_kw):
        """The form of an order."""
        return self._return_ask_form(self._return_place_order(order_id, token))

    @route(f"{ORDER_URL}/check", type="http", auth="public", methods=["POST"], website=True)
    def scm_track_return_check(self, order_id, token, **post):
        """What comes of it."""
        return self._return_ask_check(self._return_place_order(order_id, token), post)

    @route(
        f"{ORDER_URL}/send",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST_BYTES,
    )
    def scm_track_return_send(self, order_id, token, **post):
        """Ask for it."""
        return self._return_ask_send(self._return_place_order(order_id, token), post)

    @route(f"{ORDER_URL}/explain", type="jsonrpc", auth="public", methods=["POST"], website=True)
    def scm_track_return_explain(self, order_id, token, values=None, **_kw):
        """What would come of the items that are ticked."""
        return self._return_ask_explain(self._return_place_order(order_id, token), values)

    @route(PARCEL_URL, type="http", auth="public", methods=["GET"], website=True, sitemap=False)
    def scm_parcel_return(self, parcel_id, token, order=None, **_kw):
        """The form of a parcel's order; which one is asked where there are several."""
        place = self._return_place_parcel(parcel_id, token, order)
        if place and not place["order"]:
            return self._return_page("return_orders", place=place)
        return self._return_ask_form(place)

    @route(f"{PARCEL_URL}/check", type="http", auth="public", methods=["POST"], website=True)
    def scm_parcel_return_check(self, parcel_id, token, order=None, **post):
        """What comes of it."""
        return self._return_ask_check(self._return_place_parcel(parcel_id, token, order, single=True), post)

    @route(
        f"{PARCEL_URL}/send",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST_BYTES,
    )
    def scm_parcel_return_send(self, parcel_id, token, order=None, **post):
        """Ask for it."""
        return self._return_ask_send(self._return_place_parcel(parcel_id, token, order, single=True), post)

    @route(f"{PARCEL_URL}/explain", type="jsonrpc", auth="public", methods=["POST"], website=True)
    def scm_parcel_return_explain(self, parcel_id, token, order=None, values=None, **_kw):
        """What would come of the items that are ticked."""
        return self._return_ask_explain(self._return_place_parcel(parcel_id, token, order, single=True), values)

    def _return_place_order(self, order_id, token):
        # sudo: given on only when the token is the order's, compared in constant time
        order = request.env["sale.order"].sudo().browse(order_id).exists()
        fits = self._return_may_try() and consteq(order._scm_track_token() if order else "0" * 64, token)
        if not order or not fits or order.state != "sale":
            return None
        order = order.with_company(order.company_id)
        return {
            "order": order,
            "base": f"/track/order/{order.id}/{token}/return",
            "hidden": {},
            "back": f"/track/order/{order.id}/{token}",
            "channel": "tracking",
        }

    def _return_place_parcel(self, parcel_id, token, order=None, single=False):
        """The place of one of the parcel's orders; with no order in it where the visitor has to choose."""
        # sudo: given on only when the token is the parcel's, compared in constant time
        parcel = request.env["scm.parcel"].sudo().browse(parcel_id).exists()
        if not self._return_may_try() or not parcel._is_token(token) or parcel.direction != "out":
            return None
        parcel = parcel.with_company(parcel.company_id)
        orders = parcel.sale_ids.filtered(lambda one: one.state == "sale" and one.company_id == parcel.company_id)
        chosen = orders if len(orders) == 1 and not order else orders.filtered(lambda one: str(one.id) == str(order))
        if not orders or (order and not chosen) or (single and not chosen):
            return None
        return {
            "order": chosen,
            "orders": orders,
            "base": f"/track/{parcel.id}/{token}/return",
            "hidden": {"order": chosen.id} if chosen else {},
            "back": f"/track/{parcel.id}/{token}",
            "channel": "tracking",
        }

from odoo import api, models
from odoo.exceptions import UserError

from .scm_return import OUTCOMES, STATES

MAX_LINES = 200
MAX_TEXT = 5_000
MAX_UNITS = 1e9
#: what follows from the steps of a return
_STAMPED = frozenset({"state", *(f"date_{state}" for state, _label in STATES)})


class ScmReturn(models.Model):
    """The one way in which returns begin, whoever asks."""

    _inherit = "scm.return"

    @api.model
    def request_return(self, order_id, lines, comment="", channel="api"):
        """Ask for a return of parts of an order.

        :param int order_id: the sales order
        :param list lines: dicts with ``sale_line_id``, ``quantity`` (product's unit), ``reason`` (code), and optional
            ``product_id`` (a component of a kit), ``lot`` (name), ``wish`` (refund, exchange, repair, credit, keep),
            ``comment``
        :return: ``{"id", "name", "state", "lines": [{"id", "decision", "decision_text", "outcome"}]}``
        :raise UserError: where more is asked than can be returned; nothing is written then
        """
        self.check_access("create")
        order = self.env["sale.order"].browse(order_id).exists()
        if not order:
            raise UserError(self.env._("There is no order with the id %(id)s.", id=order_id))
        order.check_access("read")
        return self._request(order, lines, comment=comment, channel=channel)._request_answer()

    @api.model
    def _request(self, order, rows, comment="", channel="staff", partner=None):
        """The return, checked against what is free, decided by the policy. The caller has checked the right to ask."""
        if not rows or len(rows) > MAX_LINES:
            raise UserError(self.env._("A return has at least one item and at most %(count)s.", count=MAX_LINES))
        request = self.create(
            {
                "order_id": order.id,
                "company_id": order.company_id.id,
                "partner_id": (partner or order.partner_id).id,
                "warehouse_id": order.warehouse_id.id,
                "channel": channel if channel in dict(self._fields["channel"].selection) else "api",
                "comment": (comment or "")[:MAX_TEXT],
                "line_ids": [(0, 0, self._request_line(order, row)) for row in rows],
            }
        )
        request._decide()
        return request

    @api.model
    def _request_line(self, order, row):
        """Values of a line from a row of :meth:`request_return`; what does not belong to the order is refused."""
        sale_line = order.order_line.filtered(lambda line: line.id == row.get("sale_line_id"))
        if not sale_line:
            raise UserError(self.env._("An item is not part of order %(order)s.", order=order.name))
        product = sale_line.product_id
        if row.get("product_id"):
            product = (sale_line.product_id | sale_line.move_ids.product_id).filtered(
                lambda product: product.id == row["product_id"]
            )
        try:
            quantity = float(row.get("quantity") or 0.0)
        except (TypeError, ValueError):
            quantity = float("nan")
        if not product or not abs(quantity) < MAX_UNITS:
            raise UserError(
                self.env._("%(item)s: this product or quantity cannot be meant.", item=sale_line.name or order.name)
            )
        if quantity <= 0:
            raise UserError(
                self.env._("%(product)s: say how many you want to return, at least one.", product=product.display_name)
            )
        wish = row.get("wish") or "refund"
        return {
            "sale_line_id": sale_line.id,
            "product_id": product.id,
            "quantity": quantity,
            # sudo: the seller's staff need not see lots; only the number that was given is looked up, and only
            # delivered ones pass the check of quantities
            "lot_id": self.sudo()._find_lot(product, row.get("lot")).id,
            "reason_id": self._request_reason(row.get("reason")).id,
            "comment": str(row.get("comment") or "")[:MAX_TEXT],
            "wish": wish if wish in dict(OUTCOMES) else "refund",
        }

    @api.model
    def _request_reason(self, code):
        """The reason with this code or id; none where none was given."""
        reasons = self.env["scm.return.reason"]
        if not code:
            return reasons
        known = reasons._ids_by_code()
        found = reasons.browse(code if isinstance(code, int) and code in known.values() else known.get(str(code), []))
        if not found:
            raise UserError(self.env._("There is no return reason “%(code)s”.", code=code))
        return found

    def _request_answer(self):
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "lines": [
                {
                    "id": line.id,
                    "decision": line.decision or False,
                    "decision_text": line.decision_text or "",
                    "outcome": line.outcome or False,
                }
                for line in self.line_ids
            ],
        }

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("state", "requested") != "requested":
                self._check_not_stamped(vals)
            order = self.env["sale.order"].browse(vals.get("order_id"))
            vals.setdefault("company_id", order.company_id.id)
            vals.setdefault("partner_id", order.partner_id.id)
            vals.setdefault("warehouse_id", order.warehouse_id.id)
            if vals.get("name", "/") == "/":
                company = self.env["res.company"].browse(vals["company_id"])
                vals["name"] = self.env["ir.sequence"].with_company(company).next_by_code("scm.return") or "/"
        requests = super().create(vals_list)
        requests._check_quantities()
        requests.line_ids._fill_prices()
        return requests

    def write(self, vals):
        self._check_not_stamped(vals)
        result = super().write(vals)
        if "line_ids" in vals:
            self.filtered(lambda request: request.state == "requested")._check_quantities()
            self.line_ids._fill_prices()
        return result

    def _check_not_stamped(self, vals):
        """Raise where a person types a state or the time of one: a step is taken by its method, which checks it."""
        if not self.env.su and _STAMPED & vals.keys():
            raise UserError(
                self.env._(
                    "%(request)s: the state of a return is not typed. Use its buttons, or the methods behind them.",
                    request=self[:1].name or self.env._("A new return"),
                )
            )

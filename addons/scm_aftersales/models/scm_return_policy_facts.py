from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_day, local_today, zone_name

#: a parcel without news for longer than this is taken as arrived with its transfer
SILENT_DAYS = 30
#: last arrival of each item: what the carrier says, else the transfer; what is still under way arrives now
_ARRIVED = """
    SELECT move.sale_line_id, move.product_id,
           MAX(COALESCE(parcel.delivered, parcel.now, picking.date_done, move.date))
      FROM stock_move move
      JOIN stock_location source ON source.id = move.location_id
      JOIN stock_location target ON target.id = move.location_dest_id
      LEFT JOIN stock_picking picking ON picking.id = move.picking_id
      LEFT JOIN LATERAL (
            SELECT MAX(one.date_delivered) AS delivered,
                   MAX(CASE WHEN one.is_final IS NOT TRUE AND one.last_event_at >= %(silent)s
                            THEN %(now)s::timestamp END) AS now
              FROM scm_parcel_picking_rel rel
              JOIN scm_parcel one ON one.id = rel.parcel_id AND one.direction = 'out'
             WHERE rel.picking_id = picking.id) parcel ON TRUE
     WHERE move.sale_line_id IN %(lines)s AND move.state = 'done'
       AND target.usage = 'customer' AND source.usage <> 'customer'
     GROUP BY move.sale_line_id, move.product_id
"""


class ScmReturnLine(models.Model):
    """What the policy looks at, for all lines together."""

    _inherit = "scm.return.line"

    def _policy_items(self):
        """One dict per line with the facts of :class:`~scm_aftersales.kernel.policy.Facts` and ids and days beside."""
        arrived, defaults, totals = self._arrived(), self._default_classes(), {}
        # read together what each line looks at
        (self.product_id | self.sale_line_id.product_id).mapped("all_product_tag_ids")
        for line in self:
            totals[line.return_id] = totals.get(line.return_id, 0.0) + line._value_in_company()
        return [line._policy_item(arrived, defaults, totals[line.return_id]) for line in self]

    def _policy_item(self, arrived, defaults, total):
        order, sold = self.order_id, self.sale_line_id.product_id
        zone = zone_name(order.company_id, order.warehouse_id)
        today = local_today(order.company_id, order.warehouse_id)
        moment = arrived.get((self.sale_line_id.id, self.product_id.id))
        reason = self.reason_id
        # sudo: the class is a figure of the company's own, and who asks for a return need not read it
        customer = order.partner_id.commercial_partner_id.sudo().with_company(order.company_id)
        return {
            "days_delivery": (today - local_day(moment, zone)).days if moment else None,
            "days_order": (today - local_day(order.date_order, zone)).days if order.date_order else None,
            "categories": tuple(_above(sold) | _above(self.product_id)),
            "tags": tuple((sold | self.product_id).all_product_tag_ids.ids),
            "reasons": tuple((reason | reason.parent_id).ids),
            "value_line": self._value_in_company(),
            "value_return": total,
            "conditions": self.condition or "",
            "classes": customer.scm_customer_class_id.id or defaults.get(order.company_id.id, 0),
            "countries": order.partner_shipping_id.country_id.id or 0,
            "final_sale": sold.scm_final_sale or self.product_id.scm_final_sale,
        }

    def _value_in_company(self):
        """Value of the line in the company's currency, at the rate of the order."""
        return self.value / (self.order_id.currency_rate or 1.0)

    def _default_classes(self):
        """``{company id: class of customers who have none}``."""
        # sudo: as for the class of a customer
        classes = self.env["scm.customer.class"].sudo()
        found = classes.search([("is_default", "=", True), ("company_id", "in", self.order_id.company_id.ids)])
        return {one.company_id.id: one.id for one in found}

    def _arrived(self):
        """``{(sale line id, product id): moment of the last arrival}``."""
        lines = tuple(self.sale_line_id.ids)
        if not lines:
            return {}
        self.env["stock.move"].flush_model(["sale_line_id", "state", "product_id", "date"])
        self.env["stock.picking"].flush_model(["date_done"])
        self.env["scm.parcel"].flush_model(["date_delivered", "is_final", "last_event_at", "direction", "picking_ids"])
        now = fields.Datetime.now()
        rows = self.env.execute_query(SQL(_ARRIVED, lines=lines, now=now, silent=now - timedelta(days=SILENT_DAYS)))
        return {(line, product): moment for line, product, moment in rows}


def _above(product):
    """Ids of the product's category and all above it."""
    return {int(one) for one in (product.categ_id.parent_path or "").split("/") if one}

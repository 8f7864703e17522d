from datetime import timedelta

from markupsafe import Markup
from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command


class ScmExcessAction(models.Model):
    """What accepting a step makes in Odoo, and how it is taken back. ``_accept_<kind>`` returns values of the step."""

    _inherit = "scm.excess.action"

    def _check_right(self, model, operation, words):
        if not self.env[model].has_access(operation):
            raise AccessError(
                self.env._(
                    "%(step)s needs Odoo's own right to %(words)s. Ask an administrator for it, or let a colleague who "
                    "has it accept the step.",
                    step=self.display_name,
                    words=words,
                )
            )

    def _source_text(self):
        return self.env._("Excess stock: %(product)s", product=self.product_id.display_name)

    def _document(self, record):
        return {"res_model": record._name, "res_id": record.id}

    # Orders

    def _open_line(self):
        """The order line, when it still can be cut."""
        self._check_right("purchase.order", "write", self.env._("change purchase orders"))
        line = self.purchase_line_id
        if not line or line.state == "cancel" or line.product_qty <= line.qty_received:
            raise UserError(
                self.env._(
                    "%(step)s: the order line brings nothing any more. Refresh the excess list.", step=self.display_name
                )
            )
        return line

    def _accept_cancel(self):
        """A quotation is cut at once; for a confirmed order the vendor is asked, and the buyer changes it."""
        line = self._open_line()
        cut = self.product_id.uom_id._compute_quantity(self.quantity, line.product_uom_id, rounding_method="DOWN")
        after = max(line.product_qty - cut, line.qty_received)
        values = {"quantity_before": line.product_qty, "quantity_after": after} | self._document(line.order_id)
        if line.order_id.state in ("draft", "sent", "to approve"):
            line.product_qty = after
            return values | {"state": "done"}
        self._ask_vendor(
            line,
            self.env._("Ask to take %(product)s off", product=self.product_id.display_name),
            self.env._(
                "Please reduce %(product)s on order %(order)s from %(before)s to %(after)s %(unit)s. Is that still "
                "possible, and at what cost?",
                product=self.product_id.display_name,
                order=line.order_id.name,
                before=line.product_qty,
                after=after,
                unit=line.product_uom_id.name,
            ),
        )
        return values

    def _undo_cancel(self):
        self._check_right("purchase.order", "write", self.env._("change purchase orders"))
        line = self.purchase_line_id
        if line.order_id.state in ("draft", "sent", "to approve"):
            if abs(line.product_qty - self.quantity_after) > 1e-6:
                self._refuse_undo(self.env._("the quantity was changed since"))
            line.product_qty = self.quantity_before
        elif self.state == "done":
            self._refuse_undo(self.env._("the order is confirmed with the smaller quantity"))
        else:
            self._drop_activity(line.order_id)

    def _accept_postpone(self):
        """We ask for a later day, so the promise moves with it and the vendor is not judged by the old one."""
        line = self._open_line()
        values = {"date_before": line._scm_planned_days()[line]} | self._document(line.order_id)
        line.scm_reschedule(self.date, "us", self._source_text())
        self._ask_vendor(
            line,
            self.env._("Tell the vendor the later day of %(product)s", product=self.product_id.display_name),
            self.env._(
                "Please deliver %(product)s of order %(order)s on %(date)s instead of %(before)s.",
                product=self.product_id.display_name,
                order=line.order_id.name,
                date=fields.Date.to_string(self.date),
                before=fields.Date.to_string(values["date_before"]),
            ),
        )
        return values | {"state": "done"}

    def _undo_postpone(self):
        self._check_right("purchase.order", "write", self.env._("change purchase orders"))
        line = self.purchase_line_id
        if line._scm_planned_days().get(line) != self.date:
            self._refuse_undo(self.env._("the day was changed since"))
        line.scm_reschedule(self.date_before, "us", self._source_text())
        self._drop_activity(line.order_id)

    def _ask_vendor(self, line, summary, text):
        """An activity for the buyer with the words of the mail; nothing is sent by itself."""
        order = line.order_id
        mail = order.partner_id.email or self.env._("no e-mail address")
        order.activity_schedule(
            "mail.mail_activity_data_email",
            summary=summary,
            note=Markup("<p>%s (%s)</p><p>%s</p>") % (order.partner_id.display_name, mail, text),
            user_id=(order.user_id or self.env.user).id,
            date_deadline=fields.Date.context_today(self) + timedelta(days=1),
        )

    def _drop_activity(self, order):
        name = self.product_id.display_name
        order.activity_ids.filtered(lambda activity: name in (activity.summary or "")).unlink()

    def action_write_vendor(self):
        """The composer with a draft of the mail to the vendor."""
        self.ensure_one()
        order = self.purchase_line_id.order_id
        if not order:
            raise UserError(self.env._("%(step)s is about no order.", step=self.display_name))
        name = self.product_id.display_name
        activity = order.activity_ids.filtered(lambda activity: name in (activity.summary or ""))[:1]
        return {
            "type": "ir.actions.act_window",
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": order._name,
                "default_res_ids": order.ids,
                "default_partner_ids": order.partner_id.ids,
                "default_subject": order.name,
                "default_body": activity.note or "",
                "default_composition_mode": "comment",
            },
        }

    # Stock

    def _picking(self, picking_type, source, target, partner=None):
        self._check_right("stock.picking", "create", self.env._("create transfers"))
        move = {
            "product_id": self.product_id.id,
            "product_uom": self.product_id.uom_id.id,
            "product_uom_qty": self.quantity,
            "location_id": source.id,
            "location_dest_id": target.id,
            "company_id": self.company_id.id,
        }
        return self.env["stock.picking"].create(
            {
                "picking_type_id": picking_type.id,
                "location_id": source.id,
                "location_dest_id": target.id,
                "partner_id": partner.id if partner else False,
                "company_id": self.company_id.id,
                "origin": self._source_text(),
                "move_ids": [Command.create(move)],
            }
        )

    def _accept_transfer(self):
        if not self.target_warehouse_id:
            raise UserError(self.env._("%(step)s: the other warehouse is gone. Refresh.", step=self.display_name))
        source, target = self.warehouse_id, self.target_warehouse_id
        return self._document(self._picking(source.int_type_id, source.lot_stock_id, target.lot_stock_id))

    def _accept_vendor_return(self):
        vendor = self.vendor_id.with_company(self.company_id)
        types = self.warehouse_id.in_type_id.return_picking_type_id or self.warehouse_id.out_type_id
        return self._document(
            self._picking(types, self.warehouse_id.lot_stock_id, vendor.property_stock_supplier, vendor)
        )

    def _undo_picking(self):
        picking = self.env["stock.picking"].browse(self.res_id).exists()
        if picking.state == "done":
            self._refuse_undo(self.env._("%(picking)s is done; return it in Odoo", picking=picking.name))
        picking.action_cancel()

    def _undo_transfer(self):
        self._undo_picking()

    def _undo_vendor_return(self):
        self._undo_picking()

    def _accept_write_off(self):
        """A draft scrap: the stock stays until somebody validates it."""
        self._check_right("stock.scrap", "create", self.env._("scrap stock"))
        return self._document(
            self.env["stock.scrap"].create(
                {
                    "product_id": self.product_id.id,
                    "scrap_qty": self.quantity,
                    "product_uom_id": self.product_id.uom_id.id,
                    "location_id": self.warehouse_id.lot_stock_id.id,
                    "company_id": self.company_id.id,
                    "origin": self._source_text(),
                }
            )
        )

    def _undo_write_off(self):
        scrap = self.env["stock.scrap"].browse(self.res_id).exists()
        if scrap.state == "done":
            self._refuse_undo(self.env._("%(scrap)s is done", scrap=scrap.name))
        scrap.unlink()

    # Price

    def _accept_markdown(self):
        """A dated rule in the clearance price list, and the promotion, so that the forecast knows of it."""
        rule = self._price_rule()
        return self._document(rule) | {"event_id": self._promotion().id}

    def _accept_bundle(self):
        """The lower price, and the product as an option of the one that it goes with."""
        rule = self._price_rule()
        # sudo: the offer beside a good seller; the right to change prices was checked in _price_rule
        partner = self.bundle_product_id.product_tmpl_id.sudo()
        partner.optional_product_ids = [Command.link(self.product_id.product_tmpl_id.id)]
        return self._document(rule)

    def _price_rules(self):
        """Price rules as the user may write them; those of an archived list are drafts that move no price."""
        pricelist = self.company_id._scm_clearance_pricelist()
        rules = self.env["product.pricelist.item"]
        if pricelist.active:
            self._check_right(rules._name, "create", self.env._("change price lists"))
            return rules, pricelist
        # sudo: no price changes before somebody with the right to price lists activates the list
        return rules.sudo(), pricelist

    def _price_rule(self):
        rules, pricelist = self._price_rules()
        start = fields.Datetime.now()
        return rules.create(
            {
                "pricelist_id": pricelist.id,
                "applied_on": "0_product_variant",
                "product_tmpl_id": self.product_id.product_tmpl_id.id,
                "product_id": self.product_id.id,
                "compute_price": "fixed",
                "fixed_price": self.price_unit,
                "date_start": start,
                "date_end": fields.Datetime.to_datetime(max(self.date, start.date() + timedelta(days=1))),
            }
        )

    def _promotion(self):
        """The promotion as a proposal: archived, so that the forecast does not count on it before it is sure."""
        # sudo: the role of the caller is checked in accept; events of a company are its managers' to write
        return (
            self.env["scm.event"]
            .sudo()
            .create(
                {
                    "name": self.env._("Markdown of %(product)s", product=self.product_id.display_name),
                    "active": False,
                    "kind": "promotion",
                    "expected_uplift": self._expected_uplift(),
                    "note": self._source_text(),
                    "source": "manual",
                    "company_id": self.company_id.id,
                    "product_ids": [Command.set(self.product_id.ids)],
                    "warehouse_ids": [Command.set(self.warehouse_id.ids)],
                    "occurrence_ids": [
                        Command.create({"date_start": fields.Date.context_today(self), "date_end": self.date})
                    ],
                }
            )
        )

    def _expected_uplift(self):
        terms = {term["code"]: term["value"] for term in self.why["terms"]}
        return min((1 - self.discount) ** terms["rung_elasticity"] - 1, 100.0)

    def _undo_markdown(self):
        rules, _pricelist = self._price_rules()
        rules.browse(self.res_id).exists().unlink()
        # sudo: made by accept, role checked in undo
        self.event_id.sudo().unlink()

    def _undo_bundle(self):
        self._undo_markdown()
        # sudo: as in _accept_bundle
        partner = self.bundle_product_id.product_tmpl_id.sudo()
        partner.optional_product_ids = [Command.unlink(self.product_id.product_tmpl_id.id)]

    def _refuse_undo(self, reason):
        raise UserError(
            self.env._("%(step)s cannot be taken back: %(reason)s.", step=self.display_name, reason=reason)
        )

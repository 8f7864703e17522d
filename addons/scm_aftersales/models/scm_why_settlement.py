from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return {
            **super()._labels(),
            "settlement": self.env._("Settlement of the return, by grade and policy"),
            "settle_formula": self.env._(
                "price on the invoice − discounts − already credited − reduction − fee − freight; nothing below zero"
            ),
            "settle_outcome": self.env._("Outcome"),
            "settle_refund": self.env._("Refund"),
            "settle_exchange": self.env._("Exchange"),
            "settle_repair": self.env._("Repair"),
            "settle_credit": self.env._("Store credit"),
            "settle_keep": self.env._("Kept by the customer, with money back"),
            "settle_units": self.env._("Units granted"),
            "settle_refused": self.env._("Units not granted, by their grade"),
            "settle_share": self.env._("Share that is paid, by grade and policy"),
            "settle_gross": self.env._("Price on the invoices, with tax"),
            "settle_discount": self.env._("Discounts on the whole invoice"),
            "settle_over": self.env._("Credited before, or paid by gift card"),
            "settle_reduced": self.env._("Reduction for condition and terms"),
            "settle_fee": self.env._("Return fee"),
            "settle_freight": self.env._("Return freight"),
            "settle_uninvoiced": self.env._(
                "%(quantity)s of %(product)s are on no confirmed invoice: nothing was paid for them, and the order no "
                "longer asks for them to be invoiced."
            ),
            "settle_uninvoiced_order": self.env._(
                "%(quantity)s of %(product)s are on no confirmed invoice, but the product is invoiced by ordered "
                "quantity: lower the quantity on the order, or they will be invoiced."
            ),
            "settle_fee_waived": self.env._("No fee for %(product)s, because inspection found a fault of ours."),
            "settle_fee_lost": self.env._("%(amount)s of the fee could not be kept: there was no more money to keep."),
            "settle_freight_lost": self.env._(
                "%(amount)s of the freight could not be kept: there was no more money to keep."
            ),
        }

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.scm_base.tools.roles import check_manager


class ScmCarrierMonth(models.Model):
    """What a carrier did with the parcels promised in a month. Some weeks after its end the month is frozen."""

    _name = "scm.carrier.month"
    _description = "Carrier's Month"
    _inherit = ["mail.thread"]
    _order = "month DESC, carrier_id, id"
    _rec_name = "carrier_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    carrier_id = fields.Many2one("delivery.carrier", required=True, readonly=True, ondelete="cascade", index=True)
    month = fields.Date(required=True, readonly=True, help="First day of the month in which parcels were promised.")
    parcels = fields.Integer(readonly=True, help="Handed over, with the promised day (else the dock) in the month.")
    due = fields.Integer(readonly=True, help="Promised, handed over by the promised day, and judged.")
    on_time = fields.Integer("On time", readonly=True, help="Delivered on the promised day or before.")
    late_ours = fields.Integer(
        "Handed Over too Late", readonly=True, help="Left our dock after the promised day: not the carrier's fault."
    )
    on_time_rate = fields.Float("On-time Rate", readonly=True, aggregator="avg")
    on_time_low = fields.Float("On-time Rate, at least", readonly=True, aggregator=None, help="95 % interval.")
    on_time_high = fields.Float("On-time Rate, at most", readonly=True, aggregator=None)
    damaged = fields.Integer(readonly=True)
    damaged_rate = fields.Float(readonly=True, aggregator="avg")
    damaged_high = fields.Float("Damaged Rate, at most", readonly=True, aggregator=None)
    lost = fields.Integer(readonly=True)
    lost_rate = fields.Float(readonly=True, aggregator="avg")
    lost_high = fields.Float("Lost Rate, at most", readonly=True, aggregator=None)
    first_scan_hours = fields.Float(
        "Hours to First Scan", readonly=True, aggregator="avg", help="Median from our dock to the carrier's first scan."
    )
    first_scan_p90 = fields.Float("Hours to First Scan, 9 of 10", readonly=True, aggregator="avg")
    scanned = fields.Integer("With First Scan", readonly=True)
    weight = fields.Float("Weight (kg)", readonly=True, digits="Stock Weight")
    cost_expected = fields.Monetary("Expected Freight", readonly=True)
    cost_invoiced = fields.Monetary("Invoiced Freight", readonly=True)
    cost = fields.Monetary("Freight", readonly=True, help="As invoiced, else as expected.")
    difference = fields.Monetary(
        "Against Expected", readonly=True, help="Invoiced less expected; surcharges that were agreed are expected."
    )
    cost_parcel = fields.Monetary("Freight per Parcel", readonly=True, aggregator="avg")
    cost_kg = fields.Monetary("Freight per kg", readonly=True, aggregator="avg")
    claims_made = fields.Monetary("Claimed", readonly=True, help="Sent to the carrier in the month.")
    claims_paid = fields.Monetary(readonly=True, help="Paid by the carrier in the month.")
    trend = fields.Selection(
        [("up", "Better"), ("flat", "Steady"), ("down", "Worse")],
        readonly=True,
        help="On-time rate against the three months before; said only where chance cannot explain it.",
    )
    why = fields.Json(readonly=True)
    is_frozen = fields.Boolean("Closed", readonly=True)
    date_measured = fields.Datetime("Measured", readonly=True)

    _carrier_uniq = models.UniqueIndex("(company_id, carrier_id, month)", "The carrier has figures of this month.")

    @api.depends("carrier_id", "month")
    def _compute_display_name(self):
        for one in self:
            one.display_name = f"{one.carrier_id.name or ''} {one.month:%Y-%m}" if one.month else ""

    @api.model
    def _check_manager(self, companies):
        check_manager(
            self.env,
            companies,
            self.env._("Only a supply chain manager can measure carriers. Ask one of them."),
            self.env._("You can measure carriers only of companies that you work for."),
        )

    def action_restate(self, reason=False):
        """Measure frozen months again, with today's knowledge; who, why and the old figures are logged. For managers.

        :param reason: why the figures have to change, in words
        """
        self.check_access("read")
        self._check_manager(self.company_id)
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the figures of a closed month have to change."))
        own = self.sudo()  # sudo: the role is checked above; nobody writes measured figures by hand
        for one in own:
            one.message_post(
                body=self.env._(
                    "Measured again by %(user)s: %(reason)s. Before: %(on_time)s of %(due)s on time, %(lost)s lost, "
                    "%(damaged)s damaged, freight %(cost)s.",
                    user=self.env.user.name,
                    reason=reason,
                    on_time=one.on_time,
                    due=one.due,
                    lost=one.lost,
                    damaged=one.damaged,
                    cost=one.currency_id.format(one.cost),
                )
            )
        for company, months in own.grouped("company_id").items():
            own._measure(company, sorted(set(months.mapped("month"))), carriers=months.carrier_id, again=True)
        return True

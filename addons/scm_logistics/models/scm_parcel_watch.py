from odoo import fields, models

#: what is wrong with a parcel, most urgent first; a parcel is listed under the first that holds
CAUSES = [
    ("problem", "Lost, damaged or stopped"),
    ("returned", "On its way back"),
    ("customs", "Held at customs"),
    ("attempt_failed", "Delivery attempt failed"),
    ("no_scan", "Label made, never scanned"),
    ("silent", "Silent for too long"),
    ("disruption", "Met by a disruption"),
    ("promise_passed", "Promised day has passed"),
    ("predicted_late", "Will probably be late"),
]


class ScmParcel(models.Model):
    """What the checks found: one cause to list it by, how sure, since when, what it may cost."""

    _inherit = "scm.parcel"

    watch_cause = fields.Selection(
        CAUSES, "What Is Wrong", readonly=True, index="btree_not_null", group_expand="_expand_causes"
    )
    watch_since = fields.Datetime("Wrong since", readonly=True)
    watch_all = fields.Char("All That Is Wrong", readonly=True, help="Codes of every cause that holds.")
    p_late = fields.Float("Late, Probability", readonly=True, aggregator="avg")
    silent_hours = fields.Float("Silent for (hours)", readonly=True, aggregator="avg")
    date_suggested = fields.Date(
        "Day to Tell", readonly=True, help="By this day nine of ten such parcels have arrived, given the time so far."
    )
    money_at_stake = fields.Monetary(readonly=True, help="Expected cost of lateness and loss.")
    watch_why = fields.Json("Why It Is Listed", readonly=True)
    watch_until = fields.Date("Put Aside until", readonly=True, copy=False)
    watch_user_id = fields.Many2one("res.users", "Taken up by", copy=False, domain=[("share", "=", False)])
    message_count_customer = fields.Integer("Customer Messages", compute="_compute_message_count_customer")
    customer_message_ids = fields.One2many("scm.parcel.message", "parcel_id", "Messages to the Customer")

    def _expand_causes(self, causes, domain):
        return [code for code, _label in CAUSES if code in causes]

    def _compute_message_count_customer(self):
        counts = dict(
            self.env["scm.parcel.message"]._read_group([("parcel_id", "in", self.ids)], ["parcel_id"], ["__count"])
        )
        for parcel in self:
            parcel.message_count_customer = counts.get(parcel, 0)

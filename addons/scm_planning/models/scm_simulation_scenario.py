from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .scm_policy_refresh import POLICY_COLUMNS

KINDS = [
    ("policy", "Our policies of today"),
    ("typed", "Reordering rules as typed"),
    ("what_if", "What if"),
]
DEFINITION = {
    "simulation_id", "sequence", "name", "kind", "policy_id", "service_level", "target", "review_days",
    "cover_min_days", "cover_max_days", "lead_time_extra", "demand_change",
}  # fmt: skip
#: settings of a policy that a scenario can replace; 0 or empty leaves them
SETTINGS = ("service_level", "target", "review_days", "cover_min_days", "cover_max_days")


class ScmSimulationScenario(models.Model):
    """One set of rules of a simulation, and what came of it."""

    _name = "scm.simulation.scenario"
    _description = "Simulation Scenario"
    _order = "simulation_id, sequence, id"
    _check_company_auto = True

    simulation_id = fields.Many2one("scm.simulation", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="simulation_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    kind = fields.Selection(
        KINDS,
        required=True,
        default="what_if",
        help="Our policies: levels set anew through time from what was known then. As typed: minimum and maximum of "
        "the present reordering rules all the time, looked at every day as Odoo's scheduler does. What if: our "
        "policies with other settings.",
    )
    policy_id = fields.Many2one(
        "scm.inventory.policy", check_company=True, ondelete="set null", help="This policy for all products."
    )
    service_level = fields.Float(digits=(4, 3), help="0: as the policy says.", aggregator=None)
    target = fields.Selection(
        [("cycle", "Cycles without stock-out"), ("fill", "Units delivered from stock")],
        "Service Counts",
        help="Empty: as the policy says.",
    )
    review_days = fields.Float("Review (days)", help="0: as the policy says.", aggregator=None)
    cover_min_days = fields.Float("Least Cover (days)", help="0: as the policy says.", aggregator=None)
    cover_max_days = fields.Float("Most Cover (days)", help="0: as the policy says.", aggregator=None)
    lead_time_extra = fields.Integer("Lead Time + (days)", help="Days that every order takes longer; below 0: less.")
    demand_change = fields.Float("Demand +", help="0.1: ten percent more than there was.", aggregator=None)

    done = fields.Boolean(readonly=True, copy=False)
    fill_rate = fields.Float(readonly=True, copy=False, aggregator=None, help="Share of units given at once.")
    demand = fields.Float("Demand (units)", readonly=True, copy=False, digits="Product Unit")
    lost_quantity = fields.Float("Lost (units)", readonly=True, copy=False, digits="Product Unit")
    lost_value = fields.Monetary("Lost Sales", readonly=True, copy=False)
    lost_margin = fields.Monetary(readonly=True, copy=False)
    stock_value = fields.Monetary(readonly=True, copy=False, help="Average of the period, at cost.")
    order_count = fields.Integer("Orders", readonly=True, copy=False, help="Order lines: one per product and order.")
    ordering_cost = fields.Monetary(readonly=True, copy=False)
    holding_cost = fields.Monetary(readonly=True, copy=False)
    total_cost = fields.Monetary(
        readonly=True, copy=False, help="Ordering and holding cost, and the margin of lost sales."
    )
    weeks = fields.Json(readonly=True, copy=False, help="Stock value and lost sales by week.")
    why = fields.Json(readonly=True, copy=False)

    _level_range = models.Constraint(
        "CHECK(service_level = 0 OR (service_level >= 0.5 AND service_level <= 0.999))",
        "The service level of a scenario must lie between 50 % and 99.9 %, or be 0 for that of the policy.",
    )
    _days_range = models.Constraint(
        "CHECK(review_days >= 0 AND review_days <= 366 AND cover_min_days >= 0 AND cover_min_days <= 3650 "
        "AND cover_max_days >= 0 AND cover_max_days <= 3650)",
        "Days of a scenario must not be negative: review up to 366, cover up to 3,650.",
    )
    _lead_range = models.Constraint(
        "CHECK(lead_time_extra >= -400 AND lead_time_extra <= 400)", "A lead time can change by 400 days at most."
    )
    _demand_range = models.Constraint(
        "CHECK(demand_change >= -1 AND demand_change <= 10)", "Demand can change by -100 % to +1,000 %."
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_written(vals)
        scenarios = super().create(vals_list)
        scenarios._check_open()
        return scenarios

    def write(self, vals):
        self._check_written(vals)
        self._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_run(self):
        self._check_open()

    @api.model
    def _check_written(self, vals):
        if not self.env.su and (foreign := set(vals) - DEFINITION):
            raise AccessError(
                self.env._("What a simulation found cannot be typed: %(names)s.", names=", ".join(sorted(foreign)))
            )

    def _check_open(self):
        """Scenarios of a simulation that ran stay as they ran."""
        if self.env.su:
            return
        for simulation in self.simulation_id:
            if simulation.state not in ("draft", "failed", "cancelled"):
                raise UserError(
                    self.env._("“%(name)s” has run. Set it back to draft, or copy it.", name=simulation.display_name)
                )

    def _apply_settings(self, policies):
        """The policies of all items (a table, one row per item) with what this scenario replaces in them."""
        self.ensure_one()
        if self.kind != "what_if":
            return policies
        changed = {name: self.policy_id[name] for name in POLICY_COLUMNS} if self.policy_id else {}
        changed |= {name: self[name] for name in SETTINGS if self[name]}
        return policies.assign(**changed)

    def action_use_policy(self):
        """Open the inventory policies with the values of this scenario, to review and confirm. For managers."""
        self.ensure_one()
        self.check_access("read")
        if self.kind != "what_if":
            raise UserError(
                self.env._("“%(name)s” has no settings of its own to take over; a what-if has.", name=self.name)
            )
        return self.env["scm.policy.adopt"]._open_for_scenario(self)

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools.safe_eval import safe_eval

from .scm_inventory_policy import ABC, XYZ

MOST_SCENARIOS = 12
MOST_PRODUCTS = 10_000
MOST_DAYS = 3 * 366
#: product-days of all scenarios that are computed while the user waits: a few seconds
SMALL = 1_500_000
#: what a person may change, before the simulation ran
DEFINITION = {
    "name", "company_id", "date_from", "date_to", "warehouse_id", "categ_ids", "abc", "xyz", "vendor_ids",
    "product_ids", "filter_id", "only_with_rule", "product_limit", "refresh_weeks", "seed", "scenario_ids",
}  # fmt: skip


class ScmSimulation(models.Model):
    """A past period replayed day by day under several sets of rules. It changes no order and no rule."""

    _name = "scm.simulation"
    _inherit = "scm.run.mixin"
    _description = "Policy Simulation"
    _check_company_auto = True
    _run_cron = "scm_planning.scm_simulation_cron"

    name = fields.Char(required=True, readonly=False, default=lambda self: self._default_name())
    company_id = fields.Many2one(readonly=False)
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        selection_add=[("draft", "Draft"), ("queued",)], default="draft", ondelete={"draft": "cascade"}
    )
    date_from = fields.Date("From", required=True, default=lambda self: self._default_period()[0])
    date_to = fields.Date("To", required=True, default=lambda self: self._default_period()[1])
    warehouse_id = fields.Many2one("stock.warehouse", check_company=True, help="Empty: all warehouses of the company.")
    categ_ids = fields.Many2many("product.category", string="Categories", help="With all that is below them.")
    abc = fields.Selection(ABC, "ABC")
    xyz = fields.Selection(XYZ, "XYZ")
    vendor_ids = fields.Many2many("res.partner", string="Vendors", help="Products that are bought from them now.")
    product_ids = fields.Many2many("product.product", string="Products", help="Empty: all that fit the rest.")
    filter_id = fields.Many2one(
        "ir.filters",
        "Saved Filter",
        domain="[('model_id', '=', 'scm.policy.proposal')]",
        help="A filter that was saved in the replenishment plan.",
    )
    only_with_rule = fields.Boolean(
        "Only with a Reordering Rule",
        default=True,
        help="Without a rule Odoo orders nothing, so that a comparison with it would say little.",
    )
    product_limit = fields.Integer(
        "At Most", default=1000, required=True, help="The products that sell most, by value of demand, come first."
    )
    refresh_weeks = fields.Integer(
        "Levels Set Every (weeks)", default=4, required=True, help="How often forecast and levels are made anew."
    )
    seed = fields.Integer(
        default=1, required=True, help="Lead times are drawn from measured ones; the same number draws the same."
    )
    scenario_ids = fields.One2many(
        "scm.simulation.scenario",
        "simulation_id",
        "Scenarios",
        copy=True,
        default=lambda self: self._default_scenarios(),
    )
    product_count = fields.Integer("Products Found", compute="_compute_product_count")
    item_count = fields.Integer("Products Replayed", readonly=True, copy=False, aggregator=None)
    left_out_count = fields.Integer(
        "Left Out", readonly=True, copy=False, aggregator=None, help="Their history began too late to plan by it."
    )
    lost_repaired = fields.Float(
        "Demand Restored", readonly=True, copy=False, digits=(16, 1), aggregator=None,
        help="Units lost on days without stock in the period, as estimated; they count as demand here.",
    )  # fmt: skip

    # Defaults

    @api.model
    def _default_name(self):
        return self.env._("Simulation of %(day)s", day=fields.Date.to_string(fields.Date.context_today(self)))

    @api.model
    def _default_period(self):
        """The last 52 weeks that are over."""
        today = self.env["scm.demand.day"]._scm_company_today(self.env.company)
        last = today - timedelta(days=today.weekday() + 1)
        return last - timedelta(days=52 * 7 - 1), last

    @api.model
    def _default_scenarios(self):
        return [
            Command.create({"sequence": 1, "kind": "policy", "name": self.env._("Our policies")}),
            Command.create({"sequence": 2, "kind": "typed", "name": self.env._("Odoo's minimum and maximum")}),
            Command.create(
                {"sequence": 3, "kind": "what_if", "name": self.env._("Service of 98 %"), "service_level": 0.98}
            ),
        ]

    # Checks

    @api.constrains("date_from", "date_to")
    def _check_period(self):
        for simulation in self:
            if simulation.date_to < simulation.date_from:
                raise ValidationError(
                    self.env._(
                        "%(name)s: the period ends (%(to)s) before it begins (%(start)s).",
                        name=simulation.name,
                        to=simulation.date_to,
                        start=simulation.date_from,
                    )
                )
            if (simulation.date_to - simulation.date_from).days >= MOST_DAYS:
                raise ValidationError(
                    self.env._("%(name)s: a period can be three years at most. Shorten it.", name=simulation.name)
                )

    @api.constrains("product_limit", "refresh_weeks", "scenario_ids")
    def _check_numbers(self):
        for simulation in self:
            if not 1 <= simulation.product_limit <= MOST_PRODUCTS:
                raise ValidationError(
                    self.env._(
                        "%(name)s: a simulation takes 1 to %(most)s products.", name=simulation.name, most=MOST_PRODUCTS
                    )
                )
            if not 1 <= simulation.refresh_weeks <= 26:
                raise ValidationError(
                    self.env._("%(name)s: levels can be set every 1 to 26 weeks.", name=simulation.name)
                )
            if len(simulation.scenario_ids) > MOST_SCENARIOS:
                raise ValidationError(
                    self.env._(
                        "%(name)s has %(count)s scenarios; %(most)s can be compared. Delete some, or make a second "
                        "simulation.",
                        name=simulation.name,
                        count=len(simulation.scenario_ids),
                        most=MOST_SCENARIOS,
                    )
                )

    def _check_runnable(self):
        """Raise UserError with what to do when there is nothing to replay."""
        self.ensure_one()
        today = self.env["scm.demand.day"]._scm_company_today(self.company_id)
        if self.date_to >= today:
            raise UserError(
                self.env._(
                    "%(name)s: the period must be over, because it is replayed as it was. End it on %(day)s or before.",
                    name=self.name,
                    day=fields.Date.to_string(today - timedelta(days=1)),
                )
            )
        if not self.scenario_ids:
            raise UserError(self.env._("%(name)s: add at least one scenario.", name=self.name))
        if not self.product_count:
            raise UserError(
                self.env._(
                    "%(name)s: no product fits. Widen the choice; products stand in the replenishment plan once "
                    "planning has run (Planning > Planning Runs).",
                    name=self.name,
                )
            )

    # Products

    def _item_domain(self):
        """Rows of the replenishment plan that the simulation takes."""
        self.ensure_one()
        domain = Domain("company_id", "=", self.company_id.id)
        choices = (
            # in the form, before it is saved, real ids stand in the origin
            ("warehouse_id", "=", self.warehouse_id._origin.id),
            ("categ_id", "child_of", self.categ_ids._origin.ids),
            ("abc", "=", self.abc),
            ("xyz", "=", self.xyz),
            ("vendor_id", "in", self.vendor_ids._origin.ids),
            ("product_id", "in", self.product_ids._origin.ids),
        )
        domain &= Domain.AND(Domain(*choice) for choice in choices if choice[2])
        if self.only_with_rule:
            domain &= Domain("orderpoint_id", "!=", False)
        if self.filter_id:
            domain &= Domain(self._filter_domain())
        return domain

    def _filter_domain(self):
        # sudo: which filter was chosen is seen in the form; its conditions are read with the user's own rights
        saved = self.filter_id.sudo()
        if saved.model_id != "scm.policy.proposal":
            raise UserError(self.env._("“%(filter)s” is not a filter of the replenishment plan.", filter=saved.name))
        return safe_eval(saved.domain, {"uid": self.env.uid, "context_today": lambda: fields.Date.context_today(self)})

    @api.depends(
        "company_id", "warehouse_id", "categ_ids", "abc", "xyz", "vendor_ids", "product_ids", "filter_id",
        "only_with_rule",
    )  # fmt: skip
    def _compute_product_count(self):
        for simulation in self:
            proposals = self.env["scm.policy.proposal"].with_context(allowed_company_ids=simulation.company_id.ids)
            simulation.product_count = proposals.search_count(simulation._item_domain())

    # Who may write what

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_written(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_written(vals)
        fixed = self.filtered(lambda simulation: simulation.state not in ("draft", "failed", "cancelled"))
        if fixed and not self.env.su and DEFINITION & set(vals) - {"name"}:
            raise UserError(
                self.env._("“%(name)s” has run. Set it back to draft, or copy it.", name=fixed[0].display_name)
            )
        result = super().write(vals)
        if "company_id" in vals:
            # Odoo checks the company that a record leaves, not the one it is moved to
            self.check_access("write")
        return result

    @api.model
    def _check_written(self, vals):
        """What a run found is written by the run alone."""
        if not self.env.su and (foreign := set(vals) - DEFINITION):
            raise AccessError(
                self.env._("What a simulation found cannot be typed: %(names)s.", names=", ".join(sorted(foreign)))
            )

    @api.model
    def _check_run_manager(self, companies):
        """A simulation changes nothing, so every supply chain user may run one, for companies that he works for."""
        if self.env.su:
            return
        if not self.env.user.has_group("scm_base.scm_group_user"):
            raise AccessError(self.env._("Only supply chain users can run simulations."))
        if companies - self.env.user.company_ids:
            raise AccessError(self.env._("You can run simulations only of companies that you work for."))

    # Buttons

    def action_run(self):
        """Replay: at once when it is small, else in the background. Returns the page to show; public, also over RPC."""
        self.ensure_one()
        self.check_access("write")
        self._check_run_manager(self.company_id)
        self._check_runnable()
        # sudo: role, company and right to write were checked above; what a run finds is closed to users
        run = self.sudo()
        if (active := run._active_run(run.company_id)) and active != run:
            raise UserError(active._already_active_message())
        run._clear()
        run.write(
            {"state": "queued", "user_id": self.env.uid, "message": False, "date_start": False, "date_end": False}
        )
        if run._is_small():
            run._process()
        else:
            run._trigger_cron()
        return self.action_open_result() if self.state == "done" else self._action_form()

    def _is_small(self):
        days = (self.date_to - self.date_from).days + 1
        return min(self.product_count, self.product_limit) * days * len(self.scenario_ids) <= SMALL

    def action_draft(self):
        """Back to draft, to change it; what it found stays until it runs again."""
        self.check_access("write")
        if active := self.filtered(lambda simulation: simulation.state in ("queued", "running")):
            raise UserError(self.env._("“%(run)s” is not finished. Cancel it first.", run=active[0].display_name))
        # sudo: the right to write was checked; the state alone is closed to users
        self.sudo().write({"state": "draft"})
        return True

    def action_open_result(self):
        """The page with cards, charts and products."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "scm_planning.simulation",
            "name": self.name,
            "context": {"scm_simulation_id": self.id},
        }

    def action_open_products(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_planning.scm_simulation_result_action")
        return action | {"domain": [("simulation_id", "=", self.id)]}

    def _action_form(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

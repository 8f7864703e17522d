from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL

SETTINGS = ("service_level", "target", "review_days", "cover_min_days", "cover_max_days")


class ScmPolicyAdopt(models.TransientModel):
    """Settings that the simulator or the policy curve proposes, to review before they are written. For managers."""

    _name = "scm.policy.adopt"
    _description = "Adopt Policy Settings"

    source = fields.Selection([("simulator", "Simulator"), ("curve", "Policy curve")], required=True, readonly=True)
    scenario_id = fields.Many2one("scm.simulation.scenario", readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    reason = fields.Char(help="Kept in the log of changes.")
    line_ids = fields.One2many("scm.policy.adopt.line", "adopt_id", "Policies")

    @api.model
    def _check_manager(self):
        if not self.env.user.has_group("scm_base.scm_group_manager"):
            raise AccessError(
                self.env._("Only a supply chain manager can change inventory policies. Show him the simulation.")
            )

    @api.model
    def _open_for_scenario(self, scenario):
        """The dialog with the policies of the products of a scenario, and what the scenario replaces in them."""
        self._check_manager()
        if not scenario.done:
            raise UserError(self.env._("Run “%(name)s” first.", name=scenario.simulation_id.display_name))
        policies = self._policies_of(scenario)
        if not policies:
            raise UserError(self.env._("The products of “%(name)s” have no policy any more.", name=scenario.name))
        lines = [self._prepare_line(policy, self._settings_of(scenario, policy)) for policy in policies]
        return self._open(
            scenario.company_id,
            lines,
            source="simulator",
            scenario_id=scenario.id,
            reason=self.env._(
                "%(simulation)s: %(scenario)s", simulation=scenario.simulation_id.name, scenario=scenario.name
            ),
        )

    @api.model
    def _open_for_levels(self, company, levels, reason):
        """The dialog for service levels, ``{policy: level}``, as the policy curve proposes them."""
        self._check_manager()
        lines = [self._prepare_line(policy, {"service_level": level}) for policy, level in levels.items()]
        return self._open(company, lines, source="curve", reason=reason)

    @api.model
    def _policies_of(self, scenario):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT p.policy_id FROM scm_policy_proposal p
                  JOIN scm_simulation_result r ON r.product_id = p.product_id AND r.warehouse_id = p.warehouse_id
                 WHERE r.scenario_id = %s AND p.policy_id IS NOT NULL
                """,
                scenario.id,
            )
        )
        return self.env["scm.inventory.policy"].browse(policy_id for (policy_id,) in rows).exists().sorted()

    @api.model
    def _settings_of(self, scenario, policy):
        base = scenario.policy_id or policy
        return {name: scenario[name] or base[name] for name in SETTINGS}

    @api.model
    def _prepare_line(self, policy, settings):
        values = {name: policy[name] for name in SETTINGS} | settings
        curve = self.env["scm.policy.curve"]._of_policy(policy)
        return {
            "policy_id": policy.id,
            "service_level_before": policy.service_level,
            "stock_before": curve.stock_now if curve else 0.0,
            "stock_after": curve._at_level(values["service_level"])["stock"] if curve else 0.0,
            **values,
        }

    @api.model
    def _open(self, company, lines, **values):
        adopt = self.create({"company_id": company.id, "line_ids": [Command.create(line) for line in lines], **values})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Use These Settings"),
            "res_model": self._name,
            "res_id": adopt.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_confirm(self):
        """Write the settings that differ into the policies and log what stood before. Returns the log's list."""
        self.ensure_one()
        self._check_manager()
        changes = self.env["scm.inventory.policy.change"]
        for line in self.line_ids:
            changes += changes._apply(
                line.policy_id,
                {name: line[name] for name in SETTINGS},
                source=self.source,
                scenario_id=self.scenario_id.id,
                reason=self.reason,
                why=self.scenario_id.why or line._why(),
            )
        if not changes:
            raise UserError(self.env._("These are the settings that the policies have already."))
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_planning.scm_inventory_policy_change_action")
        return action | {"domain": [("id", "in", changes.ids)]}


class ScmPolicyAdoptLine(models.TransientModel):
    _name = "scm.policy.adopt.line"
    _description = "Adopt Policy Settings: One Policy"

    adopt_id = fields.Many2one("scm.policy.adopt", required=True, ondelete="cascade")
    policy_id = fields.Many2one("scm.inventory.policy", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="adopt_id.currency_id")
    service_level_before = fields.Float("Service Now", digits=(4, 3), readonly=True)
    service_level = fields.Float("New Service", digits=(4, 3))
    target = fields.Selection(
        [("cycle", "Cycles without stock-out"), ("fill", "Units delivered from stock")], "Service Counts"
    )
    review_days = fields.Float("Review (days)")
    cover_min_days = fields.Float("Least Cover (days)")
    cover_max_days = fields.Float("Most Cover (days)")
    stock_before = fields.Monetary("Stock Now", readonly=True, help="Expected stock value of the class.")
    stock_after = fields.Monetary(
        "Stock Then", readonly=True, help="Expected stock value of the class at that service."
    )

    def _why(self):
        money = self.currency_id.name
        return {
            "value": self.service_level,
            "unit": "percent",
            "method": "curve_level",
            "formula": "curve_formula",
            "terms": [
                {"code": "curve_level_now", "value": self.service_level_before, "unit": "percent"},
                {"code": "service_level", "value": self.service_level, "unit": "percent"},
                {"code": "curve_stock_now", "value": self.stock_before, "unit": money},
                {"code": "curve_stock_then", "value": self.stock_after, "unit": money},
            ],
            "notes": [],
        }

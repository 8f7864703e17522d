from odoo import api, fields, models
from odoo.exceptions import UserError


class ScmCountPlanRun(models.Model):
    """Each night: counts of the coming working days, warehouse by warehouse, and what to warn of."""

    _name = "scm.count.plan.run"
    _inherit = "scm.run.mixin"
    _description = "Count Plan"
    _run_cron = "scm_warehouse.scm_count_plan_run_cron"

    last_warehouse_id = fields.Integer(readonly=True, export_string_translation=False)
    planned_count = fields.Integer("Newly Planned", readonly=True, aggregator=None)
    kept_count = fields.Integer("Kept", readonly=True, aggregator=None, help="Open counts that stand as they were.")
    cancelled_count = fields.Integer("Not Needed any more", readonly=True, aggregator=None)
    late_count = fields.Integer(
        "Do not fit", readonly=True, aggregator=None, help="Due places that the capacity leaves until after their day."
    )

    @api.model
    def run_now(self, company_id=False, wait=False):
        """Plan the counts of the coming days; public, also over RPC. For supply-chain managers.

        :param company_id: by default the user's present company
        :param wait: work it off in this call instead of leaving it to the cron
        :return: id of the run
        :raises UserError: when no warehouse of the company plans its counts
        """
        company = self.env["res.company"].browse(company_id) if company_id else self.env.company
        self._check_run_manager(company)
        if not self._warehouses(company):
            raise UserError(
                self.env._(
                    "No warehouse of %(company)s plans its counts. Switch on “Plan Counts” in a warehouse, page "
                    "“Counting”.",
                    company=company.name,
                )
            )
        return self._run_now(company_id, wait)

    @api.model
    def action_run(self):
        """Plan the present company at once and show what is to be counted. For supply-chain managers."""
        self.run_now(wait=True)
        return self.env["ir.actions.act_window"]._for_xml_id("scm_warehouse.scm_count_plan_action")

    @api.model
    def _warehouses(self, company):
        # sudo: which warehouses take part is the same for everybody who may start the run
        return self.env["stock.warehouse"].sudo().search(
            [("company_id", "=", company.id), ("scm_count_planned", "=", True)], order="id"
        )  # fmt: skip

    def _next_batch(self):
        warehouses = self._warehouses(self.company_id)
        if not self.total_count:
            self.total_count = len(warehouses)
        warehouse = warehouses.filtered(lambda one: one.id > self.last_warehouse_id)[:1]
        if not warehouse:
            return 0
        counts = self.env["scm.count.plan"]._plan(warehouse.with_company(self.company_id))
        for name, count in counts.items():
            self[f"{name}_count"] += count
        self.last_warehouse_id = warehouse.id
        return 1

    def _publish(self):
        self.env["scm.count.alert"]._sync_alerts(self.company_id)
        return super()._publish()

    def _finish(self, state, message=False):
        if state == "done" and self.late_count:
            message = self.env._(
                "%(count)s due places do not fit before their day. Raise “Places a Day” of the warehouse, or count "
                "less often by the rules.",
                count=self.late_count,
            )
        return super()._finish(state, message)

    @api.model
    def _cron_start(self):
        """Queue a run of each company that plans its counts; look for what to warn of in the others."""
        self._start_each(self._companies_with("stock.warehouse", [("scm_count_planned", "=", True)]))
        self.env["scm.count.alert"]._cron_sync()

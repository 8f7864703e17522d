from datetime import timedelta

import numpy as np
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.scm_base.models.scm_run_slices import ranges

BATCH_SIZE = 2000
# Products whose proposals are rewritten at once
POLICY_SLICE = 10_000
DAILY_HORIZON = 56
# What a run does, in this order; each step commits, so that a killed run goes on behind the last one
STEPS = {
    "forecast": ("demand", "classes", "forecast", "policy", "plan", "alerts", "prune"),
    "refresh": ("demand", "classes", "policy", "plan", "alerts", "prune"),
    "daily": ("forecast", "prune"),
}
# Tables whose statistics the steps behind need, at the latest after the first big load
ANALYZE = ("scm_forecast", "scm_forecast_line")


class ScmForecastRun(models.Model):
    """One night's work for a company: demand, classes, forecast, policy, alerts.

    The kernel computes all products in one call, because what products have in common (season, events, error scores)
    must not depend on batches. Its result is kept as an attachment (:mod:`..kernel.spool`) before the first row is
    written, so that a run that was killed goes on writing the very same numbers.
    """

    _name = "scm.forecast.run"
    _inherit = "scm.run.mixin"
    _description = "Forecast Run"
    _run_cron = "scm_planning.scm_forecast_run_cron"

    kind = fields.Selection(
        [("forecast", "Forecast"), ("refresh", "Stock and alerts"), ("daily", "Forecast by day")],
        required=True,
        readonly=True,
        default="forecast",
    )
    step = fields.Selection(
        [
            ("demand", "Demand"),
            ("classes", "Classes"),
            ("forecast", "Forecast"),
            ("policy", "Policy"),
            ("alerts", "Alerts"),
            ("prune", "Clean up"),
            ("end", "Finished"),
        ],
        readonly=True,
        default="demand",
        required=True,
    )
    whole = fields.Boolean(
        readonly=True,
        help="Proposals and order plan of all products are made again, not only of those for which something changed.",
    )
    date = fields.Date("Day", readonly=True, help="Day of the run in the time zone of the company.")
    freq = fields.Selection([("W", "Week"), ("D", "Day")], string="Period", readonly=True, default="W", required=True)
    date_from = fields.Date("First period", readonly=True, index=True, help="First day that is forecast.")
    horizon = fields.Integer("Periods", readonly=True, aggregator=None)
    item_count = fields.Integer("Products forecast", readonly=True, aggregator=None)
    item_done = fields.Integer(readonly=True, help="Rows of so many products may be there, of all or of none.")
    published = fields.Boolean(readonly=True, help="Its rows can be seen.")
    current = fields.Boolean(readonly=True, index=True, help="The forecast that proposals and screens use.")
    wape = fields.Float("Error (WAPE)", readonly=True, aggregator=None, help="Sum of absolute errors / sum of demand.")
    bias = fields.Float(readonly=True, aggregator=None, help="Sum of errors / demand; positive: forecast too high.")
    wape_moving_average = fields.Float("Error of mean of 13", readonly=True, aggregator=None)
    bias_moving_average = fields.Float("Bias of mean of 13", readonly=True, aggregator=None)
    wape_seasonal_naive = fields.Float("Error of seasonal naive", readonly=True, aggregator=None)
    bias_seasonal_naive = fields.Float("Bias of seasonal naive", readonly=True, aggregator=None)
    forecast_ids = fields.One2many("scm.forecast", "run_id", string="Forecasts", readonly=True)

    # ------------------------------------------------------------------ start

    @api.model
    def run_now(self, company_id=None, kind="forecast", wait=False, whole=True):
        """Start a run; public, also over RPC. For supply-chain managers.

        :param company_id: by default the user's present company
        :param kind: ``forecast``, ``refresh`` (no new forecast) or ``daily``
        :param whole: False: proposals and order plan only of the products for which something changed, as at night;
            a forecast always plans all products again
        :param wait: work it off in this call instead of leaving it to the cron
        :return: id of the run; read ``state``, ``progress`` and ``message`` to follow it
        """
        company = self.env["res.company"].browse(company_id) if company_id else self.env.company
        self._check_run_manager(company)
        # sudo: role and company of the user are checked above; the results are closed to all users for writing
        run = self.sudo()._start_kind(company.sudo(), kind, whole=bool(whole) or kind == "forecast")
        if wait:
            run._process()
        return run.id

    @api.model
    def _start_kind(self, company, kind, **values):
        if kind not in STEPS:
            raise UserError(self.env._("There is no run of kind “%(kind)s”.", kind=kind))
        if not self.env["stock.warehouse"].search_count([("company_id", "=", company.id)], limit=1):
            raise UserError(
                self.env._(
                    "%(company)s has no warehouse, so there is nothing to plan. Create one under Inventory > "
                    "Configuration > Warehouses.",
                    company=company.name,
                )
            )
        return self._start(company, user_id=self.env.uid, **self._prepare_run_vals(company, kind) | values)

    @api.model
    def _prepare_run_vals(self, company, kind):
        today = self.env["scm.demand.day"]._scm_company_today(company)
        daily = kind == "daily"
        return {
            "kind": kind,
            "step": STEPS[kind][0],
            "date": today,
            "freq": "D" if daily else "W",
            "date_from": today if daily else today - timedelta(days=today.weekday()),
            "horizon": DAILY_HORIZON if daily else company.scm_forecast_weeks,
            "whole": kind == "forecast",
        }

    @api.model
    def _run_name(self, company):
        return self.env._(
            "Planning of %(day)s", day=fields.Date.to_string(self.env["scm.demand.day"]._scm_company_today(company))
        )

    # ------------------------------------------------------------------ steps

    def _next_batch(self):
        """One step, or one batch of the step ``forecast``. Each step counts as one subject of the progress."""
        self.ensure_one()
        if not self.total_count:
            self.total_count = len(STEPS[self.kind])
        if self.step == "end":
            return 0
        return getattr(self, f"_step_{self.step}")()

    def _go_on(self):
        """Turn to the next step; counts this one as a finished subject."""
        steps = (*STEPS[self.kind], "end")
        self.step = steps[steps.index(self.step) + 1]
        return 1

    def _step_demand(self):
        self.env["scm.demand.day"]._refresh(self.company_id)
        return self._go_on()

    def _step_classes(self):
        self.env["scm.product.class"]._refresh(self.company_id)
        return self._go_on()

    def _step_forecast(self):
        if not self._spool_attachment():
            self._compute_forecast()
        if not self.item_count:
            # nothing to learn from: proposals and alerts go on with what there is
            return self._go_on()
        if not self._sliced("items", self._cut_items):
            return 0
        self._publish_forecast()
        return self._go_on()

    def _step_policy(self):
        if not self._sliced("policy", self._cut_policy):
            return 0
        self._after_forecast()
        return self._go_on()

    def _cut_policy(self):
        """Products whose proposals are made again, in slices of ids."""
        product_ids = self.env["scm.policy.changed"]._product_ids(self.company_id, self.whole)
        self.env["scm.inventory.policy"]._ensure_defaults(self.company_id)
        return [product_ids[first:end] for first, end in ranges(len(product_ids), POLICY_SLICE)]

    def _slice_policy(self, work):
        self.env["scm.policy.proposal"]._refresh(self.company_id, work)
        return 0

    def _after_forecast(self):
        """Hook: what follows from the published forecast and the proposals of tonight."""
        proposals = self.env["scm.policy.proposal"]
        if self.company_id.scm_policy_auto_apply:
            domain = [("company_id", "=", self.company_id.id), ("state", "=", "proposed")]
            failed = proposals.search(domain)._apply_isolated()
            self._log_errors([(proposal.display_name, message) for proposal, message in failed.items()])

    def _step_alerts(self):
        self._refresh_alerts()
        return self._go_on()

    def _refresh_alerts(self):
        """Hook: checks whose alerts depend on tonight's figures."""
        self.env["scm.planning.alerts"]._refresh(self.company_id)

    def _step_prune(self):
        self._prune()
        return self._go_on()

    # ------------------------------------------------------------------ write

    def _cut_items(self):
        self.item_done = self.item_count
        return ranges(self.item_count, self._slice_size())

    @api.model
    def _slice_size(self):
        """Items per slice; larger slices need more memory, smaller ones more commits."""
        # sudo: a technical setting without secrets
        setting = self.env["ir.config_parameter"].sudo().get_param("scm_planning.slice_size", "")
        return int(setting) if setting.isdecimal() and int(setting) else BATCH_SIZE

    def _slice_items(self, work):
        """Write the forecast of some products; returns how many."""
        if not self._has_spool():
            raise UserError(self.env._("The forecast that was computed is not there any more. Plan again."))
        keys, result, extra = self._kernel_result()
        rows = np.arange(*work)
        gone = self.env["scm.forecast"]._write_batch(self, keys, result, extra, rows)
        if gone:
            message = self.env._(
                "The product or its warehouse was deleted while the run was going on; it was left out."
            )
            self._log_errors([(self.env._("Product %(id)s", id=product_id), message) for product_id in gone])
        return len(rows)

    def _publish_forecast(self):
        """Show the rows of this run and retire those before it, in one transaction."""
        previous = self.search(
            [("company_id", "=", self.company_id.id), ("freq", "=", self.freq), ("current", "=", True)]
        )
        self.env["scm.forecast"]._carry_overrides(previous, self)
        self.env["scm.forecast"]._track(self)
        previous.current = False
        self.write({"published": True, "current": True})
        self.env.cr.execute(SQL("UPDATE scm_forecast SET published = TRUE WHERE run_id = %s", self.id))
        self.env["scm.forecast"].invalidate_model()
        for table in ANALYZE:
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))

    def _prune(self):
        """Delete the rows of replaced, failed and old runs; the runs themselves stay as a log."""
        runs = self.search([("company_id", "=", self.company_id.id), ("id", "!=", self.id), ("item_done", ">", 0)])
        keep = runs.filtered("current")
        weeks = {(run.freq, run.date_from) for run in keep | self.filtered("current")}
        for run in runs.filtered(lambda run: run.published and not run.current).sorted("id", reverse=True):
            same_freq = [week for week in weeks if week[0] == run.freq]
            if (run.freq, run.date_from) not in weeks and len(same_freq) < self.company_id.scm_forecast_keep:
                weeks.add((run.freq, run.date_from))
                keep += run
        (runs - keep)._drop_rows()
        (runs | self).filtered(lambda run: not run.current)._spool_attachments().unlink()

    def _spool_attachments(self):
        domain = [("res_model", "=", self._name), ("res_id", "in", self.ids), ("res_field", "=", "spool")]
        # sudo: whoever got these runs may have what they computed; attachments without a field are closed to users
        return self.env["ir.attachment"].sudo().search(domain)

    def _drop_rows(self):
        self.env["scm.forecast"]._delete_of(self)
        # sudo: as for the rows of the forecast, which no user may delete either
        self.env["scm.event.effect"].sudo().search([("run_id", "in", self.ids)]).unlink()
        self.write({"published": False, "item_done": 0})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_current(self):
        if self.filtered("current"):
            raise UserError(self.env._("This is the current forecast. Start a new run before you delete it."))

    @api.ondelete(at_uninstall=True)
    def _unlink_results(self):
        self._spool_attachments().unlink()
        self.env["scm.forecast"]._delete_of(self)

    # ---------------------------------------------------------------- buttons

    def action_open_forecasts(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_planning.scm_forecast_action")
        return action | {"domain": [("run_id", "=", self.id)], "context": {}}

    @api.model
    def action_run_now(self):
        """Button of the list: queue a forecast for the present company and show it."""
        run_id = self.run_now()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": run_id,
            "views": [(False, "form")],
        }

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.scm_base.tools.zones import local_today

from .scm_finding_act import DUE_DAYS

#: a list longer than this is no list
MOST_RECORDS = 10000


class ScmFinding(models.Model):
    """From a finding to its records and to an improvement."""

    _inherit = "scm.finding"

    def action_improve(self):
        """Open an improvement per finding, or show the ones there are; public, also over RPC. For managers.

        What was taken over from the search for causes of returns is improved there, with what follows from it.

        :return: action that shows the improvements
        """
        findings = self._decide()
        if over := findings.filtered(lambda one: one.state in ("dismissed", "resolved")):
            raise UserError(
                self.env._(
                    "“%(finding)s” is dismissed or holds no more: take it up again before you improve it.",
                    finding=over[0].name,
                )
            )
        taken = findings.filtered("res_id")
        taken._improve_sources()
        own = findings - taken
        # sudo: the role is checked above
        improvements = self.env["scm.improvement"].sudo()._open_for([one._prepare_improvement() for one in own])
        for finding, improvement in zip(own, improvements, strict=True):
            finding.write({"improvement_id": improvement.id, "state": "improving"})
        return self._show_improvements(findings.improvement_id)

    def _improve_sources(self):
        """Improve what was taken over where it came from, with the user's own rights there."""
        for model, findings in self.grouped("res_model").items():
            sources = self.env(su=False)[model].browse(findings.mapped("res_id")).exists()
            sources.action_improve()
            # sudo: the improvements that were just opened by the user himself
            by_source = {source.id: source.improvement_id.id for source in sources.sudo()}
            for finding in findings.filtered(lambda one, known=by_source: one.res_id in known):
                finding.write({"improvement_id": by_source[finding.res_id], "state": "improving"})

    @api.model
    def _show_improvements(self, improvements):
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_base.scm_improvement_action")
        action |= {"domain": [("id", "in", improvements.ids)], "context": {}}
        if len(improvements) == 1:
            action |= {"views": [(False, "form")], "res_id": improvements.id}
        return action

    def _prepare_improvement(self):
        """Hook: values of the improvement."""
        self.ensure_one()
        today = local_today(self.company_id)
        metric = self._improvement_metric()
        return {
            "name": self.env._("%(what)s: %(change)s", what=self.name, change=self.change_text),
            "area": self.area,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "source_key": f"finding,{self.id}",
            "res_model": self._name,
            "res_id": self.id,
            "scm_change_id": self.id,
            "user_id": self.env.uid,
            "date_open": today,
            "date_due": today + timedelta(days=DUE_DAYS),
            "problem": self._sentence(),
            "value": max(-self.money, 0.0),
            **({"metric": metric, **self._baseline(today)} if metric else {}),
        }

    def _improvement_metric(self):
        """Measure of improvements that tells whether this went away, or False."""
        self.ensure_one()
        metric = {"not_otif": "otif_rate", "days_late": "days_late"}.get(self.measure) or f"finding_{self.measure}"
        return metric if metric in self.env["scm.improvement"]._metrics() else False

    def _baseline(self, today):
        """The weeks in which it was seen are the time before; half of the change counts as a success."""
        share = 50 if self.unit == "percent" else 0.5
        target = {} if self.kind == "growth" else {"target": round(share * abs(self.change), 2)}
        return {"baseline_from": self.date_from, "baseline_to": today - timedelta(days=1), **target}

    # Behind it

    def action_records(self):
        """Open the records behind a finding; public, also over RPC. For supply-chain users, with their own rights.

        :raises UserError: when the finding was taken over from another search
        """
        self.env["scm.metric"]._check_reader()
        self.ensure_one()
        self.check_access("read")
        if self.res_id:
            raise UserError(self.env._("“%(name)s” was taken over: open its source.", name=self.name))
        # sudo: ids for a list that opens with the user's own rights; the finding itself was read with them
        model, domain = self.sudo()._record_domain()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": model,
            "views": [(False, "list"), (False, "form")],
            "domain": domain,
        }

    def _record_domain(self):
        """``(model, domain)`` of the records behind it."""
        if self.kind == "excess":
            domain = [("company_id", "=", self.company_id.id), ("categ_id", "=", self.categ_id.id)]
            return "scm.excess", [*domain, ("warehouse_id", "=", self.warehouse_id.id)]
        if self.kind == "forecast_bias":
            return "scm.forecast.accuracy", self._bias_domain()
        ids = self.env["scm.finding.measure"]._record_ids(self, MOST_RECORDS)
        if self.kind == "peak":
            return "sale.order", [("id", "in", ids)]
        measure = self.env["scm.finding.measure"]._measure_of(self)
        return self.env["scm.finding.measure"]._record_model(measure.source), [("id", "in", ids)]

    def _bias_domain(self):
        return [
            ("company_id", "=", self.company_id.id),
            ("dimension", "=", self.dimension),
            ("key", "=", str((self.categ_id or self.warehouse_id).id)),
            ("date", ">=", fields.Date.to_string(self.date_from)),
            ("date", "<=", fields.Date.to_string(self.date_to)),
        ]

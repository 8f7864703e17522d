from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_today, zone_name
from odoo.addons.scm_logistics.kernel.late_reason import late_reason

from ..kernel.care import fault_of, first_rule, is_held_out, within_budget

#: nobody is told of a delay that is over for longer than this
FRESH_DAYS = 14
#: and nothing of parcels that were promised so long ago
OLD_DAYS = 120

#: the latest parcel of each order that has no case yet
_LATE = """
    SELECT DISTINCT ON (sale.id)
           sale.id, parcel.id,
           GREATEST(COALESCE(parcel.days_late, 0), 0),
           CASE WHEN parcel.date_delivered IS NULL
                THEN GREATEST(GREATEST(parcel.date_expected,
                              CASE WHEN parcel.p_late >= %(likely)s THEN parcel.date_suggested END)
                              - parcel.date_promised, 0) ELSE 0 END,
           sale.amount_total / COALESCE(NULLIF(sale.currency_rate, 0), 1.0),
           (commercial.scm_customer_class_id ->> %(company_key)s)::int
      FROM scm_parcel parcel
      JOIN scm_parcel_sale_rel rel ON rel.parcel_id = parcel.id
      JOIN sale_order sale ON sale.id = rel.order_id AND sale.state = 'sale'
      JOIN res_partner partner ON partner.id = sale.partner_id
      JOIN res_partner commercial ON commercial.id = partner.commercial_partner_id
     WHERE parcel.company_id = %(company)s AND parcel.direction = 'out' AND sale.company_id = %(company)s
       AND parcel.date_promised >= %(since)s
       AND (parcel.is_final IS NOT TRUE OR parcel.date_delivered >= %(fresh)s)
       AND (parcel.days_late > 0 OR (parcel.date_delivered IS NULL
            AND GREATEST(parcel.date_expected, parcel.date_suggested) > parcel.date_promised))
       AND NOT EXISTS (SELECT 1 FROM scm_care_case one WHERE one.order_id = sale.id)
     ORDER BY sale.id, GREATEST(COALESCE(parcel.days_late, 0), 0) DESC, parcel.id
"""


class ScmCareRule(models.Model):
    """Running the rules of a company: late orders become cases, once each."""

    _inherit = "scm.care.rule"

    @api.model
    def _cron_run(self):
        """Each company with a rule that is on, in a transaction of its own."""
        companies = self.search([("is_on", "=", True)]).company_id.filtered(lambda one: not one.scm_care_stop)
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(companies))
        for company in companies:
            self._run_rules(company)
            if not cron._commit_progress(1):
                break

    def action_run(self):
        """Run the rules of these rules' companies now.

        :return: number of new cases
        """
        self.env["scm.care.case"]._check_carer()
        # sudo: the role was checked above, and the companies are those of rules that the user sees
        return sum(len(self.sudo()._run_rules(company)) for company in self.company_id)

    @api.model
    def _run_rules(self, company):
        """Open a case for each late order that a rule takes up, and send what needs nobody's approval.

        Running twice opens nothing twice. A number of queries that does not grow with the orders, up to the messages.
        """
        cases = self.env["scm.care.case"]
        if company.scm_care_stop:
            return cases
        rules = self.search([("company_id", "=", company.id), ("is_on", "=", True)])
        if not rules:
            return cases
        rules._touch()
        prepared = rules._prepare_cases(company)
        cases = cases.create(prepared)
        cases.filtered(lambda case: case.state == "approved")._tell()
        return cases

    def _prepare_cases(self, company):
        """Values of the cases that these rules would open now. Writes nothing."""
        found = self._late_orders(company)
        parcels = self.env["scm.parcel"].browse([row["parcel"] for row in found])
        faults = self._faults(company, parcels, {row["parcel"]: row["predicted"] for row in found})
        compiled, by_id, today = self._compiled(), {rule.id: rule for rule in self}, local_today(company)
        orders = self.env["sale.order"].browse([row["order"] for row in found])
        partners = {order.id: order.partner_id.id for order in orders}
        prepared = []
        for row in found:
            row["fault"] = fault_of(faults[row["parcel"]])
            key = first_rule(compiled, row["actual"], row["predicted"], row["value"], row["class"], row["fault"])
            if key:
                prepared.append(by_id[key]._prepare_case(company, row, faults[row["parcel"]], partners, today))
        self._apply_budget(prepared)
        return prepared

    @api.model
    def _late_orders(self, company):
        """Late orders without a case, one dict each; the parcel is the latest of the order."""
        for model, names in (
            ("scm.parcel", ["days_late", "date_promised", "date_expected", "p_late", "is_final", "sale_ids"]),
            ("sale.order", ["state", "amount_total", "currency_rate"]),
            ("scm.care.case", ["order_id"]),
            ("res.partner", ["commercial_partner_id", "scm_customer_class_id"]),
        ):
            self.env[model].flush_model(names)
        today = local_today(company)
        rows = self.env.execute_query(
            SQL(
                _LATE,
                company=company.id,
                company_key=str(company.id),
                likely=company.scm_late_probability,
                since=today - timedelta(days=OLD_DAYS),
                fresh=fields.Datetime.now() - timedelta(days=FRESH_DAYS),
            )
        )
        defaults = self.env["scm.customer.class"].search(
            [("company_id", "=", company.id), ("is_default", "=", True)], limit=1
        )
        names = ("order", "parcel", "actual", "predicted", "value", "class")
        found = [dict(zip(names, row, strict=True)) for row in rows]
        for row in found:
            row["class"] = row["class"] or defaults.id or False
        return found

    @api.model
    def _faults(self, company, parcels, predicted):
        """``{parcel id: late reason}`` as the customer's page gives it; lanes are looked up together."""
        keys = {
            one.id: (one.carrier_id.id, one.warehouse_id.id or False, one.zone_id.id or False, one.band_id.id or False)
            for one in parcels
        }
        lanes = self.env["scm.lane"]._lookup(company, set(keys.values())) if parcels else {}
        reasons = {}
        for parcel in parcels:
            facts = parcel._late_facts(zone_name(company, parcel.warehouse_id))
            lane = lanes[keys[parcel.id]]
            leave_by = facts.promised - timedelta(days=int(lane["median"])) if lane["pmf"] else None
            expected = facts.promised + timedelta(days=predicted[parcel.id])
            reasons[parcel.id] = late_reason(
                replace(facts, ready_by=leave_by, expected=max(filter(None, (facts.expected, expected))))
            )
        return reasons

    def _prepare_case(self, company, row, reason, partners, today):
        """Values of one case; ``row`` is one of :meth:`_late_orders`."""
        days = self._compile().days(row["actual"], row["predicted"])
        amount = self.amount if self.program_id else 0.0
        held_out = is_held_out(row["order"], self.holdout_percent / 100, str(self.id))
        approved = not held_out and (not self.program_id or 0 < amount <= self.approve_above)
        return {
            "company_id": company.id,
            "rule_id": self.id,
            "order_id": row["order"],
            "partner_id": partners[row["order"]],
            "parcel_id": row["parcel"],
            "state": "held_out" if held_out else "approved" if approved else "proposed",
            "days_late": days,
            "is_predicted": row["actual"] < self.days_from,
            "fault": row["fault"],
            "order_value": row["value"],
            "amount": 0.0 if held_out else amount,
            "month": today.replace(day=1),
            "date_opened": today,
            "why": self._why(company, row, reason, days, amount, held_out),
        }

    def _why(self, company, row, reason, days, amount, held_out):
        money = company.currency_id.name
        return {
            "value": company.currency_id.round(amount),
            "unit": money,
            "method": "care_rule",
            "formula": "care_formula",
            "terms": [
                {"code": "care_rule_name", "value": self.name},
                {"code": "care_days_late", "value": days, "unit": "days"},
                {"code": "care_days_from", "value": self.days_from, "unit": "days"},
                {"code": "care_fault", "value": f"care_fault_{row['fault']}"},
                {"code": "care_order_value", "value": company.currency_id.round(row["value"]), "unit": money},
                {"code": "care_approve_above", "value": self.approve_above, "unit": money},
                {"code": "care_holdout", "value": self.holdout_percent / 100, "unit": "percent"},
            ],
            "notes": (["care_held_out"] if held_out else [])
            + (["care_predicted"] if row["actual"] < self.days_from else [])
            + ([] if reason else ["care_fault_unknown"]),
        }

    def _apply_budget(self, prepared):
        """What the budget of a rule does not pay any more is marked, and not sent. The most valuable orders first."""
        left = self._left()
        for rule in self:
            mine = [one for one in prepared if one["rule_id"] == rule.id and one["state"] in ("approved", "proposed")]
            mine.sort(key=lambda one: (-one["order_value"], one["order_id"]))
            for values, fits in zip(mine, within_budget([one["amount"] for one in mine], left[rule.id]), strict=True):
                if not fits:
                    values["state"] = "over_budget"
                    values["why"]["notes"].append("care_over_budget")

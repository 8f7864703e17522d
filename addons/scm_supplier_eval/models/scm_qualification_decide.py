from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from .scm_supplier_qualification import DECIDED

RANK = {False: 0, "rejected": 0, "conditional": 1, "qualified": 2}


class ScmSupplierQualification(models.Model):
    """What a person decides about a supplier, and what replaces it later."""

    _inherit = "scm.supplier.qualification"

    def scm_decide(self, outcome, conditions=False, condition_date=False, date_expiry=False, reason=False):
        """Decide: ``qualified``, ``conditional`` (with conditions and a day) or ``rejected``.

        Buyers decide as proposed or more strictly. To decide better than proposed, or without answers, takes a supply
        chain manager and a reason. An earlier decision about the same supplier and category is replaced.

        :param condition_date: day or ISO text until which the conditions are to be met
        :param date_expiry: day or ISO text; without it the validity of the template counts from today
        """
        self._check_buyer()
        if outcome not in ("qualified", "conditional", "rejected"):
            raise UserError(self.env._("Decide for qualified, conditional or rejected, not for “%(x)s”.", x=outcome))
        condition_date, date_expiry = fields.Date.to_date(condition_date), fields.Date.to_date(date_expiry)
        for one in self:
            one._check_decision(outcome, conditions, condition_date, date_expiry, reason)
            one._replace_earlier()
            one.write(one._prepare_decision(outcome, conditions, condition_date, date_expiry, reason))
        self.activity_feedback(["scm_supplier_eval.scm_mail_activity_type_review"])
        self._refresh_suspension()
        return True

    def _check_decision(self, outcome, conditions, condition_date, date_expiry, reason):
        today, name = self._today_of(self.company_id), self.display_name
        if not self.active:
            raise UserError(self.env._("“%(name)s” was replaced by a newer qualification.", name=name))
        if outcome == "conditional" and not (conditions and condition_date):
            raise UserError(
                self.env._("A conditional qualification needs its conditions and a day: %(name)s", name=name)
            )
        for day in (condition_date, date_expiry):
            if day and day < today:
                raise ValidationError(
                    self.env._("%(day)s is in the past: %(name)s", day=format_date(self.env, day), name=name)
                )
        if RANK[outcome] > RANK[self.proposed_state]:
            if not self.env.su and not self.env.user.has_group("scm_base.scm_group_manager"):
                raise UserError(
                    self.env._(
                        "The answers of “%(name)s” do not reach “%(outcome)s”. Only a supply chain manager can decide "
                        "so, with a reason.",
                        name=name,
                        outcome=dict(self._fields["state"]._description_selection(self.env))[outcome],
                    )
                )
            if not reason:
                raise UserError(self.env._("Say why “%(name)s” is better than its answers.", name=name))

    def _prepare_decision(self, outcome, conditions, condition_date, date_expiry, reason):
        today = self._today_of(self.company_id)
        months = self.template_id.validity_months or 24
        allowed = outcome != "rejected"
        return {
            "state": outcome,
            "date_decided": today,
            "decided_by_id": self.env.uid,
            "decision_reason": reason,
            "date_qualified": today if allowed else False,
            "date_expiry": (date_expiry or today + relativedelta(months=months)) if allowed else date_expiry,
            "conditions": conditions if outcome == "conditional" else False,
            "condition_date": condition_date if outcome == "conditional" else False,
            "suspended_from": False,
            "suspended_reason": False,
            "suspended_evidence_id": False,
        }

    def _replace_earlier(self):
        earlier = self._same_scope().filtered(lambda one: one.state in DECIDED)
        if earlier:
            self.previous_id = earlier[0]
            earlier.write({"active": False})

    def _same_scope(self):
        """Other active qualifications of the same supplier, company and category, latest first."""
        return self.search(
            [
                ("id", "!=", self.id),
                ("company_id", "=", self.company_id.id),
                ("categ_id", "=", self.categ_id.id),
                ("partner_id.commercial_partner_id", "=", self.partner_id.commercial_partner_id.id),
            ]
        )

    @api.model
    def _archive_outdated(self, suppliers):
        """Keep only the latest decision per company and category active."""
        seen = set()
        for one in self.search(
            [("partner_id.commercial_partner_id", "in", suppliers.ids), ("state", "in", DECIDED)],
            order="date_decided desc, id desc",
        ):
            scope = (one.company_id.id, one.categ_id.id, one.partner_id.commercial_partner_id.id)
            if scope in seen:
                one.active = False
            seen.add(scope)

    def action_conditions_met(self):
        """The supplier did what was asked: it is qualified."""
        self._check_buyer()
        for one in self:
            if one.state != "conditional" and not (one.state == "suspended" and one.suspended_from == "conditional"):
                raise UserError(self.env._("“%(name)s” has no open conditions.", name=one.display_name))
            one.message_post(body=self.env._("Conditions met: %(conditions)s", conditions=one.conditions or ""))
            one.write(
                {
                    "state": "qualified",
                    "condition_date": False,
                    "suspended_from": False,
                    "suspended_reason": False,
                    "suspended_evidence_id": False,
                }
            )
        self._refresh_suspension()
        return True

    def action_decide(self):
        """Open the dialog that asks for the decision."""
        self._check_buyer()
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_supplier_eval.scm_qualification_decision_action")
        outcome = self.proposed_state or "qualified"
        return action | {"context": {"default_qualification_id": self.id, "default_outcome": outcome}}

    def action_requalify(self):
        """A new qualification of the same supplier and category by the active template; this one holds until then."""
        self._check_buyer()
        new = self.browse()
        for one in self:
            running = one._same_scope().filtered(lambda other: other.state in ("draft", "asked", "review"))
            new += running[:1] or self.create(one._prepare_requalification())
        return new._get_records_action(name=self.env._("Qualify Again"))

    def _prepare_requalification(self):
        template = self.template_id if self.template_id.state == "active" else self._default_template(self.company_id)
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "categ_id": self.categ_id.id,
            "template_id": template.id,
            "contact_id": self.contact_id.id,
            "user_id": self.user_id.id,
        }

    @api.model
    def _default_template(self, company):
        """The active template of the company, else of all."""
        templates = self.env["scm.supplier.template"].search(
            [("state", "=", "active"), ("company_id", "in", (company.id, False))], order="company_id, date_active desc"
        )
        return templates[:1]

    def _check_buyer(self):
        """Daily work: buyers and supply chain managers, on records that they may write."""
        user = self.env.user
        allowed = ("purchase.group_purchase_user", "scm_base.scm_group_manager")
        if not self.env.su and not any(user.has_group(group) for group in allowed):
            raise UserError(self.env._("Only buyers and supply chain managers qualify suppliers."))
        self.check_access("write")

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.scm_base.tools.zones import local_today

from .scm_safety_incident import OPEN

#: inspections that a phone loads at most; overdue ones and its user's own first
MOST_INSPECTIONS = 100
#: days ahead for which one may begin
AHEAD_DAYS = 3
SHOWN_INCIDENTS = 20


class ScmSafetyInspection(models.Model):
    """What a phone loads before its user walks off, so that it needs no connection on the way."""

    _inherit = "scm.safety.inspection"

    @api.model
    @api.readonly
    def get_round(self, warehouse_id=False):
        """Inspections to make, all checklists with their questions, types of incidents, and open incidents.

        :param warehouse_id: the warehouse one stands in; without, the first of the ticked companies
        :return: dict with ``warehouses``, ``warehouse_id``, ``today``, ``inspections``, ``templates`` (by id as text),
            ``types``, ``incidents``, ``streak``
        """
        self.env["scm.safety.incident"]._check_may_report()
        warehouses = self.env["stock.warehouse"].search_fetch(
            [("company_id", "in", self.env.companies.ids)], ["name", "company_id"], order="sequence, id"
        )
        warehouse = warehouses.filtered(lambda one: one.id == warehouse_id) or warehouses[:1]
        today = local_today(warehouse.company_id or self.env.company, warehouse)
        templates = self.env["scm.safety.template"].search(
            [("active", "=", True), ("company_id", "in", [False, warehouse.company_id.id])]
        )
        inspections = self._round_inspections(warehouse, today)
        return {
            "warehouses": [{"id": one.id, "name": one.name} for one in warehouses],
            "warehouse_id": warehouse.id or False,
            "today": fields.Date.to_string(today),
            "user": self.env.user.name,
            "inspections": [one._round_row(today) for one in inspections],
            "templates": {str(one.id): one._round_template() for one in templates | inspections.template_id},
            "types": self._round_types(),
            "incidents": self._round_incidents(warehouse),
            "streak": self.env["scm.safety.board"]._streak(self.env.companies, warehouse)["days"],
            "can_inspect": self._may_inspect(),
        }

    @api.model
    def _may_inspect(self):
        user = self.env.user
        return user.has_group("stock.group_stock_user") or user.has_group("scm_base.scm_group_manager")

    @api.model
    def _round_inspections(self, warehouse, today):
        found = self.search(
            Domain("warehouse_id", "=", warehouse.id)
            & Domain("state", "=", "todo")
            & Domain("date_due", "<=", today + timedelta(days=AHEAD_DAYS)),
            order="date_due, id",
            limit=MOST_INSPECTIONS,
        )
        return found.sorted(
            lambda one: (one.date_due > today, one.user_id not in (self.env.user, one.user_id.browse()))
        )

    def _round_row(self, today):
        self.ensure_one()
        late = (today - self.date_due).days
        return {
            "id": self.id,
            "template_id": self.template_id.id,
            "name": self.template_id.name,
            "subject": self.subject,
            "where": self.equipment or self.location_id.display_name or self.location_name or "",
            "date_due": fields.Date.to_string(self.date_due),
            "late": max(late, 0),
            "ahead": max(-late, 0),
            "user": self.user_id.name or "",
            "is_mine": self.user_id == self.env.user,
        }

    @api.model
    def _round_types(self):
        types = self.env["scm.safety.incident.type"].search([("active", "=", True)])
        return [
            {
                "code": kind.code,
                "name": kind.name,
                "icon": kind.icon or "fa-exclamation-triangle",
                "severity": kind.severity,
                "is_locking": kind.is_locking,
                "steps": [step._round_step() for step in kind.procedure_id.step_ids],
            }
            for kind in types
        ]

    @api.model
    def _round_incidents(self, warehouse):
        found = self.env["scm.safety.incident"].search(
            [("warehouse_id", "=", warehouse.id), ("state", "in", OPEN)], limit=SHOWN_INCIDENTS
        )
        return [
            {
                **one._head(),
                "place": one.location_id.display_name or one.location_name or "",
                "date": fields.Date.to_string(one.date_local),
                "locked": one.lock_location_ids.mapped("display_name"),
                "steps": one._steps_answer(),
            }
            for one in found
        ]


class ScmSafetyTemplate(models.Model):
    _inherit = "scm.safety.template"

    def _round_template(self):
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            "subject": self.subject,
            "description": self.description or "",
            "minutes": self.minutes,
            "is_signed": self.is_signed,
            "items": [
                {
                    "id": item.id,
                    "section": item.section or "",
                    "question": item.name,
                    "help": item.help_text or "",
                    "kind": item.kind,
                    "is_critical": item.is_critical,
                    "needs_photo": item.needs_photo,
                    "is_locking": item.is_locking,
                    "unit": item.unit or "",
                    "limits": item._limit_words(),
                    "low": item.minimum if item.has_minimum else False,
                    "high": item.maximum if item.has_maximum else False,
                    "has_low": item.has_minimum,
                    "has_high": item.has_maximum,
                }
                for item in self.item_ids
            ],
        }


class ScmSafetyProcedureStep(models.Model):
    _inherit = "scm.safety.procedure.step"

    def _round_step(self):
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            "role": self.role or "",
            "person": self.user_id.name or "",
            "phone": self.phone or "",
            "minutes": self.minutes,
            "done": False,
        }

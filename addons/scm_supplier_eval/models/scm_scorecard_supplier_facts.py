from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime

MAX_FACTS = 2000
#: facts that a supplier may see, and the paths to the supplier and the company that each must lead to
SHOWN = {
    "scm.receipt.fact": ("partner_id", "company_id"),
    "scm.receipt.inspection": ("partner_id.commercial_partner_id", "company_id"),
    "purchase.order": ("partner_id.commercial_partner_id", "company_id"),
    "purchase.order.line": ("order_id.partner_id.commercial_partner_id", "company_id"),
    "scm.improvement": ("partner_id.commercial_partner_id", "company_id"),
}


class ScmScorecardLine(models.Model):
    """The facts behind a measure, as the supplier may see them: its own documents, nothing of ours or of others."""

    _inherit = "scm.scorecard.line"

    def _supplier_facts(self):
        """The records behind the measure that belong to the supplier of the card.

        Kinds that are not listed in ``SHOWN`` (what our buyers said, say) are not shown, so that a new measure shows
        nothing until somebody has thought about it.
        """
        self.ensure_one()
        action = self.action_open_facts()
        if not action or action.get("res_model") not in SHOWN:
            return None
        model = self.env[action["res_model"]].with_context(**self._facts_context(action))
        partner_path, company_path = SHOWN[action["res_model"]]
        own = Domain(partner_path, "=", self.card_id.partner_id.id) & Domain(
            company_path, "=", self.card_id.company_id.id
        )
        return model.search(Domain(action.get("domain") or []) & own, limit=MAX_FACTS)

    def _facts_context(self, action):
        context = action.get("context") or {}
        return {key: value for key, value in context.items() if key == "scm_as_of"} if isinstance(context, dict) else {}

    def _supplier_fact(self, res_model, res_id):
        """The fact if it is one of those behind this measure, else None."""
        facts = self._supplier_facts()
        if facts is None or facts._name != res_model:
            return None
        return facts.filtered(lambda fact: fact.id == res_id) or None

    def _fact_rows(self, facts):
        """What a page shows of each fact: title, the order it belongs to, label and value pairs, and a verdict."""
        describe = getattr(self, f"_fact_{facts._name.replace('.', '_')}")
        return [{"id": fact.id, "model": facts._name, **describe(fact)} for fact in facts]

    def _day(self, day):
        return format_date(self.env, day) if day else "–"

    def _fact_scm_receipt_fact(self, fact):
        tones = {"on_time": "success", "late": "danger", "overdue": "danger", "waiting": "secondary"}
        labels = dict(fact._fields["status"]._description_selection(self.env))
        unit = fact.uom_id.name
        return {
            "title": fact.product_id.display_name,
            "subtitle": fact.order_id.name,
            "cells": [
                (self.env._("Ordered"), f"{fact.qty_ordered:g} {unit}"),
                (self.env._("Promised"), self._day(fact.promise_date)),
                (self.env._("Last receipt"), self._day(fact.date_last_receipt)),
                (self.env._("On time"), f"{fact.qty_on_time:g} {unit}"),
            ],
            "badge": labels.get(fact.status, ""),
            "tone": tones.get(fact.status, "secondary"),
        }

    def _fact_scm_receipt_inspection(self, inspection):
        unit = inspection.uom_id.name
        bad = inspection.qty_rejected > 0
        return {
            "title": inspection.product_id.display_name,
            "subtitle": inspection.picking_id.name,
            "cells": [
                (self.env._("Inspected"), self._day(inspection.date)),
                (self.env._("Received"), f"{inspection.qty_received:g} {unit}"),
                (self.env._("Rejected"), f"{inspection.qty_rejected:g} {unit}"),
                (self.env._("Defect"), inspection.defect_id.name or "–"),
            ],
            "badge": self.env._("rejected") if bad else self.env._("good"),
            "tone": "danger" if bad else "success",
        }

    def _moment(self, moment):
        return format_datetime(self.env, moment, dt_format="short") if moment else "–"

    def _fact_purchase_order(self, order):
        return {
            "title": order.name,
            "subtitle": order.partner_ref or "",
            "cells": [
                (self.env._("Request sent"), self._moment(order.scm_rfq_sent_at)),
                (self.env._("Answered"), self._moment(order.scm_answered_at)),
                (self.env._("Ordered"), self._moment(order.date_approve)),
                (self.env._("Acknowledged"), self._moment(order.scm_acknowledged_at)),
            ],
            "badge": "",
            "tone": "secondary",
        }

    def _fact_purchase_order_line(self, line):
        return {
            "title": line.product_id.display_name or line.name,
            "subtitle": line.order_id.name,
            "cells": [
                (self.env._("Ordered"), f"{line.product_qty:g} {line.product_uom_id.name}"),
                (self.env._("Price"), line.currency_id.format(line.price_unit)),
                (self.env._("Order date"), self._day(line.date_approve or line.date_order)),
            ],
            "badge": "",
            "tone": "secondary",
        }

    def _fact_scm_improvement(self, improvement):
        late = improvement.date_answered and improvement.date_answered.date() > (
            improvement.date_answer_due or improvement.date_answered.date()
        )
        return {
            "title": improvement.name,
            "subtitle": improvement.product_id.display_name or "",
            "cells": [
                (self.env._("Answer due"), self._day(improvement.date_answer_due)),
                (self.env._("Answered"), self._day(improvement.date_answered)),
            ],
            "badge": self.env._("late") if late or not improvement.date_answered else self.env._("in time"),
            "tone": "danger" if late or not improvement.date_answered else "success",
        }

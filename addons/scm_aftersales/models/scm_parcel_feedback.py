from odoo import fields, models

#: reasons of returns that mean the same as what is reported about a parcel
REASONS = {
    "not_arrived": "not_reached",
    "damaged": "damaged_parcel",
    "incomplete": "parts_missing",
    "wrong": "wrong_item",
}


class ScmParcel(models.Model):
    _inherit = "scm.parcel"

    def _report_problem(self, kind, text, author=None):
        result = super()._report_problem(kind, text, author=author)
        labels = dict(self.env["scm.delivery.request"]._problems())
        # without words there is nothing to learn from
        code = REASONS.get(kind) if text else None
        reason = self.env["scm.return.reason"].sudo().search([("code", "=", code)], limit=1)  # sudo: a name only
        # sudo: the tracking page has let the customer report; what he says is for the staff
        self.env["scm.feedback"].sudo().create(
            {
                "company_id": self.company_id.id,
                "source": "parcel",
                "res_model": self._name,
                "res_id": self.id,
                "date": fields.Datetime.now(),
                "text": text or labels[kind],
                "partner_id": (author or self.partner_id).id,
                "order_id": self.sale_ids[:1].id if len(self.sale_ids) == 1 else False,
                "reason_id": reason.id,
                "reason_source": "customer" if reason else False,
            }
        )
        return result

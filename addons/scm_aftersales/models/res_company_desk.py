from odoo import fields, models
from odoo.tools import SQL

from .scm_return_desk import TIMED

NORMS = tuple(f"scm_return_norm_{state}" for state in TIMED)


class ResCompany(models.Model):
    _inherit = "res.company"

    scm_return_norm_requested = fields.Float(
        "Decide within (hours)", default=24.0, help="Hours that a request may wait for its decision."
    )
    scm_return_norm_approved = fields.Float(
        "Sent back within (hours)", default=336.0, help="Hours that a customer usually takes to send approved goods."
    )
    scm_return_norm_in_transit = fields.Float(
        "On its way for (hours)", default=168.0, help="Hours that a parcel of a return is usually on its way."
    )
    scm_return_norm_received = fields.Float(
        "Inspect within (hours)", default=24.0, help="Hours that received goods may wait for inspection."
    )
    scm_return_norm_inspected = fields.Float(
        "Settle within (hours)", default=24.0, help="Hours that an inspected return may wait for its money."
    )
    scm_return_reminder = fields.Boolean(
        "Remind Customers", help="Write once to customers whose approved goods have not come within the usual time."
    )
    scm_return_expire_days = fields.Integer(
        "Cancel after (days)",
        help="Days after approval after which a return of which nothing came is cancelled. 0: never.",
    )
    scm_return_close_days = fields.Integer(
        "Close after (days)", default=30, help="Days after settlement after which a return is closed. 0: by hand only."
    )

    _scm_return_norms = models.Constraint(
        "CHECK(scm_return_norm_requested > 0 AND scm_return_norm_approved > 0 AND scm_return_norm_in_transit > 0"
        " AND scm_return_norm_received > 0 AND scm_return_norm_inspected > 0)",
        "The usual time of each state of a return is more than zero hours.",
    )
    _scm_return_days = models.Constraint(
        "CHECK(scm_return_expire_days >= 0 AND scm_return_close_days >= 0)",
        "Days after which returns are cancelled or closed cannot be negative.",
    )

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint(NORMS):
            self._scm_reset_due()
        return result

    def _scm_reset_due(self):
        """New usual times hold for open returns too: one statement, however many there are."""
        returns = self.env["scm.return"]
        returns.flush_model(["state", "state_since", "date_due"])
        self.flush_recordset(NORMS)
        self.env.cr.execute(
            SQL(
                """
                UPDATE scm_return r SET date_due = r.state_since + interval '1 hour' * CASE r.state %s END
                  FROM res_company c WHERE c.id = r.company_id AND c.id IN %s AND r.state IN %s
                """,
                SQL(" ").join(
                    SQL("WHEN %s THEN %s", state, SQL.identifier("c", f"scm_return_norm_{state}")) for state in TIMED
                ),
                tuple(self.ids),
                TIMED,
            )
        )
        returns.invalidate_model(["date_due", "is_overdue"])
        for company in self:
            returns._update_clocks(company)

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class ScmDemandState(models.Model):
    """How far the demand of a company has been read."""

    _name = "scm.demand.state"
    _inherit = "scm.read.state"
    _description = "Demand: how far it is read"
    _rec_name = "company_id"
    _lock_class = 0x5C4D

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    watermark = fields.Datetime(readonly=True, help="Documents changed since then are read again. Empty: read all.")
    last_line_id = fields.Integer(readonly=True, help="Highest sale line that has been read.")
    last_move_line_id = fields.Integer(readonly=True, help="Highest stock move line that has been read.")
    basis = fields.Json(readonly=True, help="Time zones and unit factors with which the demand was computed.")
    date_refreshed = fields.Datetime("Last Refresh", readonly=True)

    _company_uniq = models.Constraint("UNIQUE(company_id)", "A company has one demand state.")

    @api.model
    def _ensure(self, companies):
        """The states of the companies; missing ones are made. Refuses while another refresh of one of them runs."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO scm_demand_state (company_id, last_line_id, last_move_line_id, create_uid, create_date,
                                              write_uid, write_date)
                     SELECT id, 0, 0, %(user)s, now() AT TIME ZONE 'UTC', %(user)s, now() AT TIME ZONE 'UTC'
                       FROM res_company WHERE id = ANY(%(companies)s)
                ON CONFLICT (company_id) DO NOTHING
                """,
                user=self.env.uid,
                companies=companies.ids,
            )
        )
        self.invalidate_model()
        states = self.search([("company_id", "in", companies.ids)])
        locked = self.env.execute_query(
            SQL(
                """
                SELECT company_id FROM scm_demand_state
                 WHERE id = ANY(%s) AND NOT pg_try_advisory_xact_lock(%s, company_id)
                """,
                states.ids,
                self._lock_class,
            )
        )
        if locked:
            # sudo: the caller has checked the companies; only their names are shown
            names = self.env["res.company"].sudo().browse(row[0] for row in locked).mapped("name")
            raise UserError(
                self.env._(
                    "The demand of %(companies)s is being refreshed just now. Try again when that has finished.",
                    companies=", ".join(names),
                )
            )
        return states

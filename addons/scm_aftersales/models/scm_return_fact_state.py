from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

#: first key of the advisory locks that make refreshes of one company wait for each other
LOCK_CLASS = 0x5C4F
OVERLAP = timedelta(minutes=10)


class ScmReturnFactState(models.Model):
    """How far the return facts of a company have been read."""

    _name = "scm.return.fact.state"
    _description = "Return Facts: how far they are read"
    _rec_name = "company_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    watermark = fields.Datetime(readonly=True, help="Documents changed since then are read again. Empty: read all.")
    zones = fields.Json(readonly=True, help="Time zones with which the days were computed.")
    date_refreshed = fields.Datetime("Last Refresh", readonly=True)
    curve = fields.Json(readonly=True, help="Completed share of returns by days since delivery.")
    curve_spread = fields.Json(readonly=True, help="Variance of the logarithm of these shares; -1: without bound.")
    curve_sample = fields.Integer(readonly=True, help="Returned deliveries from which the curve was measured.")

    _company_uniq = models.Constraint("UNIQUE(company_id)", "A company has one state.")

    @api.model
    def _of(self, company):
        """The state of a company, made if there is none, locked until the end of the transaction."""
        self.env.cr.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_CLASS, company.id])
        return self.search([("company_id", "=", company.id)], limit=1) or self.create({"company_id": company.id})

    @api.model
    def _next_watermark(self):
        """Documents written from this moment on may be unknown to the present transaction.

        A transaction that began earlier and is still open will commit documents that carry its own, earlier time.
        """
        (oldest,) = self.env.execute_query(
            SQL(
                """SELECT min(xact_start) AT TIME ZONE 'UTC' FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid()
                      AND backend_type = 'client backend'"""
            )
        )[0]
        now = self.env.cr.now()
        return min(now, oldest or now) - OVERLAP

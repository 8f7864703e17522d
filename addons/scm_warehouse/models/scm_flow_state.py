from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

#: first key of the advisory locks that make refreshes of one company wait for each other
LOCK_CLASS = 0x5C57
OVERLAP = timedelta(minutes=10)


class ScmFlowState(models.Model):
    """How far the transfers of a company have been read."""

    _name = "scm.flow.state"
    _description = "Flow: how far it is read"
    _rec_name = "company_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    watermark = fields.Datetime(readonly=True, help="Transfers changed since then are read again. Empty: read all.")
    zones = fields.Json(readonly=True, help="Time zones with which the days were computed.")
    date_refreshed = fields.Datetime("Last Refresh", readonly=True)

    _company_uniq = models.Constraint("UNIQUE(company_id)", "A company has one state.")

    @api.model
    def _of(self, company):
        """The state of a company, made if there is none, locked until the end of the transaction."""
        self.env.cr.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_CLASS, company.id])
        return self.search([("company_id", "=", company.id)], limit=1) or self.create({"company_id": company.id})

    @api.model
    def _next_watermark(self):
        """Transfers written from this moment on may be unknown to the present transaction.

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

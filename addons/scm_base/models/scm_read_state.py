from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..tools.zones import zone_name

#: how much of what was read is read again, for clocks that differ a little
OVERLAP = timedelta(minutes=10)


class ScmReadState(models.AbstractModel):
    """How far the documents of a company have been read, for facts that are refreshed by increments.

    Who inherits it has ``company_id`` (one row each) and sets ``_lock_class``.
    """

    _name = "scm.read.state"
    _description = "How far documents are read"

    #: first key of the advisory locks that make refreshes of one company wait for each other
    _lock_class = None

    @api.model
    def _of(self, company):
        """The state of a company, made if there is none, locked until the end of the transaction."""
        self.env.cr.execute("SELECT pg_advisory_xact_lock(%s, %s)", [self._lock_class, company.id])
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

    @api.model
    def _zones(self, company):
        """``{warehouse id as text: time zone}`` of a company: when one changes, days have to be computed anew."""
        warehouses = self.env["stock.warehouse"].with_context(active_test=False)
        warehouses = warehouses.search([("company_id", "=", company.id)])
        return {str(warehouse.id): zone_name(company, warehouse) for warehouse in warehouses}

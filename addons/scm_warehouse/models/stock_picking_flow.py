from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.sql import column_exists


class StockPicking(models.Model):
    """When a transfer could be worked on, when somebody began, and who finished it: Odoo keeps none of these."""

    _inherit = "stock.picking"

    scm_ready_at = fields.Datetime(
        "Ready Since",
        compute="_compute_scm_ready_at",
        store=True,
        copy=False,
        help="When all goods were reserved; emptied when the reservation is lost.",
    )
    scm_started_at = fields.Datetime(
        "Work Began",
        readonly=True,
        copy=False,
        help="First line picked, list printed, or the button Start Work; of a receipt: when the goods arrived.",
    )
    scm_done_by_id = fields.Many2one(
        "res.users", "Finished by", readonly=True, copy=False, help="Who validated the transfer."
    )

    # changed transfers are found by it: without an index each refresh of the flow would read them all
    _scm_write_date_idx = models.Index("(write_date)")

    def _auto_init(self):
        """Transfers that were ready before the addon came have no stamp: nobody knows when that was."""
        if not column_exists(self.env.cr, "stock_picking", "scm_ready_at"):
            self.env.cr.execute(SQL("ALTER TABLE stock_picking ADD COLUMN scm_ready_at timestamp"))
        return super()._auto_init()

    @api.depends("state")
    def _compute_scm_ready_at(self):
        now = fields.Datetime.now()
        for picking in self:
            if picking.state == "assigned":
                picking.scm_ready_at = picking.scm_ready_at or now
            else:
                picking.scm_ready_at = picking.state == "done" and picking.scm_ready_at

    def action_scm_start(self):
        """Say that work on these transfers begins now, or that the goods of these receipts are here.

        A transfer without a responsible person gets the user. For people of the stock; what has begun is left alone.

        :return: True
        :raise UserError: for a transfer that is done, cancelled, or not ready
        """
        self.check_access("write")
        for picking in self:
            if picking.state != "assigned":
                raise UserError(
                    self.env._(
                        "%(name)s is not ready: work can begin on a transfer whose goods are reserved.",
                        name=picking.display_name,
                    )
                )
        self._scm_start()
        self.filtered(lambda picking: not picking.user_id).user_id = self.env.user
        return True

    def _scm_start(self):
        """Stamp the beginning of work on what is open and has not begun."""
        begun = self.filtered(lambda picking: not picking.scm_started_at and picking.state not in ("done", "cancel"))
        if begun:
            begun.write({"scm_started_at": fields.Datetime.now()})

    def write(self, vals):
        result = super().write(vals)
        if vals.get("printed"):
            self._scm_start()
        return result

    def _action_done(self):
        result = super()._action_done()
        self.filtered(lambda picking: picking.state == "done").write({"scm_done_by_id": self.env.uid})
        return result

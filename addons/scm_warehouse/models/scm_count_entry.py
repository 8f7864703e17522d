from odoo import api, fields, models
from odoo.exceptions import UserError


class ScmCountEntry(models.Model):
    """What a counter sent from the phone, as he sent it. Only added to: a mistake is put right by a later entry.

    ``uuid`` is made on the phone. What is sent twice (bad connection, page loaded again) is kept once.
    """

    _name = "scm.count.entry"
    _inherit = "scm.count.key"
    _description = "Entry of a Count"
    _order = "moment, id"
    _rec_name = "uuid"

    uuid = fields.Char("Key", required=True, readonly=True)
    kind = fields.Selection(
        [("count", "Counted"), ("finish", "Place Finished"), ("skip", "Place Skipped")],
        required=True,
        readonly=True,
        default="count",
    )
    task_id = fields.Many2one("scm.count.task", "Count", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="task_id.company_id", store=True, index=True)
    product_id = fields.Many2one("product.product", readonly=True, index=True, ondelete="restrict")
    lot_id = fields.Many2one("stock.lot", "Lot/Serial", readonly=True, ondelete="set null")
    lot_name = fields.Char("Lot Read", readonly=True)
    package_id = fields.Many2one("stock.package", readonly=True, ondelete="set null")
    owner_id = fields.Many2one("res.partner", readonly=True, ondelete="set null")
    quantity = fields.Float(digits="Product Unit", readonly=True, help="In the product's unit.")
    barcode = fields.Char("Code Read", readonly=True)
    moment = fields.Datetime(
        "Counted at", required=True, readonly=True, help="Moment on the phone, put right by the offset of its clock."
    )
    clock_offset = fields.Float(
        "Clock Offset (s)",
        readonly=True,
        aggregator=None,
        help="Seconds by which the phone's clock ran behind the server's.",
    )
    note = fields.Char(readonly=True)
    user_id = fields.Many2one("res.users", "Counter", required=True, readonly=True, index=True)
    round = fields.Integer(readonly=True, aggregator=None)

    _uuid_unique = models.UniqueIndex("(uuid)", "This entry was received before.")

    def write(self, vals):
        if vals:
            self._refuse_change()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        self._refuse_change()

    def _refuse_change(self):
        raise UserError(self.env._("Entries of a count stand as they were sent: a later entry puts a mistake right."))

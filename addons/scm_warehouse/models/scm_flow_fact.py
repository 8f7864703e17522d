from odoo import fields, models

STAGES = [
    ("receive", "Receive"),
    ("put_away", "Put Away"),
    ("internal", "Move Inside"),
    ("pick", "Pick"),
    ("pack", "Pack"),
    ("ship", "Ship"),
]
STATES = [("waiting", "Waits for Goods"), ("ready", "Ready"), ("started", "In Work"), ("done", "Done")]


class PlainMany2one(fields.Many2one):
    """A many2one without foreign key: for what the transfer beside it keeps alive already."""

    def update_db_foreign_key(self, model, column):
        pass


class ScmFlowFact(models.Model):
    """A transfer with its moments: ordered, ready, begun, done, and how each of them is known.

    Written by :meth:`_refresh` alone. Moments are UTC, days and hours are those of the warehouse, quantities are in the
    products' units, value is at cost in company currency.
    """

    _name = "scm.flow.fact"
    _description = "Flow of a Transfer"
    _log_access = False
    _order = "ordered_at DESC, id DESC"
    _rec_name = "picking_id"

    company_id = PlainMany2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    warehouse_id = fields.Many2one("stock.warehouse", required=True, readonly=True, ondelete="cascade")
    picking_id = fields.Many2one("stock.picking", "Transfer", required=True, readonly=True, ondelete="cascade")
    picking_type_id = PlainMany2one("stock.picking.type", "Operation Type", readonly=True)
    stage = fields.Selection(STAGES, required=True, readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True)
    is_return = fields.Boolean("Return", readonly=True, help="Goods that come back, or go back to a vendor.")
    partner_id = PlainMany2one("res.partner", "Contact", readonly=True)
    user_id = fields.Many2one(
        "res.users", "Worked by", readonly=True, ondelete="set null", help="Responsible, else who validated it."
    )
    batch_id = fields.Many2one("stock.picking.batch", readonly=True, ondelete="set null")

    ordered_at = fields.Datetime("Ordered", readonly=True)
    promised_at = fields.Datetime("Promised", readonly=True, help="As it stands now.")
    promised_first_at = fields.Datetime("First Promise", readonly=True, help="As it was when first read.")
    ready_at = fields.Datetime("Ready", readonly=True, help="Could be worked on; of a receipt: the goods were here.")
    started_at = fields.Datetime("Begun", readonly=True)
    done_at = fields.Datetime("Done", readonly=True)
    stored_at = fields.Datetime("Put Away", readonly=True, help="Last goods of a receipt in their place.")
    ordered_source = fields.Selection(
        [("order", "Order"), ("transfer", "Transfer Made")], "Ordered: from", readonly=True
    )
    promised_source = fields.Selection(
        [("deadline", "Deadline"), ("scheduled", "Scheduled Day")], "Promised: from", readonly=True
    )
    ready_source = fields.Selection(
        [
            ("stamp", "Stamped"),
            ("reservation", "Last Reservation"),
            ("ordered", "Time of Order"),
            ("none", "Not Known"),
        ],
        "Ready: from",
        readonly=True,
    )
    started_source = fields.Selection([("stamp", "Stamped"), ("none", "Not Known")], "Begun: from", readonly=True)
    stored_source = fields.Selection(
        [
            ("one_step", "Received into Stock"),
            ("put_away", "Put-away Transfer"),
            ("open", "Put-away Open"),
            ("elsewhere", "Never into Stock"),
        ],
        "Put Away: from",
        readonly=True,
    )

    ordered_date = fields.Date("Ordered on", readonly=True, help="Day in the time zone of the warehouse.")
    done_date = fields.Date("Done on", readonly=True, help="Day in the time zone of the warehouse.")
    done_hour = fields.Integer("Hour", readonly=True, aggregator=None, help="Local hour in which it was done.")
    line_count = fields.Integer("Lines", readonly=True, help="Moves of the transfer.")
    pick_count = fields.Integer("Picks", readonly=True, help="Lines taken out of places.")
    units = fields.Float(digits="Product Unit", readonly=True)
    value = fields.Monetary("Value at Cost", readonly=True)
    is_late = fields.Boolean("Late", readonly=True, help="Done, or still open, after the first promise.")
    wait_hours = fields.Float("Wait for Goods (h)", readonly=True, aggregator="avg", help="From order to ready.")
    queue_hours = fields.Float("Queue (h)", readonly=True, aggregator="avg", help="From ready to begun, where known.")
    work_hours = fields.Float("Work (h)", readonly=True, aggregator="avg", help="From begun to done, where known.")
    cycle_hours = fields.Float(
        "Order Cycle (h)", readonly=True, aggregator="avg", help="From order to out of the door, of deliveries."
    )
    dock_hours = fields.Float(
        "Dock to Stock (h)",
        readonly=True,
        aggregator="avg",
        help="From the arrival of a receipt, else its booking, to the last put-away.",
    )

    _picking_uniq = models.UniqueIndex("(picking_id)", "A transfer has one row.")
    _done_idx = models.Index("(warehouse_id, done_at)")
    _done_date_idx = models.Index("(warehouse_id, done_date)")
    _unstored_idx = models.Index("(warehouse_id) WHERE stage = 'receive' AND stored_at IS NULL")
    _ready_idx = models.Index("(warehouse_id, ready_at)")
    _open_idx = models.Index("(warehouse_id, stage) WHERE state != 'done'")

    def action_open_picking(self):
        """The transfer itself.

        :return: the action
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.picking",
            "res_id": self.picking_id.id,
            "views": [(False, "form")],
        }

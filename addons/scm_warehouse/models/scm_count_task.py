from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

OPEN_STATES = ("todo", "counting", "recount", "approval")


class ScmCountTask(models.Model):
    """One place to count, whole or one product of it, from the plan to the correction of its stock.

    States: to count -> being counted (a counter has it) -> to recount by somebody else (outside tolerance) -> to
    approve (above what may be corrected by itself) -> done; or cancelled, with the reason.
    """

    _name = "scm.count.task"
    _description = "Place to Count"
    _order = "date, walk_sequence, id"

    name = fields.Char("Number", default="/", readonly=True, copy=False, index=True)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    warehouse_id = fields.Many2one("stock.warehouse", required=True, index=True, check_company=True)
    location_id = fields.Many2one(
        "stock.location",
        "Place",
        index=True,
        ondelete="set null",
        check_company=True,
        domain=[("usage", "=", "internal")],
    )
    location_name = fields.Char("Name of the Place", help="Kept when the place is deleted.", readonly=True)
    product_id = fields.Many2one(
        "product.product",
        index=True,
        check_company=True,
        help="Only this product is counted; empty: all that lies there.",
    )
    date = fields.Date(
        "Due", required=True, index=True, help="Local day of the warehouse.", default=lambda self: self._default_date()
    )
    origin = fields.Selection(
        [
            ("plan", "Plan"),
            ("zero", "Emptied by a Pick"),
            ("demand", "After a Discrepancy"),
            ("manual", "By Hand"),
        ],
        required=True,
        default="manual",
        index=True,
    )
    risk = fields.Float(readonly=True, aggregator="avg", help="Expected value at risk by the plan; 0 outside the plan.")
    priority = fields.Selection([("0", "Normal"), ("1", "Urgent")], default="0", index=True)
    walk_sequence = fields.Integer("Walking Order", readonly=True, aggregator=None)
    user_id = fields.Many2one("res.users", "Counter", index=True, help="Who counts it, or is wanted to.")
    claimed_at = fields.Datetime("Taken at", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("todo", "To Count"),
            ("counting", "Being Counted"),
            ("recount", "To Recount"),
            ("approval", "To Approve"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="todo",
        index=True,
        copy=False,
    )
    round = fields.Integer(default=1, readonly=True, copy=False, aggregator=None, help="1: first count; 2: recount.")
    line_ids = fields.One2many("scm.count.line", "task_id", "Lines")
    entry_ids = fields.One2many("scm.count.entry", "task_id", "Entries")
    is_empty = fields.Boolean(
        "Found Empty", readonly=True, copy=False, help="The counter confirmed that nothing lies there."
    )
    counted_at = fields.Datetime(readonly=True, copy=False, help="When the last count of the place was finished.")
    counted_by_id = fields.Many2one("res.users", "Counted by", readonly=True, copy=False, index=True)
    done_at = fields.Datetime("Closed at", readonly=True, copy=False, index=True)
    approved_by_id = fields.Many2one("res.users", "Approved by", readonly=True, copy=False)
    is_automatic = fields.Boolean(
        "Corrected by Itself",
        readonly=True,
        copy=False,
        help="Within the limits of the warehouse: nobody had to approve.",
    )
    cancel_reason = fields.Char("Reason of the Cancellation", readonly=True, copy=False)
    skip_reason = fields.Char("Reason for Skipping", readonly=True, copy=False)
    note = fields.Text(copy=False)
    photo = fields.Image(max_width=1600, max_height=1600, copy=False)
    why = fields.Json(readonly=True, copy=False)
    difference_count = fields.Integer("Differences", compute="_compute_difference", store=True, aggregator="sum")
    value_difference = fields.Monetary(
        "Net Difference", compute="_compute_difference", store=True, help="Value found less value on the books."
    )
    value_gross = fields.Monetary(
        "Gross Difference",
        compute="_compute_difference",
        store=True,
        help="Sum of the differences of its lines, each without sign.",
    )

    _open_place = models.UniqueIndex(
        "(location_id, COALESCE(product_id, 0)) WHERE state IN ('todo', 'counting', 'recount', 'approval')",
        "This place is already waiting to be counted.",
    )

    @api.model
    def _default_date(self):
        return fields.Date.context_today(self)

    @api.depends("line_ids.difference", "line_ids.value_difference")
    def _compute_difference(self):
        for task in self:
            lines = task.line_ids.filtered(lambda line: line.difference)
            task.difference_count = len(lines)
            task.value_difference = sum(lines.mapped("value_difference"))
            task.value_gross = sum(abs(value) for value in lines.mapped("value_difference"))

    @api.model_create_multi
    def create(self, vals_list):
        self._fill_places(vals_list)
        # a count that was closed in this transaction leaves its place to the next one
        self.flush_model(["state", "location_id"])
        tasks = super().create(vals_list)
        tasks._set_numbers()
        return tasks

    @api.ondelete(at_uninstall=False)
    def _unlink_except_counted(self):
        counted = self.filtered(lambda task: task.entry_ids or task.line_ids)
        if counted:
            raise UserError(
                self.env._("%(name)s was counted: cancel it, so that it can be looked up.", name=counted[0].name)
            )

    def _set_numbers(self):
        """One statement for all numbers: a plan makes thousands of counts."""
        unnamed = self.filtered(lambda task: task.name == "/")
        # sudo: who may create a count was checked by create; the counter of numbers belongs to the system
        sequence = self.env["ir.sequence"].sudo().search([("code", "=", "scm.count.task")], limit=1)
        if not unnamed or not sequence:
            return
        if sequence.implementation == "standard" and not sequence.use_date_range:
            rows = self.env.execute_query(
                SQL("SELECT nextval(%s) FROM generate_series(1, %s)", f"ir_sequence_{sequence.id:03d}", len(unnamed))
            )
            numbers = [sequence.get_next_char(number) for (number,) in rows]
        else:
            numbers = [sequence.next_by_id() for _task in unnamed]
        for task, number in zip(unnamed, numbers, strict=True):
            task.name = number

    @api.model
    def _fill_places(self, vals_list):
        """Warehouse, company, name and rank of the walk follow from the place."""
        places = self.env["stock.location"].browse(
            {values["location_id"] for values in vals_list if values.get("location_id")}
        )
        by_id = {place.id: place for place in places}
        for values in vals_list:
            place = by_id.get(values.get("location_id"))
            if not place:
                continue
            values.setdefault("warehouse_id", place.warehouse_id.id)
            values.setdefault("company_id", (place.company_id or place.warehouse_id.company_id).id)
            values.setdefault("location_name", place.complete_name)
            values.setdefault("walk_sequence", place.scm_walk_sequence)

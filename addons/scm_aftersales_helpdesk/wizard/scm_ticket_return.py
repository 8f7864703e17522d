from odoo import api, fields, models
from odoo.exceptions import UserError


class ScmTicketReturn(models.TransientModel):
    """What comes back of a ticket's order: all that can, to be ticked."""

    _name = "scm.ticket.return"
    _description = "Return from a Ticket"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True, ondelete="cascade")
    order_id = fields.Many2one(related="ticket_id.scm_order_id")
    comment = fields.Text("Customer's Words")
    line_ids = fields.One2many("scm.ticket.return.line", "wizard_id")

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        for wizard in wizards.filtered(lambda one: not one.line_ids):
            wizard.line_ids = [fields.Command.create(values) for values in wizard._prepare_lines()]
        return wizards

    def _prepare_lines(self):
        """One line per item that can come back; the ticket's product is ticked already."""
        ticket, order = self.ticket_id, self.ticket_id.scm_order_id
        order.check_access("read")
        # sudo: what was delivered of an order that the user may read
        free = self.env["scm.return"].sudo()._returnable(order)
        for (sale_line, product), cell in free.items():
            if cell["free"] > 0:
                chosen = product == ticket.scm_product_id.id or len(free) == 1
                yield {
                    "sale_line_id": sale_line,
                    "product_id": product,
                    "free": cell["free"],
                    "quantity": min(cell["free"], 1.0) if chosen else 0.0,
                }

    def action_request(self):
        """Ask for the return and open it."""
        self.ensure_one()
        self.env["scm.return"].check_access("create")
        self.ticket_id.check_access("write")
        rows = [line._row() for line in self.line_ids if line.quantity]
        if not rows:
            raise UserError(self.env._("Say how many of which item come back: all quantities are 0."))
        request = self.ticket_id._scm_request_return(rows, self.comment or "")
        return {
            "type": "ir.actions.act_window",
            "res_model": "scm.return",
            "res_id": request.id,
            "view_mode": "form",
        }

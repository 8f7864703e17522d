from odoo import models
from odoo.exceptions import UserError

from ..kernel.settlement import TINY, Part


class Slot:
    """Units of one return line that are credited from one line of an invoice."""

    def __init__(self, line, invoice_line, units):
        self.line, self.invoice_line, self.units = line, invoice_line, units
        self.base_line = None

    @property
    def gross(self):
        details = self.base_line["tax_details"]
        return (
            details["total_excluded_currency"]
            + details["delta_total_excluded_currency"]
            + sum(tax["tax_amount_currency"] for tax in details["taxes_data"])
        )


class Slots:
    """All slots of a settlement, by a key that the kernel hands through."""

    def __init__(self):
        self.by_key, self.left, self.discount = {}, {}, {}

    def add(self, slot):
        self.by_key[len(self.by_key)] = slot

    def parts_of(self, line):
        """Parts as the kernel takes them; money of an invoice is given out once."""
        parts = []
        for key, slot in self.by_key.items():
            if slot.line != line:
                continue
            its_line, invoice = slot.invoice_line, slot.invoice_line.move_id
            discount = self.discount[invoice]
            left = max(min(self.left[its_line], self.left[invoice]), 0.0)
            parts.append(Part(key, slot.gross, left, discount))
            taken = min(slot.gross * (1.0 - discount), left)
            self.left[its_line] -= taken
            self.left[invoice] -= taken
        return parts


class ScmReturn(models.Model):
    """What was invoiced and may still be credited: by units and by money, so that no credit note pays twice."""

    _inherit = "scm.return"

    def _credit_slots(self, units):
        """Take units from posted invoices, the oldest first.

        :param units: ``{line: units of the product}``
        :return: (:class:`Slots`, ``{line: units that no posted invoice holds}``)
        """
        slots, uninvoiced = Slots(), {}
        sale_lines = self.env["sale.order.line"].union(*(line.sale_line_id for line in units))
        own = self._own_credits(sale_lines)
        free = self._free_units(sale_lines, own)
        for line, wanted in units.items():
            left = wanted
            for invoice_line, units_free in free[line.sale_line_id].items():
                take = left if line._is_component() else min(left, units_free)
                if take > TINY:
                    slots.add(Slot(line, invoice_line, take))
                    free[line.sale_line_id][invoice_line] -= take
                    left -= take
            if line.uom_id.compare(left, 0.0) > 0:
                line._check_no_draft_invoice()
                uninvoiced[line] = line.uom_id.round(left)
        self._fill_money(slots, own)
        self._fill_base_lines(slots)
        return slots, uninvoiced

    def _own_credits(self, sale_lines):
        """Lines of credit notes of returns of these order lines, linked to the order line or not."""
        return self.env["account.move.line"].search(
            [
                ("scm_return_line_id.sale_line_id", "in", sale_lines.ids),
                ("parent_state", "!=", "cancel"),
                ("move_type", "=", "out_refund"),
            ]
        )

    def _free_units(self, sale_lines, own_credits):
        """``{sale line: {invoice line: units less what was credited}}``, units of the product, oldest invoice first."""
        free = {}
        for sale_line in sale_lines:
            own = free[sale_line] = {}
            for invoice_line in sale_line.invoice_lines.sorted(
                lambda one: (one.move_id.invoice_date or one.date, one.id)
            ):
                if invoice_line.move_type == "out_invoice" and invoice_line.parent_state == "posted":
                    own[invoice_line] = invoice_line._scm_units()
            credits = own_credits.filtered(
                lambda one, sale_line=sale_line: (
                    one.scm_return_line_id.sale_line_id == sale_line
                    and one.product_id == sale_line.product_id
                    and one.price_unit >= 0
                )
            )
            for credit in credits | sale_line.invoice_lines:
                if credit.move_type == "out_refund" and credit.parent_state != "cancel":
                    _take_credit(own, credit)
        return free

    def _fill_money(self, slots, own):
        """What of each invoice and of each of its lines may still be credited, and discounts on whole invoices."""
        invoice_lines = self.env["account.move.line"].union(*(slot.invoice_line for slot in slots.by_key.values()))
        for invoice_line in invoice_lines:
            credits = invoice_line.sale_line_ids.invoice_lines.filtered(
                lambda one, invoice=invoice_line.move_id: (
                    one.move_type == "out_refund"
                    and one.parent_state != "cancel"
                    and one.move_id.reversed_entry_id == invoice
                )
            )
            credits |= own.filtered(
                lambda one, line=invoice_line: (
                    one.scm_return_line_id.sale_line_id in line.sale_line_ids
                    and one.move_id.reversed_entry_id == line.move_id
                )
            )
            slots.left[invoice_line] = invoice_line.price_total - sum(credits.mapped("price_total"))
        for invoice in invoice_lines.move_id:
            credits = invoice.reversal_move_ids.filtered(lambda move: move.state != "cancel")
            slots.left[invoice] = invoice.amount_total - sum(credit._scm_credited() for credit in credits)
            slots.discount[invoice] = invoice._scm_discount_share()

    def _fill_base_lines(self, slots):
        """Prices by Odoo's own tax engine, all lines of one document together."""
        taxes = self.env["account.tax"]
        groups = {}
        for slot in slots.by_key.values():
            groups.setdefault((slot.invoice_line.move_id, slot.line._outcome() == "credit"), []).append(slot)
        for (invoice, _is_credit), own in groups.items():
            rate = self.env["res.currency"]._get_conversion_rate(
                invoice.company_currency_id, invoice.currency_id, invoice.company_id, self._settlement_day()
            )
            for slot in own:
                slot.base_line = taxes._prepare_base_line_for_taxes_computation(
                    slot.invoice_line, rate=rate, is_refund=True, extra_tax_data=None, **slot.line._credited(slot)
                )
            base_lines = [slot.base_line for slot in own]
            taxes._add_tax_details_in_base_lines(base_lines, invoice.company_id)
            taxes._round_base_lines_tax_details(base_lines, invoice.company_id)


class ScmReturnLine(models.Model):
    _inherit = "scm.return.line"

    def _lowers_invoiced(self):
        """Whether the credit lowers what the order has invoiced.

        Only where the delivered quantity goes down with it: a product that is invoiced by ordered quantity, a kit of
        which parts came back and goods that are kept would be invoiced once more.
        """
        return (
            not self._is_component()
            and self._outcome() != "keep"
            and self.sale_line_id.product_id.invoice_policy == "delivery"
        )

    def _check_no_draft_invoice(self):
        draft = self.sale_line_id.invoice_lines.move_id.filtered(
            lambda move: move.state == "draft" and move.move_type == "out_invoice"
        )
        if draft:
            raise UserError(
                self.env._(
                    "%(request)s: %(product)s is on an invoice of order %(order)s that is still a draft. Confirm or "
                    "delete the invoice first, so that it is clear what is to be paid back.",
                    request=self.return_id.name,
                    product=self.product_id.display_name,
                    order=self.order_id.name,
                )
            )

    def _credited(self, slot):
        """Quantity, unit and price with which units of an invoice line are credited.

        In the unit of the invoice if it holds the quantity without rounding, else in the product's unit.
        """
        invoice_line, sold = slot.invoice_line, slot.invoice_line.product_id
        if self._is_component():
            price = invoice_line.price_unit * self._kit_share() / _per_unit(invoice_line)
            return {
                "product_id": self.product_id,
                "product_uom_id": self.uom_id,
                "quantity": slot.units,
                "price_unit": price,
            }
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        quantity = slot.units / _per_unit(invoice_line)
        if abs(quantity - round(quantity, digits)) < TINY:
            return {"quantity": round(quantity, digits), "price_unit": invoice_line.price_unit}
        price = invoice_line.price_unit / _per_unit(invoice_line)
        return {"product_uom_id": sold.uom_id, "quantity": slot.units, "price_unit": price}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _scm_units(self):
        """Quantity in the product's unit, not rounded."""
        return self.quantity * _per_unit(self)


class AccountMove(models.Model):
    _inherit = "account.move"

    def _scm_credited(self):
        """What a credit note credits: its total, and what it turned into store credit."""
        self.ensure_one()
        own = self.invoice_line_ids.filtered("scm_return_line_id")
        return sum(own.mapped("price_total")) if self.scm_return_id and own else self.amount_total

    def _scm_discount_share(self):
        """Share of the goods' price that discounts on the whole invoice took off: coupons, rewards, global discounts.

        Gift cards and e-wallets are not discounts but payments.
        """
        self.ensure_one()
        lines = self.invoice_line_ids.filtered(
            lambda line: line.display_type == "product" and not line.is_downpayment and line.product_id
        )
        rewards = self.env["loyalty.reward"].search(
            [("program_id.program_type", "in", ("ewallet", "gift_card")), ("discount_line_product_id", "!=", False)]
        )
        lines = lines.filtered(lambda line: line.product_id not in rewards.discount_line_product_id)
        plus = sum(line.price_total for line in lines if line.price_total > 0)
        minus = -sum(line.price_total for line in lines if line.price_total < 0)
        return min(minus / plus, 1.0) if plus else 0.0


def _per_unit(invoice_line):
    """Units of the product in one unit of the invoice line."""
    unit, own = invoice_line.product_uom_id, invoice_line.product_id.uom_id
    if not unit or not own or unit == own:
        return 1.0
    return unit._compute_quantity(1.0, own, round=False)


def _take_credit(free, credit):
    """Subtract units that were credited: from the invoice that was reversed, else from the newest ones."""
    left = credit._scm_units()
    same = [line for line in free if line.move_id == credit.move_id.reversed_entry_id]
    for line in [*same, *(line for line in reversed(free) if line not in same)]:
        take = min(free[line], left)
        free[line] -= take
        left -= take

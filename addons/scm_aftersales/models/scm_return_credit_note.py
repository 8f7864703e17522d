from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.scm_base.tools.zones import local_today


class ScmReturn(models.Model):
    """Credit notes: the invoice lines again, by the units that are granted, and below them what is kept."""

    _inherit = "scm.return"

    def _settlement_day(self):
        return local_today(self.company_id, self.warehouse_id)

    def _make_credit_notes(self, settled):
        """One credit note per invoice, and a second one where a part becomes store credit.

        :return: values of the return's amounts, as they are on the documents
        """
        groups, refund, credit, fee = {}, 0.0, 0.0, 0.0
        for paid in settled.account.parts:
            slot = settled.slots[paid.key]
            groups.setdefault((slot.invoice_line.move_id, slot.line._outcome() == "credit"), []).append((slot, paid))
        for (invoice, is_credit), rows in groups.items():
            net = sum(paid.net for _slot, paid in rows)
            if is_credit:
                self._check_paid(invoice)
            note = self._credit_note(invoice, rows, net if is_credit else 0.0)
            self._check_total(note, 0.0 if is_credit else net)
            refund += self._in_order_currency(note.amount_total, invoice)
            fee += self._in_order_currency(sum(paid.fee + paid.freight for _slot, paid in rows), invoice)
            if is_credit and invoice.currency_id.compare_amounts(net, 0.0) > 0:
                self._give_store_credit(net, invoice.currency_id)
                credit += self._in_order_currency(net, invoice)
        return {"refund_amount": refund, "credit_amount": credit, "fee_amount": fee}

    def _in_order_currency(self, amount, invoice):
        return invoice.currency_id._convert(amount, self.currency_id, self.company_id, self._settlement_day())

    def _check_total(self, note, expected):
        """Amounts tie out, or nothing is booked."""
        if note.currency_id.compare_amounts(note.amount_total, expected):
            raise UserError(
                self.env._(
                    "%(request)s: the credit note comes to %(amount)s, but %(expected)s was computed. Make the credit "
                    "note by hand from invoice %(invoice)s and look at its taxes.",
                    request=self.name,
                    amount=note.currency_id.format(note.amount_total),
                    expected=note.currency_id.format(expected),
                    invoice=note.reversed_entry_id.name,
                )
            )

    def _check_paid(self, invoice):
        if invoice.payment_state == "not_paid" and not invoice.currency_id.is_zero(invoice.amount_residual):
            raise UserError(
                self.env._(
                    "%(request)s: invoice %(invoice)s is not paid, so there is nothing to give as store credit. "
                    "Choose a refund: it lowers what the customer owes.",
                    request=self.name,
                    invoice=invoice.name,
                )
            )

    def _credit_note(self, invoice, rows, to_store_credit):
        """The posted credit note of one invoice, set off against it where it is not paid yet."""
        self = self.with_context(lang=self.partner_id.lang)
        lines = [values for slot, paid in rows for values in self._credit_lines(slot, paid)]
        if to_store_credit:
            lines.append(self._store_credit_line(to_store_credit))
        note = (
            self.env["account.move"]
            .with_company(invoice.company_id)
            .create({**self._prepare_credit_note(invoice), "invoice_line_ids": [Command.create(one) for one in lines]})
        )
        note.action_post()
        self._set_off(invoice, note)
        return note

    def _prepare_credit_note(self, invoice):
        """Hook: values of the credit note without its lines."""
        day = self._settlement_day()
        return {
            "move_type": "out_refund",
            "scm_return_id": self.id,
            "reversed_entry_id": invoice.id,
            "partner_id": invoice.partner_id.id,
            "partner_shipping_id": invoice.partner_shipping_id.id,
            "company_id": invoice.company_id.id,
            "currency_id": invoice.currency_id.id,
            "journal_id": invoice.journal_id.id,
            "fiscal_position_id": invoice.fiscal_position_id.id,
            "invoice_user_id": invoice.invoice_user_id.id,
            "team_id": invoice.team_id.id,
            "invoice_origin": invoice.invoice_origin,
            "invoice_date": day,
            "date": day,
            "ref": self.env._("%(request)s, of %(invoice)s", request=self.name, invoice=invoice.name),
        }

    def _credit_lines(self, slot, paid):
        """The goods of one part, and each amount that is kept as a line of its own below them."""
        line, invoice_line, base = slot.line, slot.invoice_line, slot.base_line
        goods = {
            "name": line.product_id.display_name if line._is_component() else invoice_line.name,
            "product_id": base["product_id"].id,
            "product_uom_id": base["product_uom_id"].id,
            "quantity": base["quantity"],
            "price_unit": base["price_unit"],
            "discount": base["discount"],
            "tax_ids": [Command.set(base["tax_ids"].ids)],
            "account_id": invoice_line.account_id.id,
            "analytic_distribution": invoice_line.analytic_distribution,
            "scm_return_line_id": line.id,
        }
        if line._lowers_invoiced():
            goods["sale_line_ids"] = [Command.set(invoice_line.sale_line_ids.ids)]
        lines, labels = [goods], self._kept_labels()
        for name, label in labels.items():
            if getattr(paid, name):
                lines += self._kept_lines(slot, name, getattr(paid, name), f"{label}: {line.product_id.name}")
        return lines

    def _kept_labels(self):
        return {
            "discount": self.env._("Discounts of the invoice"),
            "over": self.env._("Credited or paid otherwise before"),
            "reduced": self.env._("Reduction for condition and terms"),
            "fee": self.env._("Return fee"),
            "freight": self.env._("Return freight"),
        }

    def _kept_lines(self, slot, name, amount, label):
        """Negative lines of exactly this amount with tax, taxed as the goods are: as Odoo makes global discounts."""
        taxes, invoice_line = self.env["account.tax"], slot.invoice_line
        base_lines = taxes._prepare_global_discount_lines(
            base_lines=[slot.base_line],
            company=invoice_line.company_id,
            amount_type="fixed",
            amount=amount,
            computation_key=f"scm_return,{slot.line.id},{invoice_line.id},{name}",
        )
        product = self.env["product.product"]
        if name in ("fee", "freight"):
            product = self.env.ref("scm_aftersales.scm_return_fee_product", raise_if_not_found=False) or product
        accounts = product.with_company(invoice_line.company_id)._get_product_accounts() if product else {}
        return [
            {
                "name": label,
                "product_id": product.id,
                "product_uom_id": product.uom_id.id,
                "quantity": base["quantity"],
                "price_unit": base["price_unit"],
                "tax_ids": [Command.set(base["tax_ids"].ids)],
                "account_id": (accounts.get("income") or invoice_line.account_id).id,
                "analytic_distribution": invoice_line.analytic_distribution,
                "extra_tax_data": taxes._export_base_line_extra_tax_data(base),
                "scm_return_line_id": slot.line.id,
            }
            for base in base_lines
        ]

    def _set_off(self, invoice, note):
        """What is not paid yet is lowered by the credit."""
        lines = (invoice.line_ids + note.line_ids).filtered(
            lambda line: line.account_id.account_type == "asset_receivable" and not line.reconciled
        )
        for account in lines.account_id:
            own = lines.filtered(lambda line, account=account: line.account_id == account)
            if invoice in own.move_id and note in own.move_id:
                own.reconcile()


class ScmReturnStoreCredit(models.Model):
    _inherit = "scm.return"

    def _store_credit_line(self, amount):
        """The credit of the goods becomes a debt to the customer: his wallet is topped up, and nothing is paid out."""
        program = self.company_id.scm_credit_program_id
        product = program.trigger_product_ids[:1] or program.reward_ids.discount_line_product_id[:1]
        return {
            "name": self.env._("Given as store credit: %(program)s", program=program.name),
            "product_id": product.id,
            "product_uom_id": product.uom_id.id,
            "quantity": 1.0,
            "price_unit": -amount,
            "tax_ids": [Command.clear()],
        }

    def _give_store_credit(self, amount, currency):
        """Top up the customer's wallet, or make a gift card, in the currency of the program."""
        program, partner = self.company_id.scm_credit_program_id, self.partner_id
        points = currency._convert(amount, program.currency_id or currency, self.company_id, self._settlement_day())
        cards = self.env["loyalty.card"]
        if program.program_type == "ewallet":
            cards = cards.search([("program_id", "=", program.id), ("partner_id", "=", partner.id)], limit=1)
        is_new = not cards
        if is_new:
            cards = cards.create({"program_id": program.id, "partner_id": partner.id, "points": 0.0})
        cards.points += points
        self.env["loyalty.history"].create(
            {
                "card_id": cards.id,
                "description": self.env._("Return %(request)s", request=self.name),
                "issued": points,
                "order_model": self._name,
                "order_id": self.id,
            }
        )
        self.credit_card_ids = [Command.link(cards.id)]
        if is_new:
            cards._send_creation_communication()
        return cards

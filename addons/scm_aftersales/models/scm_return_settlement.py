from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..kernel.settlement import PAID, Shares, claim, pay

#: names of the amounts of a credit, in the order in which they are taken off
KEPT = ("discount", "over", "reduced", "fee", "freight")


class Settled(NamedTuple):
    """What a return is worth: claims and amounts, before or while the documents are made.

    ``claims`` is ``{line: Claim}``, ``slots`` is ``{key of a part: Slot}``, ``account`` the amounts of the parts, and
    ``uninvoiced`` is ``{line: units without a posted invoice}``.
    """

    claims: dict
    slots: dict
    account: object
    uninvoiced: dict


class ScmReturn(models.Model):
    """Settlement: each line as it was decided, by the grades that inspection gave. Once, whoever asks and how often."""

    _inherit = "scm.return"

    settlement_expected = fields.Monetary(
        "Comes to", compute="_compute_settlement_expected", help="Money or store credit, if it is settled now."
    )
    settlement_expected_why = fields.Json(compute="_compute_settlement_expected")
    settlement_problem = fields.Char(
        compute="_compute_settlement_expected", help="What stands in the way of settling the return."
    )

    @api.depends("state", "line_ids.outcome", "line_ids.cause_id", "freight_amount")
    def _compute_settlement_expected(self):
        for request in self:
            request.settlement_expected, request.settlement_expected_why = 0.0, False
            request.settlement_problem = False
            if request.state != "inspected" or not request.id:
                continue
            try:
                settled = request.sudo()._settlement()  # sudo: who may read the return may see what it comes to
            except UserError as error:
                request.settlement_problem = str(error)
            else:
                request.settlement_expected = sum(part.net for part in settled.account.parts)
                request.settlement_expected_why = request._settlement_why(settled)

    def action_settle(self):
        """Settle inspected returns: credit notes, store credit, exchanges and repairs, as each line was decided.

        Returns whose customers keep everything need no inspection.

        :return: True
        :raise UserError: where something stands in the way; nothing is written then
        """
        self._check_agent()
        self._lock_returns()
        for request in self:
            request._check_can_settle()
            # sudo: agents may settle (checked above), yet they need not be allowed to book or to move goods
            request.sudo()._settle()
        return True

    def preview_settlement(self):
        """What a return comes to, if it is settled now; nothing is written.

        :return: ``{"refund", "credit", "kept", "currency", "why", "lines": [{"id", "outcome", "units", "net"}]}``
        """
        self.ensure_one()
        self.check_access("read")
        request = self.sudo()  # sudo: read access was checked above; invoices are read to compute
        settled = request._settlement()
        nets = request._nets(settled)
        credit = sum(nets[line] for line in nets if line.outcome == "credit")
        total = sum(nets.values())
        return {
            "refund": request.currency_id.round(total - credit),
            "credit": request.currency_id.round(credit),
            "kept": request.currency_id.round(sum(part.fee + part.freight for part in settled.account.parts)),
            "currency": request.currency_id.name,
            "why": request._settlement_why(settled),
            "lines": [
                {"id": line.id, "outcome": line._outcome(), "units": one.units, "net": nets.get(line, 0.0)}
                for line, one in settled.claims.items()
            ],
        }

    def _lock_returns(self):
        """Of two who settle at once, the second waits and then sees what the first has done."""
        self.flush_recordset()
        if self:
            self.env.cr.execute(SQL("SELECT id FROM scm_return WHERE id IN %s ORDER BY id FOR UPDATE", tuple(self.ids)))
            self.invalidate_recordset()

    def _check_can_settle(self):
        lines = self._lines_to_settle()
        keeps_all = bool(lines) and all(line._outcome() == "keep" for line in lines)
        if self.state == "inspected" or (keeps_all and self.state in ("approved", "in_transit", "received")):
            return
        if self.state in ("settled", "closed"):
            raise UserError(self.env._("%(request)s is settled already; nothing is paid twice.", request=self.name))
        raise UserError(
            self.env._(
                "%(request)s is “%(state)s”. It can be settled once all goods are received and inspected.",
                request=self.name,
                state=self._state_label(self.state),
            )
        )

    def _lines_to_settle(self):
        return self.line_ids.filtered(lambda line: line._can_settle())

    def _settlement(self):
        """Claims and amounts of one return. Reads invoices, so the caller is superuser or may read them."""
        self.ensure_one()
        lines = self._lines_to_settle().sorted(lambda line: (line._outcome() == "credit", line.id))
        graded, company = lines._graded(), self.company_id
        shares = Shares(b=company.scm_return_share_b / 100.0, c=company.scm_return_share_c / 100.0)
        claims = {
            line: claim(
                line._outcome(),
                graded[line.id],
                line.quantity,
                shares,
                line._is_our_fault(),
                (line.keep_percent if line._outcome() == "keep" else line.refund_percent) / 100.0,
            )
            for line in lines
        }
        paid = {line: one for line, one in claims.items() if one.units and line._is_paid()}
        slots, uninvoiced = self._credit_slots({line: one.units for line, one in paid.items()})
        by_line = {line.id: (one.share, slots.parts_of(line)) for line, one in paid.items()}
        account = pay(by_line, self._fees(paid), self._freight(paid), self.currency_id.decimal_places)
        return Settled(claims, slots.by_key, account, uninvoiced)

    def _fees(self, lines):
        """Fees of the policy; waived where inspection found that the fault is ours."""
        return {line.id: line.fee_amount for line in lines if not line.cause_id.is_fault}

    def _freight(self, lines):
        payers = [line for line in lines if line.freight_payer == "customer" and not line.cause_id.is_fault]
        return self.freight_amount if payers else 0.0

    def _nets(self, settled):
        """``{line: money or store credit}``."""
        nets = {}
        for part in settled.account.parts:
            line = settled.slots[part.key].line
            nets[line] = self.currency_id.round(nets.get(line, 0.0) + part.net)
        return nets

    def _settle(self):
        """Make the documents and move on. The caller has checked, and is superuser."""
        self.ensure_one()
        settled = self._settlement()
        for line in settled.claims:
            line._check_outcome()
        amounts = self._make_credit_notes(settled)
        for line, one in settled.claims.items():
            line._make_exchange(one.units)
            line._make_repair(one.units)
        self._store_lines(settled)
        why = self._settlement_why(settled)
        self._move_to("settled", settlement_why=why, **amounts)

    def _store_lines(self, settled):
        """Keep per line what was granted, and tell the orders which units stay delivered."""
        nets, whys = self._nets(settled), self._line_whys(settled)
        for line, one in settled.claims.items():
            line.write(
                {
                    "quantity_settled": one.units,
                    "quantity_unpaid": max(line._units_taken_back() - one.units, 0.0),
                    "refund_amount": nets.get(line, 0.0),
                    "settlement_why": whys[line],
                }
            )
        for line in self.line_ids - self.env["scm.return.line"].union(*settled.claims):
            # what nobody had announced and nobody granted; its receipt may have named the order line
            line.sale_line_id = line.sale_line_id or line.move_ids.sale_line_id[:1]
            line.quantity_unpaid = line._units_taken_back()
        orders = self.line_ids.sale_line_id
        self.env.add_to_compute(orders._fields["qty_delivered"], orders)

    # Why

    def _settlement_why(self, settled):
        """The sum of all lines, with what was kept of it and for which reason."""
        parts = settled.account.parts
        notes = [note for line in settled.claims for note in self._line_notes(line, settled)]
        for code in ("fee_lost", "freight_lost"):
            if getattr(settled.account, code):
                notes.append({"code": f"settle_{code}", "values": {"amount": getattr(settled.account, code)}})
        return self._why_of(parts, notes)

    def _line_whys(self, settled):
        parts = {}
        for part in settled.account.parts:
            parts.setdefault(settled.slots[part.key].line, []).append(part)
        return {
            line: self._why_of(
                parts.get(line, []), self._line_notes(line, settled), self._line_terms(line, settled.claims[line])
            )
            for line in settled.claims
        }

    def _why_of(self, parts, notes, terms=()):
        rounded, unit = self.currency_id.round, self.currency_id.name
        amounts = {"gross": sum(part.gross for part in parts)}
        amounts |= {name: -sum(getattr(part, name) for part in parts) for name in KEPT}
        return {
            "value": rounded(sum(part.net for part in parts)),
            "unit": unit,
            "method": "settlement",
            "formula": "settle_formula",
            "terms": [
                *terms,
                *(
                    {"code": f"settle_{name}", "value": rounded(amount), "unit": unit}
                    for name, amount in amounts.items()
                    if name == "gross" or amount
                ),
            ],
            "notes": notes,
        }

    def _line_terms(self, line, one):
        unit = line.uom_id.name
        return [
            {"code": "settle_outcome", "value": f"settle_{line._outcome()}"},
            {"code": "settle_units", "value": one.units, "unit": unit},
            {"code": "settle_refused", "value": one.refused, "unit": unit},
            {"code": "settle_share", "value": round(one.share, 4), "unit": "percent"},
        ]

    def _line_notes(self, line, settled):
        notes = []
        if settled.uninvoiced.get(line):
            code = "settle_uninvoiced"
            if line.sale_line_id.product_id.invoice_policy == "order":
                code = "settle_uninvoiced_order"
            notes.append(
                {
                    "code": code,
                    "values": {
                        "product": line.product_id.display_name,
                        "quantity": f"{settled.uninvoiced[line]:g} {line.uom_id.name}",
                    },
                }
            )
        if line.fee_amount and line.cause_id.is_fault:
            notes.append({"code": "settle_fee_waived", "values": {"product": line.product_id.display_name}})
        return notes


class ScmReturnLine(models.Model):
    _inherit = "scm.return.line"

    def _outcome(self):
        return self.outcome or self.wish

    def _can_settle(self):
        """Whether the line gives a claim. What came unannounced does only after somebody has chosen its outcome."""
        if self.decision == "refuse" or not self.sale_line_id:
            return False
        return bool(self.outcome) if self.is_unexpected else True

    def _is_our_fault(self):
        """Inspection has the last word; without it, what the customer says."""
        return self.cause_id.is_fault if self.cause_id else self.reason_id.is_fault

    def _is_paid(self):
        """Whether money or credit follows. An exchange for another product credits the first one."""
        return self._outcome() in PAID or self._is_other_product()

    def _is_other_product(self):
        return (
            self._outcome() == "exchange"
            and bool(self.exchange_product_id)
            and self.exchange_product_id != self.product_id
        )

    def _units_taken_back(self):
        """Units of this line that the order counts as returned."""
        moves = self.move_ids.filtered(
            lambda move: move.state == "done" and move.to_refund and move.product_id == self.sale_line_id.product_id
        )
        return sum(
            move.product_uom._compute_quantity(move.quantity, self.uom_id, rounding_method="HALF-UP") for move in moves
        )

    def _check_outcome(self):
        """Raise early where an outcome cannot be carried out."""
        self.ensure_one()
        if self._outcome() == "repair" and "repair.order" not in self.env:
            raise UserError(
                self.env._(
                    "%(request)s: %(product)s is to be repaired, but Odoo's Repairs are not installed. Install them, "
                    "or choose another outcome.",
                    request=self.return_id.name,
                    product=self.product_id.display_name,
                )
            )
        if self._outcome() == "credit" and not self.company_id.scm_credit_program_id:
            raise UserError(
                self.env._(
                    "%(request)s: store credit needs an e-wallet or gift card program. Choose one for %(company)s in "
                    "Configuration, Settings.",
                    request=self.return_id.name,
                    company=self.company_id.name,
                )
            )

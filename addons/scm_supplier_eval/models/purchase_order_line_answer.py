from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.scm_base.tools.zones import local_day

from ..kernel.promise_answer import (
    MAX_PARTS,
    AnswerError,
    read_answer,
    remaining_parts,
    whole_plan,
    without_missing,
)

CLOSED_MOVES = ("done", "cancel")


class PurchaseOrderLine(models.Model):
    """What the vendor says about an open line: comes as announced, on another day, in parts, or not all of it."""

    _inherit = "purchase.order.line"

    scm_answer_date = fields.Datetime(
        "Confirmed by Vendor",
        copy=False,
        readonly=True,
        help="When the vendor last said when this line comes. Emptied when we change the quantity or the day.",
    )
    scm_answer_qty = fields.Float(
        "Quantity Confirmed",
        copy=False,
        readonly=True,
        digits="Product Unit",
        help="What the vendor still sends of this line, in the line's unit, as of that answer.",
    )
    scm_answer_missing = fields.Float(
        "Quantity Declined",
        copy=False,
        readonly=True,
        digits="Product Unit",
        help="What was open and the vendor will not send, in the line's unit.",
    )
    scm_answer_note = fields.Char("Vendor's Note", copy=False, readonly=True)

    def write(self, vals):
        asked_anew = self._scm_asks_anew(vals)
        result = super().write(vals)
        if asked_anew:
            # sudo: who may change the line may make it unconfirmed again; the fields are written by the system only
            asked_anew.sudo().write({"scm_answer_date": False, "scm_answer_qty": 0.0, "scm_answer_missing": 0.0})
        return result

    def _scm_asks_anew(self, vals):
        """The confirmed lines whose confirmation does not hold any more: we changed the quantity or asked for a day."""
        if "product_qty" in vals:
            return self.filtered(lambda line: line.scm_answer_date and line.product_qty != vals["product_qty"])
        if "date_planned" in vals and self._scm_requested_by() == "us":
            return self.filtered("scm_answer_date")
        return self.browse()

    @api.model
    def _scm_domain_open(self):
        """Lines of confirmed orders of which something is still expected."""
        coming = [("state", "not in", CLOSED_MOVES), ("location_id.usage", "in", ("supplier", "transit"))]
        return Domain("order_id.state", "=", "purchase") & Domain("move_ids", "any", coming)

    def _scm_open_quantities(self):
        """{line: quantity that is still expected, in the line's unit}; two queries for any number of lines."""
        groups = self.env["stock.move"]._read_group(
            [
                ("purchase_line_id", "in", self.ids),
                ("state", "not in", CLOSED_MOVES),
                ("location_id.usage", "in", ("supplier", "transit")),
            ],
            ["purchase_line_id", "product_uom"],
            ["product_uom_qty:sum"],
        )
        quantities = dict.fromkeys(self, 0.0)
        for line, unit, quantity in groups:
            quantities[line] += unit._compute_quantity(quantity, line.product_uom_id, round=False)
        return quantities

    # Public interface

    def scm_answer_promise(self, parts, note=False):
        """Take down when the vendor sends what of this open line, as he said it by phone, mail or portal.

        One part on the day that is announced confirms it. Another day is logged as a change by the vendor, who is
        still judged by the day that he promised first. Several parts become split dates. What the parts leave of the
        open quantity is noted as declined, and the buyer is told.

        :param parts: list of ``{'date': 'YYYY-MM-DD', 'quantity': 40.0}``; days of the receiving warehouse, quantities
            in the line's unit
        :param note: what he said besides
        :return: ``{'kind': 'same', 'moved' or 'split', 'missing': quantity that will not come}``
        """
        self.ensure_one()
        self.check_access("write")
        self._scm_check_confirmed()
        answer = self._scm_read_answer(parts)
        self._scm_apply_answer(answer, note)
        # sudo: the write access was checked above; these fields are written by the system only
        self.sudo().write(
            {
                "scm_answer_date": fields.Datetime.now(),
                "scm_answer_qty": sum(quantity for _day, quantity in answer.parts),
                "scm_answer_missing": answer.missing,
                "scm_answer_note": note or False,
            }
        )
        self._scm_tell_buyer(answer, note)
        self.order_id._scm_acknowledge_answered()
        return {"kind": answer.kind, "missing": answer.missing}

    def scm_confirm_promise(self):
        """Note that the vendor sends what is open of these lines on the days that are announced.

        :return: number of lines confirmed
        """
        self.check_access("write")
        self._scm_check_confirmed()
        days, quantities = self._scm_planned_days(), self._scm_open_quantities()
        late = self.filtered(lambda line: days[line] < line._scm_local_today())
        if late:
            raise UserError(
                self.env._(
                    "%s is overdue: nobody can confirm a day in the past. Give the day on which it will come.",
                    ", ".join(line._scm_label() for line in late),
                )
            )
        for quantity, lines in self.filtered(quantities.get).grouped(quantities.get).items():
            # sudo: the write access was checked above; these fields are written by the system only
            lines.sudo().write(
                {"scm_answer_date": fields.Datetime.now(), "scm_answer_qty": quantity, "scm_answer_missing": 0.0}
            )
        self.order_id._scm_acknowledge_answered()
        return len(self)

    # Parts of it

    def _scm_local_today(self):
        return local_day(fields.Datetime.now(), self._scm_zone())

    def _scm_read_answer(self, parts):
        try:
            pairs = [(self._scm_parse_day(part["date"]), float(part["quantity"])) for part in parts]
        except (KeyError, TypeError, ValueError):
            raise UserError(self.env._("Each part needs a day (YYYY-MM-DD) and a quantity."))
        quantities = self._scm_open_quantities()
        if not quantities[self]:
            raise UserError(self.env._("Nothing of %(line)s is expected any more.", line=self._scm_label()))
        plan = self._scm_open_parts(quantities)[self]
        try:
            return read_answer(pairs, quantities[self], plan, self._scm_local_today())
        except AnswerError as error:
            raise UserError(self._scm_answer_error(error)) from error

    def _scm_answer_error(self, error):
        value = error.value
        if error.code in ("past", "far"):
            day = format_date(self.env, value)
            text = (
                self.env._("%s is in the past: give the day on which it will come.", day)
                if error.code == "past"
                else self.env._("%s is more than three years away: check the year.", day)
            )
        elif error.code == "too_much":
            text = self.env._(
                "Only %(open)s %(unit)s are open: the parts together cannot be more.",
                open=f"{value:g}",
                unit=self.product_uom_id.name,
            )
        elif error.code == "parts":
            text = self.env._("At most %s different days.", MAX_PARTS)
        elif error.code == "quantity":
            text = self.env._("Each quantity must be above zero.")
        else:
            text = self.env._("Say at least one day and quantity.")
        return f"{self._scm_label()}: {text}"

    def _scm_apply_answer(self, answer, note):
        if answer.kind == "split":
            plan = [
                (self._scm_parse_day(part["date"]), part["quantity"]) for part in self.scm_promise_parts()[str(self.id)]
            ]
            self.scm_split_promise(
                [
                    {"date": day.isoformat(), "quantity": quantity}
                    for day, quantity in whole_plan(plan, answer, self.product_qty)
                ],
                requested_by="vendor",
                reason=note or False,
            )
        elif answer.kind == "moved":
            self.scm_reschedule(answer.parts[0][0].isoformat(), requested_by="vendor", reason=note or False)

    def _scm_tell_buyer(self, answer, note):
        """A message at the order, but for plain confirmations."""
        if answer.kind == "same" and not answer.missing:
            return
        parts = ", ".join(
            f"{quantity:g} {self.product_uom_id.name}: {format_date(self.env, day)}" for day, quantity in answer.parts
        )
        text = self.env._("%(line)s comes on another plan. %(parts)s.", line=self._scm_label(), parts=parts)
        if answer.missing:
            text += " " + self.env._(
                "%(missing)g %(unit)s will not come.", missing=answer.missing, unit=self.product_uom_id.name
            )
        self.order_id.message_post(
            body=f"{text} {note or ''}".strip(),
            author_id=self.env.user.partner_id.id,
            partner_ids=self.order_id.user_id.partner_id.ids,
        )

    def _scm_label(self):
        return f"{self.order_id.name}, {self.product_id.display_name or self.name}"

    def _scm_open_parts(self, quantities):
        """{line: plan that stands, as (day, quantity) of what is still to come}; one query.

        :param quantities: {line: open quantity}, as of :meth:`_scm_open_quantities`
        """
        # sudo: split dates are part of the lines that the caller may read
        parts = self.env["scm.promise.part"].sudo().search([("line_id", "in", self.ids), ("kind", "=", "expected")])
        split, days = parts.grouped("line_id"), self._scm_planned_days()
        plans = {}
        for line in self:
            whole = [(part.date, part.quantity) for part in split.get(line, ())]
            plan = remaining_parts(whole, quantities[line]) or [(days[line], quantities[line])]
            plans[line] = without_missing(plan, line.scm_answer_missing) if line.scm_answer_missing else plan
        return plans

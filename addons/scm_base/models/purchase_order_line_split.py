from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import UserError

from ..kernel.promise_parts import cut, shifts
from ..tools.zones import local_noon

OPEN_STATES = ("draft", "sent", "to approve", "purchase")


class PurchaseOrderLine(models.Model):
    """Several promised dates on one line: 400 in March, 600 in April."""

    _inherit = "purchase.order.line"

    scm_part_ids = fields.One2many("scm.promise.part", "line_id", "Split Promise", readonly=True)
    scm_expected_part_ids = fields.One2many(
        "scm.promise.part", "line_id", "Expected Parts", domain=[("kind", "=", "expected")], readonly=True
    )

    # Public interface

    def scm_split_promise(self, parts, requested_by="vendor", reason=False):
        """State that a line comes in several parts, each on its own day.

        Before the order is confirmed this is what will be promised. Afterwards it is logged unit by unit (first in,
        first out), and the promise by which the vendor is judged moves only when we asked.

        :param parts: list of ``{"date": "2026-03-10", "quantity": 4}``; together what is ordered, in the line's unit
        :param requested_by: ``vendor`` or ``us``, as in :meth:`scm_reschedule`
        :param reason: free text for the log
        :return: True
        """
        self.ensure_one()
        self.check_access("write")
        if requested_by not in ("vendor", "us"):
            raise UserError(
                self.env._("'%(value)s' is not known: requested_by is 'vendor' or 'us'.", value=requested_by)
            )
        wanted = self._scm_parse_parts(parts)
        line = self.with_context(scm_requested_by=requested_by, scm_reason=reason)
        if line.order_id.state == "purchase":
            line._scm_change_parts(wanted)
        line._scm_expect_parts(wanted)
        return True

    def scm_promise_parts(self):
        """The dates on which each line is expected now.

        :return: ``{line id as text: [{"date": "2026-03-10", "quantity": 4.0}, ...]}``, in the unit of the line; a line
            with one date has one entry
        """
        self.check_access("read")
        schedules = self._scm_schedules("expected", self._scm_planned_days())
        return {
            str(line.id): [{"date": day.isoformat(), "quantity": quantity} for day, quantity in schedule]
            for line, schedule in schedules.items()
        }

    def action_scm_split_promise(self):
        """Open the dialog that splits the date of this line."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Split Promised Date"),
            "res_model": "scm.split.promise",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_id": self.id},
        }

    # Check

    def _scm_parse_parts(self, parts):
        """Checked list of (day, quantity) by day; parts of one day are one."""
        name = self.env._("%(order)s, %(line)s", order=self.order_id.name, line=self.product_id.display_name or "")
        if self.order_id.state not in OPEN_STATES or self.display_type or not self.product_id:
            raise UserError(self.env._("%(line)s: only goods of an open order can be promised in parts.", line=name))
        days = defaultdict(float)
        for part in parts if isinstance(parts, list | tuple) else []:
            quantity = part.get("quantity") if isinstance(part, dict) else None
            if isinstance(quantity, bool) or not isinstance(quantity, int | float) or not 0 < quantity < 1e15:
                raise UserError(self.env._("%(line)s: each part needs a date and a quantity above 0.", line=name))
            days[self._scm_parse_day(part.get("date"))] += quantity
        total = sum(days.values())
        if not days or self.product_uom_id.compare(total, self.product_qty):
            raise UserError(
                self.env._(
                    "%(line)s: the parts add up to %(total)s, but %(ordered)s %(unit)s are ordered.",
                    line=name,
                    total=f"{total:g}",
                    ordered=f"{self.product_qty:g}",
                    unit=self.product_uom_id.name,
                )
            )
        return sorted(days.items())

    # Read

    def _scm_schedules(self, kind, days):
        """{line: list of (day, quantity)}, a line without parts has its one day of ``days``; one query."""
        found = defaultdict(list)
        # sudo: who may read the lines may read on which days they come
        parts = self.env["scm.promise.part"].sudo()
        for part in parts.search_fetch([("line_id", "in", self.ids), ("kind", "=", kind)]):
            found[part.line_id.id].append((part.date, part.quantity))
        return {
            line: sorted(found.get(line.id, [])) or [(days[line], line.product_qty)] for line in self if line in days
        }

    # Write

    def _scm_store_parts(self, kind, schedules):
        """Replace the parts of one kind: ``{line: list of (day, quantity)}``; a single day leaves none."""
        # sudo: parts are written by the system only, behind the check of the line that is changed
        parts = self.env["scm.promise.part"].sudo()
        parts.search([("line_id", "in", [line.id for line in schedules]), ("kind", "=", kind)]).unlink()
        parts.create(
            [
                {
                    "line_id": line.id,
                    "company_id": line.company_id.id or line.order_id.company_id.id,
                    "kind": kind,
                    "sequence": sequence,
                    "date": day,
                    "quantity": quantity,
                }
                for line, schedule in schedules.items()
                if len(schedule) > 1
                for sequence, (day, quantity) in enumerate(schedule, 1)
            ]
        )
        if kind == "promise":
            for split in (True, False):
                lines = self.browse([line.id for line, days in schedules.items() if (len(days) > 1) is split])
                changed = lines.filtered(lambda line, split=split: line.scm_is_split is not split)
                # sudo: as above
                changed.sudo().write({"scm_is_split": split})

    def _scm_expect_parts(self, wanted):
        """What is expected now: the planned date is the last of the days, open receipts are split to the days."""
        self._scm_store_parts("expected", {self: wanted})
        noon = local_noon(wanted[-1][0], self._scm_zone())
        self.with_context(scm_split=True).write({"date_planned": noon})
        self._scm_split_moves()

    def _scm_change_parts(self, wanted):
        """Log what changes; the promise moves when we asked."""
        before = self._scm_schedules("expected", self._scm_planned_days())
        self._scm_log_shifts(before, {self: wanted})
        if self._scm_requested_by() == "us":
            self._scm_store_parts("promise", {self: wanted})
            # sudo: the promise is written by the system only; the right on the line is checked by the caller
            self.sudo().write({"scm_promise_date": wanted[-1][0]})

    def _scm_log_shifts(self, before, after):
        requested_by, channel, rows = self._scm_requested_by(), self._scm_channel(), []
        promised = self.browse([line.id for line in before])._scm_schedules(
            "promise", {line: line.scm_promise_date for line in before}
        )
        for line, schedule in before.items():
            for old, new, quantity, first in shifts(line.product_qty, schedule, after[line]):
                values = self._scm_prepare_promise_vals(line, old, new, requested_by, channel)
                values["quantity"] = quantity
                if line.scm_is_split:
                    values["date_promised"] = cut(line.product_qty, promised[line], first, line.product_qty)[0][0]
                rows.append(values)
        # sudo: the log is written by the system only
        self.env["scm.purchase.promise"].sudo().create(rows)

    # A single date takes the place of several

    def write(self, vals):
        if "date_planned" not in vals or self.env.context.get("scm_split"):
            return super().write(vals)
        quotations = self.filtered(lambda line: line.order_id.state != "purchase" and line.date_planned)
        before = quotations._scm_planned_days()
        result = super().write(vals)
        after = quotations._scm_planned_days()
        joined = quotations.filtered(lambda line: before.get(line) != after.get(line))
        if joined:
            # sudo: the right on the lines was checked when their date was written
            self.env["scm.promise.part"].sudo().search(
                [("line_id", "in", joined.ids), ("kind", "=", "expected")]
            ).unlink()
        return result

    def _scm_log_changes(self, before):
        """Lines with several dates are logged unit by unit."""
        if self.env.context.get("scm_split"):
            return
        lines = self.browse([line.id for line in before])
        after = lines._scm_planned_days()
        schedules = lines._scm_schedules("expected", before)
        split = {
            line: schedule
            for line, schedule in schedules.items()
            if (len(schedule) > 1 and after[line] != before[line])
            or (line.scm_is_split and self._scm_requested_by() == "us")
        }
        super()._scm_log_changes({line: day for line, day in before.items() if line not in split})
        for line, schedule in split.items():
            single = [(after[line], line.product_qty)]
            line._scm_log_shifts({line: schedule}, {line: single})
            line._scm_store_parts("expected", {line: single})
            if self._scm_requested_by() == "us":
                line._scm_store_parts("promise", {line: single})
                # sudo: as in the change of a single date
                line.sudo().write({"scm_promise_date": after[line]})

    # Freeze

    def _scm_freeze_promises(self):
        """The parts that are stated when the order is confirmed are the promise."""
        fresh = self.filtered(lambda line: not line.scm_promise_original)
        result = super()._scm_freeze_promises()
        lines = self.filtered(lambda line: line.scm_promise_date and not line.display_type)
        schedules = lines._scm_schedules("expected", lines._scm_planned_days())
        frozen = {
            line: schedule
            for line, schedule in schedules.items()
            if (len(schedule) > 1 or line.scm_is_split)
            and not line.move_ids.filtered(lambda move: move.state == "done")
        }
        if frozen:
            self._scm_store_parts("promise", frozen)
            self._scm_store_parts("original", {line: days for line, days in frozen.items() if line in fresh})
        return result

    # Receipts follow the parts

    def _prepare_stock_moves(self, picking):
        """One move per part, so that the forecast of stock sees each on its day."""
        moves = super()._prepare_stock_moves(picking)
        # sudo: who may confirm the order may read its parts
        if not moves or not self.sudo().scm_expected_part_ids:
            return moves
        if any(values["product_uom"] != self.product_id.uom_id.id for values in moves):
            return moves
        schedule, total = self._scm_move_schedule()
        position, result = total - sum(values["product_uom_qty"] for values in moves), []
        for values in moves:
            last = position + values["product_uom_qty"]
            pieces = self._scm_pieces(schedule, total, position, last)
            result += [values | piece for piece in pieces] or [values]
            position = last
        return result

    def _scm_move_schedule(self):
        """(days and quantities, total), in the product's unit."""
        days = self._scm_schedules("expected", self._scm_planned_days()).get(self, [])
        ratio = self.product_uom_qty / self.product_qty if self.product_qty else 1.0
        return [(day, quantity * ratio) for day, quantity in days], self.product_uom_qty

    def _scm_pieces(self, schedule, total, first, last):
        """Values of the moves that bring some units of the line, each on its day."""
        unit, zone = self.product_id.uom_id, self._scm_zone()
        return [
            {"product_uom_qty": unit.round(quantity), "date": noon, "date_deadline": noon}
            for noon, quantity in (
                (local_noon(day, zone), quantity) for day, quantity in cut(total, schedule, first, last)
            )
            if not unit.is_zero(quantity)
        ]

    def _scm_split_moves(self):
        """Spread the open receipts of this line over its days."""
        # sudo: the buyer changes the line; its transfers follow as they do when he changes its date
        moves = self.sudo().move_ids.filtered(
            lambda move: move.state not in ("done", "cancel") and move.product_id == self.product_id
        )
        # what is asked for in another unit than the product's, or as a kit, keeps its one day
        if not moves or any(move.product_uom != self.product_id.uom_id for move in moves):
            return
        schedule, total = self._scm_move_schedule()
        position = total - sum(moves.mapped("product_uom_qty"))
        copies = []
        moves._do_unreserve()
        for move in moves.sorted(lambda move: (move.date_deadline or move.date, move.id)):
            last = position + move.product_uom_qty
            pieces = self._scm_pieces(schedule, total, position, last)
            position = last
            for piece in pieces[1:]:
                copies += move.copy_data(move._prepare_move_split_vals(piece["product_uom_qty"]) | piece)
            if pieces:
                move.write(pieces[0])
        new = moves.create(copies)
        new._action_confirm(merge=False)
        (moves + new)._action_assign()

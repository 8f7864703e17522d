from collections import defaultdict
from threading import current_thread
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from ..tools.zones import local_day, local_noon, zone_name

FROZEN_FIELDS = {
    "scm_promise_original",
    "scm_promise_date",
    "scm_date_confirmed",
    "scm_promise_estimated",
    "scm_is_split",
}
RPC_PATHS = ("/xmlrpc/", "/jsonrpc", "/json/")


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    scm_promise_original = fields.Date(
        "Original Promise",
        copy=False,
        readonly=True,
        help="Day that was promised when the order was confirmed. Never changes.",
    )
    scm_promise_date = fields.Date(
        "Promised Date",
        copy=False,
        readonly=True,
        help="Day against which the vendor is judged. It moves only when we asked for another day.",
    )
    scm_date_confirmed = fields.Date("Confirmed on", copy=False, readonly=True)
    scm_promise_estimated = fields.Boolean(
        "Promise Estimated",
        copy=False,
        readonly=True,
        help="The order was confirmed before promises were recorded, so the date known at that time was taken.",
    )

    scm_is_split = fields.Boolean(
        "Promised in Parts", copy=False, readonly=True, help="The vendor promised several dates, and is judged by each."
    )

    # facts of receipts are asked for by promised day
    _scm_promise_idx = models.Index("(company_id, scm_promise_date)")

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._scm_check_frozen(vals)
        lines = super().create(vals_list)
        lines.filtered(lambda line: line.order_id.state == "purchase")._scm_freeze_promises()
        return lines

    def write(self, vals):
        self._scm_check_frozen(vals)
        if "date_planned" not in vals:
            return super().write(vals)
        before = self._scm_announced_days()
        result = super().write(vals)
        self._scm_log_changes(before)
        return result

    def _scm_check_frozen(self, vals):
        if FROZEN_FIELDS & vals.keys() and not self.env.su:
            raise AccessError(
                self.env._(
                    "Promised dates are frozen when an order is confirmed. "
                    "Use 'Change Promised Dates' (scm_reschedule) to state a new date and who asked for it."
                )
            )

    # Freeze

    def _scm_freeze_promises(self):
        """Keep what was promised now; the original promise of a line that was confirmed before stays."""
        lines = self.filtered(lambda line: line.date_planned and not line.display_type)
        fresh = lines.filtered(lambda line: not line.scm_promise_original)
        again = (lines - fresh).filtered(lambda line: not line.move_ids.filtered(lambda move: move.state == "done"))
        days = lines._scm_planned_days()
        rows = [
            again._scm_prepare_promise_vals(line, line.scm_promise_date, days[line], "us", self._scm_channel())
            | {"reason": self.env._("Order confirmed again")}
            for line in again
            if days[line] != line.scm_promise_date
        ]
        for (day, confirmed, first), group in (
            (fresh + again)
            .grouped(lambda line: (days[line], line._scm_confirmation_day(), not line.scm_promise_original))
            .items()
        ):
            values = {"scm_promise_date": day, "scm_date_confirmed": confirmed}
            if first:
                values["scm_promise_original"] = day
            # sudo: who may confirm the order may freeze its promises; nobody may write them otherwise
            group.sudo().write(values)
        # sudo: the log is written by the system only
        self.env["scm.purchase.promise"].sudo().create(rows)

    def _scm_confirmation_day(self):
        moment = self.order_id.date_approve or fields.Datetime.now()
        return local_day(moment, self._scm_zone())

    def _scm_zone(self):
        self.ensure_one()
        # sudo: operation types are only needed for their time zone
        return zone_name(self.company_id or self.env.company, self.sudo().order_id.picking_type_id.warehouse_id)

    def _scm_planned_days(self):
        """{line: local day of the planned date}"""
        return {line: local_day(line.date_planned, line._scm_zone()) for line in self if line.date_planned}

    # Changes

    def _scm_announced_days(self):
        """{line: day on which it is expected now} of the lines that carry a promise."""
        promised = self.filtered(lambda line: line.order_id.state == "purchase" and line.scm_promise_date)
        return promised._scm_planned_days()

    def _scm_log_changes(self, before):
        """Log each changed day; only a change that we asked for moves the promise."""
        requested_by, channel = self._scm_requested_by(), self._scm_channel()
        after = self.browse([line.id for line in before])._scm_planned_days()
        rows, moved = [], defaultdict(self.browse)
        for line, day in after.items():
            moves_promise = requested_by == "us" and day != line.scm_promise_date
            if day == before[line] and not moves_promise:
                continue
            rows.append(self._scm_prepare_promise_vals(line, before[line], day, requested_by, channel))
            if moves_promise:
                moved[day] |= line
        # sudo: writing the planned date passed the access check; log and promise are written by the system only
        self.env["scm.purchase.promise"].sudo().create(rows)
        for day, lines in moved.items():
            lines.sudo().write({"scm_promise_date": day})

    def _scm_prepare_promise_vals(self, line, date_from, date_to, requested_by, channel):
        """Values of one logged change; an extension may add its own."""
        today = local_day(fields.Datetime.now(), line._scm_zone())
        return {
            "line_id": line.id,
            "order_id": line.order_id.id,
            "partner_id": line.order_id.partner_id.commercial_partner_id.id,
            "product_id": line.product_id.id,
            "company_id": line.company_id.id,
            "date_from": date_from,
            "date_to": date_to,
            "date_changed": fields.Datetime.now(),
            "notice_days": (date_from - today).days,
            "requested_by": requested_by,
            "user_id": self.env.uid,
            "channel": channel,
            "reason": self.env.context.get("scm_reason") or False,
        }

    def _scm_requested_by(self):
        """Who asked: a plain edit passes on what the vendor said, and then the promise stays (the safe reading)."""
        asked = self.env.context.get("scm_requested_by")
        return "us" if asked == "us" and not self.env.user.share else "vendor"

    def _scm_channel(self):
        channel = self.env.context.get("scm_channel")
        if channel in ("portal", "import"):
            return channel
        if self.env.user.share:
            return "portal"
        return "rpc" if self._scm_request_path().startswith(RPC_PATHS) else "backend"

    def _scm_request_path(self):
        """Path of the call that is being answered; Odoo hides the request from XML-RPC, its thread still knows it."""
        if request:
            return request.httprequest.path
        return urlsplit(getattr(current_thread(), "url", "")).path

    # Public interface

    def scm_reschedule(self, date, requested_by="vendor", reason=False):
        """Set a new promised day on confirmed lines and log who asked for it.

        :param date: the new day (``YYYY-MM-DD``), in the time zone of the warehouse, else of the company
        :param requested_by: ``vendor``: he told us another date, his promise stays and he is judged by it;
            ``us``: we asked for another date, the promise moves
        :param reason: free text for the log
        :return: True
        """
        day = self._scm_parse_day(date)
        if requested_by not in ("vendor", "us"):
            raise UserError(
                self.env._("'%(value)s' is not known: requested_by is 'vendor' or 'us'.", value=requested_by)
            )
        self._scm_check_confirmed()
        lines = self.with_context(scm_requested_by=requested_by, scm_reason=reason)
        for zone, group in lines.grouped(lambda line: line._scm_zone()).items():
            group.write({"date_planned": local_noon(day, zone)})
        return True

    def _scm_parse_day(self, date):
        try:
            day = fields.Date.to_date(date)
        except (ValueError, TypeError):
            day = None
        if not day or not 1900 <= day.year < 3000:
            raise UserError(self.env._("'%(date)s' is not a day: write it as YYYY-MM-DD.", date=date))
        return day

    def _scm_check_confirmed(self):
        for line in self:
            if line.order_id.state != "purchase" or line.display_type:
                raise UserError(
                    self.env._(
                        "%(order)s, %(line)s has no promise to change: confirm the order first.",
                        order=line.order_id.name,
                        line=line.product_id.display_name or line.name,
                    )
                )

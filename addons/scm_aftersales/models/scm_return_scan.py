from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.scm_logistics.models.scm_tracking_key import tracking_key, tracking_key_sql

from .scm_return_inspect import HERE
from .scm_return_inspection import GRADES
from .scm_return_receive import COMING

MAX_CODE = 100
QUEUE_SIZE = 40
#: what a scan looks for: returns that somebody can still do something with
SCANNED = (*COMING, "requested", "inspected")


class ScmReturn(models.Model):
    """What the inspection page shows and scans. Everything is read in a fixed number of queries."""

    _inherit = "scm.return"

    @api.model
    @api.readonly
    def inspection_queue(self):
        """Returns that wait for inspection, oldest first, and those that are to come.

        :return: ``{"received": [...], "coming": [...], "counts": {"received", "coming"}}``
        """
        self.check_access("read")
        company = [("company_id", "in", self.env.companies.ids)]
        domains = {
            "received": [*company, ("state", "=", "received")],
            "coming": [*company, ("state", "in", ("approved", "in_transit"))],
        }
        orders = {"received": "date_received, id", "coming": "state DESC, date_approved DESC, id DESC"}
        found = {
            name: self.search_fetch(domain, order=orders[name], limit=QUEUE_SIZE) for name, domain in domains.items()
        }
        return {name: returns._queue_rows() for name, returns in found.items()} | {
            "counts": {name: self.search_count(domain) for name, domain in domains.items()}
        }

    def _queue_rows(self):
        now, labels = fields.Datetime.now(), dict(self._fields["state"]._description_selection(self.env))
        return [
            {
                "id": one.id,
                "name": one.name,
                "state": one.state,
                "state_label": labels[one.state],
                "customer": one.partner_id.display_name or "",
                # sudo: the warehouse need not read sales orders; their number is on the parcel
                "order": one.order_id.sudo().name,
                "warehouse": one.warehouse_id.name,
                "items": ", ".join(one.line_ids.product_id.mapped("display_name")),
                "units": sum(one.line_ids.mapped("quantity")),
                "hours": round((now - (one.state_since or now)).total_seconds() / 3600.0, 2),
                "clock": one.clock or "ok",
            }
            for one in self
        ]

    @api.model
    @api.readonly
    def inspection_scan(self, code):
        """Find what was scanned: a return by its number, tracking number, receipt or order, or a product or lot.

        :param str code: what the scanner read
        :return: ``{"returns": rows as in the queue, "product_id": int or False, "lot": name or False}``
        """
        self.check_access("read")
        code = str(code or "").strip()[:MAX_CODE]
        if not code:
            raise UserError(self.env._("Nothing was scanned."))
        returns = self._scanned_returns(code)
        lot = self.env["stock.lot"]
        product = self.env["product.product"]
        if not returns:
            # sudo: only whether this number is one of a lot is told, with the returns that the user may see
            lot = lot.sudo().search(
                [("name", "=", code), ("company_id", "in", (False, *self.env.companies.ids))], limit=1
            )
            product = lot.product_id or product.search(
                ["|", ("barcode", "=", code), ("default_code", "=", code)], order="barcode", limit=1
            )
            returns = self._returns_of_goods(product, lot)
        return {"returns": returns._queue_rows(), "product_id": product.id or False, "lot": lot.name or False}

    def _scanned_returns(self, code):
        """Returns that carry this number themselves."""
        company = [("company_id", "in", self.env.companies.ids)]
        found = self.search([*company, ("name", "=ilike", code.replace("%", "").replace("_", "\\_"))], limit=1)
        if found:
            return found
        ids = self._parcel_returns(code)
        domain = [*company, ("state", "in", SCANNED)]
        ways = [[("id", "in", ids)]] if ids else []
        ways += [[("picking_ids.name", "=", code)], [("order_id.name", "=", code)]]
        for way in ways:
            # sudo: only ids are taken from orders and transfers; the domain keeps to the user's companies
            found = self.browse(self.sudo().search([*domain, *way], order="id DESC", limit=QUEUE_SIZE).ids)
            if found:
                return found
        return found

    def _parcel_returns(self, code):
        """Ids of returns of parcels with this tracking number, however it is written."""
        key = tracking_key(code)
        if not key:
            return []
        self.env["scm.parcel"].flush_model(["company_id", "scm_return_id", "tracking_ref"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT parcel.scm_return_id FROM scm_parcel parcel
                 WHERE parcel.company_id IN %s AND %s = %s AND parcel.scm_return_id IS NOT NULL
                """,
                tuple(self.env.companies.ids),
                tracking_key_sql("parcel.tracking_ref"),
                key,
            )
        )
        return [id_ for (id_,) in rows]

    def _returns_of_goods(self, product, lot):
        """Returns that wait for these goods."""
        if not product:
            return self.browse()
        domain = [
            ("company_id", "in", self.env.companies.ids),
            ("state", "in", COMING),
            ("product_id", "=", product.id),
        ]
        lines = self.env["scm.return.line"]
        found = lines.search([*domain, ("lot_id", "=", lot.id)], limit=QUEUE_SIZE) if lot else lines
        return (found or lines.search(domain, order="return_id DESC", limit=QUEUE_SIZE)).return_id

    @api.readonly
    def inspection_data(self):
        """All that the inspection of one return needs.

        :return: dict with ``id``, ``name``, ``state``, ``lines`` (each with ``asked``, ``received``, ``left``,
            ``not_come``, ``graded`` per grade, ``causes`` with the usual ones first, ``inspections``), ``grades``
        """
        self.check_access("read")
        request = self.exists()
        if len(request) != 1:
            raise UserError(self.env._("Name one return that exists."))
        [row] = request._queue_rows()
        lines = request.line_ids
        return row | {
            "comment": request.comment or "",
            "date_received": fields.Datetime.to_string(request.date_received) or False,
            "can_receive": request.state in COMING,
            "can_inspect": request.state in HERE,
            "can_undo": request.state in ("received", "inspected"),
            # sudo: whether goods are still to come is told to everybody who sees the return
            "is_open": bool(request.sudo()._open_receipt_moves()),
            "grades": [{"grade": grade, "label": label} for grade, label in self._grade_labels()],
            # sudo: the right to see the return was checked; who sees it sees its lots, photos and products too
            "lines": lines.sudo()._inspection_lines(),
            "causes": self._cause_rows(),
        }

    def _grade_labels(self):
        labels = dict(self.env["scm.return.inspection"]._fields["grade"]._description_selection(self.env))
        return [(grade, labels[grade]) for grade, _label in GRADES]

    def _cause_rows(self):
        owners = dict(self.env["scm.return.cause"]._fields["owner"]._description_selection(self.env))
        return [
            {"id": cause.id, "code": cause.code, "name": cause.name, "owner": owners[cause.owner]}
            for cause in self.env["scm.return.cause"].search_fetch([("active", "=", True)])
        ]


class ScmReturnLine(models.Model):
    _inherit = "scm.return.line"

    def _inspection_lines(self):
        graded, frequent = self._graded(), self._frequent_causes()
        lots = self._lots_came()
        wishes = dict(self._fields["wish"]._description_selection(self.env))
        return [
            {
                "id": line.id,
                "product_id": line.product_id.id,
                "product": line.product_id.display_name,
                "barcodes": [code for code in (line.product_id.barcode, line.product_id.default_code) if code],
                "tracking": line.product_id.tracking,
                "lot": line.lot_id.name or False,
                "lots": lots.get(line, []),
                "unit": line.uom_id.name,
                "digits": line.uom_id.rounding,
                "asked": line._expected(),
                "received": line.quantity_received,
                "left": line._left_of(graded[line.id])[0],
                "not_come": line._left_of(graded[line.id])[1],
                "graded": graded[line.id],
                "reason": line.reason_id.name or "",
                "comment": line.comment or "",
                "wish": wishes.get(line.outcome or line.wish, ""),
                "is_unexpected": bool(line.is_unexpected),
                "is_excess": bool(line.excess_of_id),
                "is_refused": line.decision == "refuse",
                "is_kept": line.outcome == "keep",
                "photos": line.attachment_ids.ids,
                "causes": frequent.get(line.reason_id, []),
                "usual": line.reason_id.cause_id.code or False,
                "inspections": line.inspection_ids._rows(),
            }
            for line in self
        ]

    def _lots_came(self):
        lots = {}
        for place in self.filtered(lambda line: line.product_id.tracking != "none")._receipt_places():
            if place["lot"]:
                lots.setdefault(place["line"], []).append(place["lot"].name)
        return lots

    def _frequent_causes(self):
        """``{reason: codes of causes}``: the usual one first, then what inspection found most for this reason."""
        groups = self.env["scm.return.inspection"]._read_group(
            [("reason_id", "in", self.reason_id.ids), ("cause_id", "!=", False)],
            ["reason_id", "cause_id"],
            ["quantity:sum"],
            order="quantity:sum DESC",
        )
        codes = {reason: [reason.cause_id.code] if reason.cause_id else [] for reason in self.reason_id}
        for reason, cause, _units in groups:
            if cause.code not in codes[reason]:
                codes[reason].append(cause.code)
        return codes


class ScmReturnInspection(models.Model):
    _inherit = "scm.return.inspection"

    def _rows(self):
        labels = dict(self._fields["grade"]._description_selection(self.env))
        return [
            {
                "id": one.id,
                "grade": one.grade,
                "label": labels[one.grade],
                "quantity": one.quantity,
                "cause": one.cause_id.name or "",
                "lot": one.lot_id.name or "",
                "found": one.found_product_id.display_name or "",
                "note": one.note or "",
                "photos": one.attachment_ids.ids,
                "user": one.user_id.name,
            }
            for one in self.sorted("id")
        ]

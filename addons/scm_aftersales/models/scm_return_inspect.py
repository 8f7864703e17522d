import base64
import binascii
from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.scm_base.tools.photos import MAX_PHOTO_BYTES, MAX_PHOTOS, PhotoError, rewrite

from ..kernel.inspection import GRADES, IN_HAND, left, main_cause, split_missing

MAX_NOTE = 5_000
#: states in which goods are looked at; the later ones for goods that came late
HERE = ("received", "inspected", "settled", "closed")


class ScmReturn(models.Model):
    """Inspection: units sorted by grade, each with its cause, never more than came."""

    _inherit = "scm.return"

    def inspect(self, rows):
        """Grade units of one return.

        :param list rows: dicts with ``line_id``, ``grade`` (A as new, B to refurbish, C scrap, missing, wrong), and
            optional ``quantity`` (product's unit; all that is left if absent), ``cause`` (code), ``note``, ``lot``
            (name), ``found`` (barcode, internal reference or id of the product that was in the parcel instead),
            ``photos`` (list of ``{"name", "data"}``, pictures in base64)
        :return: see :meth:`inspection_data`
        :raise UserError: where more is graded than came, or a row cannot be meant; nothing is written then
        """
        self._check_warehouse_user()
        request = self._one_to_handle()
        if request.state not in HERE:
            raise UserError(
                self.env._(
                    "%(request)s is “%(state)s”: book the receipt of the goods before you inspect them.",
                    request=request.name,
                    state=request._state_label(request.state),
                )
            )
        request._check_rows(rows)
        if not rows:
            raise UserError(self.env._("%(request)s: grade at least one unit.", request=request.name))
        # sudo: the right to inspect was checked, and the rows are of this return; nobody writes inspections directly
        request.sudo()._write_inspections(rows)
        return request.inspection_data()

    def _write_inspections(self, rows):
        graded, values = self.line_ids._graded(), []
        for row in rows:
            line = self._row_line(row)
            values += self._inspection_values(row, line, graded[line.id])
        inspections = self.env["scm.return.inspection"].create(values)
        inspections._send_by_grade()
        inspections.line_id._fill_cause()
        self._close_inspection()

    def _inspection_values(self, row, line, graded):
        """Values of the inspections of a row; ``graded`` of its line is brought forward."""
        grade = self._row_grade(row)
        quantity = self._row_units(row, line, grade, graded)
        before = split_missing(line._expected(), line.quantity_received, graded["missing"])[0]
        graded[grade] += quantity
        self._check_graded(line, graded)
        values = {
            "line_id": line.id,
            "grade": grade,
            "cause_id": self._row_cause(row).id,
            "lot_id": line._inspected_lot(grade, self._find_lot(line.product_id, row.get("lot"))).id,
            "found_product_id": self._row_found(row, grade).id,
            "note": str(row.get("note") or "")[:MAX_NOTE],
            "attachment_ids": self._row_photos(row.get("photos")),
        }
        parts = [quantity]
        if grade == "missing":
            # units that never came move no stock, those that were booked as received do: two records
            never = split_missing(line._expected(), line.quantity_received, graded["missing"])[0] - before
            parts = [never, quantity - never]
        return [
            {**values, "quantity": part, "is_booked": grade != "missing" or number == 1}
            for number, part in enumerate(parts)
            if line.uom_id.compare(part, 0.0) > 0
        ]

    def _row_grade(self, row):
        grade = str(row.get("grade") or "").strip()
        grade = grade.upper() if len(grade) == 1 else grade.lower()
        if grade not in GRADES:
            raise UserError(
                self.env._("“%(grade)s” is no grade. Take one of A, B, C, missing, wrong.", grade=row.get("grade"))
            )
        return grade

    def _row_units(self, row, line, grade, graded):
        name, unit = line.product_id.display_name, line.uom_id
        in_hand, not_come = left(line._expected(), line.quantity_received, graded)
        quantity = self._row_quantity(row, name, default=in_hand + (not_come if grade == "missing" else 0.0))
        if unit.compare(quantity, 0.0) <= 0:
            raise UserError(
                self.env._("%(product)s: nothing is left to be graded as this, or the quantity is 0.", product=name)
            )
        self._check_countable(line.product_id, quantity)
        return quantity

    def _check_graded(self, line, graded):
        """Raise where more is graded than came, or more is missing than was to come."""
        in_hand, _not_come = left(line._expected(), line.quantity_received, graded)
        if line.uom_id.compare(in_hand, 0.0) < 0:
            raise UserError(
                self.env._(
                    "%(product)s: %(received)g %(unit)s came, so no more can be graded. Take back an inspection first, "
                    "or book what came in addition.",
                    product=line.product_id.display_name,
                    received=line.quantity_received,
                    unit=line.uom_id.name,
                )
            )

    def _row_cause(self, row):
        causes, code = self.env["scm.return.cause"], row.get("cause")
        if not code:
            return causes
        is_id = isinstance(code, int) and not isinstance(code, bool)
        found = causes.search([("id" if is_id else "code", "=", code if is_id else str(code))], limit=1)
        if not found:
            raise UserError(self.env._("There is no cause “%(code)s”.", code=code))
        return found

    def _row_found(self, row, grade):
        if grade != "wrong" or not row.get("found"):
            return self.env["product.product"]
        found = self._find_product(row["found"])
        if found.tracking != "none":
            raise UserError(
                self.env._(
                    "%(product)s is kept by lot or serial number. Leave it out here, and book it in by a count.",
                    product=found.display_name,
                )
            )
        return found

    def _row_photos(self, photos):
        """Ids of attachments of these pictures, each written anew by us."""
        photos = photos or []
        if not isinstance(photos, list | tuple) or len(photos) > MAX_PHOTOS:
            raise UserError(self.env._("An inspection takes at most %(count)s photos.", count=MAX_PHOTOS))
        return (
            self.env["ir.attachment"]
            .create(
                [
                    {
                        "name": f"{self.name}-{number}.jpg",
                        "raw": self._photo_content(photo),
                        "mimetype": "image/jpeg",
                        "res_model": "scm.return",
                        "res_id": self.id,
                    }
                    for number, photo in enumerate(photos, 1)
                ]
            )
            .ids
        )

    def _photo_content(self, photo):
        data = photo.get("data") if isinstance(photo, dict) else photo
        name = str(photo.get("name") or "")[:80] if isinstance(photo, dict) else ""
        try:
            text = str(data or "").rpartition(",")[2] if str(data or "").startswith("data:") else str(data or "")
            if len(text) > MAX_PHOTO_BYTES * 1.4:
                raise PhotoError("size", name)
            return rewrite(base64.b64decode(text, validate=True), name)
        except (PhotoError, binascii.Error, ValueError) as error:
            raise UserError(
                self.env._(
                    "%(name)s is not taken: photos are JPEG, PNG or WebP pictures of at most %(size)s MB.",
                    name=name or self.env._("The photo"),
                    size=MAX_PHOTO_BYTES // 1024 // 1024,
                )
            ) from error

    def _close_inspection(self):
        """Inspected, once every unit that came is graded and no more is to come; the rest is missing then."""
        for request in self.filtered(lambda request: request.state == "received"):
            lines = request.line_ids
            if not lines.inspection_ids or lines._left_to_grade() or request._open_receipt_moves():
                continue
            graded = lines._graded()
            self.env["scm.return.inspection"].create(
                [
                    {"line_id": line.id, "grade": "missing", "quantity": line._left_of(graded[line.id])[1]}
                    for line in lines
                    if line.uom_id.compare(line._left_of(graded[line.id])[1], 0.0) > 0
                ]
            )
            request._move_to("inspected")


class ScmReturnLine(models.Model):
    _inherit = "scm.return.line"

    def _fill_cause(self):
        """The cause of most units."""
        for line in self:
            found = [(one.cause_id.id, one.quantity) for one in line.inspection_ids.sorted("id")]
            line.cause_id = main_cause(found) or False

    def _inspected_lot(self, grade, lot):
        """The lot that is graded: the one named, else the one asked or received; it must have come."""
        self.ensure_one()
        lots = self.env["stock.lot"]
        if self.product_id.tracking == "none":
            return lots
        came = self._receipt_places()
        by_lot = defaultdict(float)
        for place in came:
            by_lot[place["lot"]] += place["quantity"]
        if not lot and self.lot_id in by_lot:
            lot = self.lot_id
        if not lot and len(by_lot) == 1:
            lot = next(iter(by_lot))
        if not lot and grade in IN_HAND and by_lot:
            raise UserError(
                self.env._(
                    "%(product)s: say which lot or serial number you inspect: %(lots)s.",
                    product=self.product_id.display_name,
                    lots=", ".join(one.name for one in list(by_lot)[:10] if one),
                )
            )
        if lot and grade in IN_HAND and lot not in by_lot:
            raise UserError(
                self.env._(
                    "%(lot)s of %(product)s did not come with this return.",
                    lot=lot.name,
                    product=self.product_id.display_name,
                )
            )
        return lot

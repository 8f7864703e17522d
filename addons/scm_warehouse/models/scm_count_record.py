import math
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

#: a counter who is not heard of for so long has lost the place
CLAIM_HOURS = 4
COUNTABLE = ("todo", "counting", "recount")
#: larger figures are barcodes that were read into the quantity
MAX_QUANTITY = 9_999_999.0
_ENTRY_COLUMNS = (
    "uuid, kind, task_id, company_id, product_id, lot_id, lot_name, package_id, owner_id, quantity, barcode, moment, "
    "clock_offset, user_id, round, note, create_uid, write_uid, create_date, write_date"
)


class ScmCountTask(models.Model):
    """What comes from the phone: entries are kept once, however often they are sent."""

    _inherit = "scm.count.task"

    @api.model
    def record_count(self, entries):
        """Keep what was counted; may be sent again without harm. For people of the warehouse (Inventory: User).

        :param entries: list of ``{'uuid', 'task_id', 'product_id', 'quantity', 'moment'}``; moment: ``YYYY-MM-DD
            HH:MM:SS`` in UTC, as the phone's clock has it; optional ``lot_id`` or ``lot_name``, ``package_id``,
            ``owner_id``, ``uom_id`` (quantity is in that unit), ``barcode``, ``clock_offset`` (seconds to add). A later
            entry of the same product, lot, package and owner replaces an earlier one
        :return: ``{'kept': number, 'again': number that were known}``
        :raises UserError: naming the place, where somebody else has it or it cannot be counted; then none is kept
        """
        self._check_counter()
        tasks = self._locked({entry.get("task_id") for entry in entries})
        known = self._known({entry.get("uuid") for entry in entries})
        fresh = [entry for entry in entries if entry.get("uuid") not in known]
        for task in tasks.browse({entry["task_id"] for entry in fresh}):
            task._check_countable_by_me()
        kept = self._keep([("count", self._checked_entry(entry)) for entry in fresh])
        # what is refused has raised; a key that somebody sent in the same moment is known by now
        return {"kept": len(kept), "again": len(entries) - len(kept)}

    # Rights and claims

    @api.model
    def _check_counter(self):
        if not self.env.user.has_group("stock.group_stock_user"):
            raise AccessError(self.env._("Only people of the warehouse can count (Inventory: User)."))

    @api.model
    def _locked(self, ids):
        """The counts, as the superuser, locked until the end of the transaction: two phones wait for each other."""
        tasks = self.browse(number for number in ids if isinstance(number, int)).exists()
        if len(tasks) < len(ids):
            raise UserError(self.env._("This count does not exist any more. Load the page again."))
        tasks.check_access("read")
        self.env.execute_query(SQL("SELECT id FROM scm_count_task WHERE id = ANY(%s) FOR UPDATE", tasks.ids))
        tasks.invalidate_recordset()
        # sudo: may be read by the user, who is a counter, as checked by the callers; he writes by these methods only
        return tasks.sudo()

    def _check_countable_by_me(self):
        """Still open, in a place that still stands, and not in the hands of somebody else."""
        self.ensure_one()
        place = self.location_name or self.name
        if self.state in COUNTABLE and not (self.location_id and self.location_id.active):
            raise UserError(self.env._("%(place)s does not exist any more: there is nothing to count.", place=place))
        if self.state not in COUNTABLE:
            raise UserError(
                self.env._(
                    "%(place)s is not to be counted any more: %(state)s.",
                    place=place,
                    state=self.cancel_reason
                    or dict(self._fields["state"]._description_selection(self.env))[self.state],
                )
            )
        self._check_second_person()
        if self._is_claimed_by_another():
            raise UserError(
                self.env._(
                    "%(place)s is being counted by %(user)s. Take another place, or ask %(user)s to let it go.",
                    place=place,
                    user=self.user_id.name,
                )
            )

    def _check_second_person(self):
        if self.state == "recount" and self.counted_by_id == self.env.user:
            raise UserError(
                self.env._(
                    "%(place)s was counted by you: the recount has to be made by another person.",
                    place=self.location_name or self.name,
                )
            )

    def _is_claimed_by_another(self):
        if not self.user_id or self.user_id == self.env.user or not self.claimed_at:
            return False
        return self.claimed_at > fields.Datetime.now() - timedelta(hours=CLAIM_HOURS)

    # Entries

    @api.model
    def _known(self, uuids):
        if not all(isinstance(uuid, str) and 8 <= len(uuid) <= 64 for uuid in uuids):
            raise UserError(self.env._("Each entry needs a key of its own (uuid, 8 to 64 characters)."))
        # sudo: only whether a key was received
        entries = self.env["scm.count.entry"].sudo().search_fetch([("uuid", "in", list(uuids))], ["uuid"])
        return set(entries.mapped("uuid"))

    @api.model
    def _checked_entry(self, entry):
        """The entry in the product's unit, its records checked; caches make this a few queries for all entries."""
        task = self.sudo().browse(entry["task_id"])  # sudo: locked, and checked by the caller
        product = self.env["product.product"].browse(entry.get("product_id") or 0).exists()
        if not product or (product.company_id and product.company_id != task.company_id):
            raise UserError(self.env._("%(place)s: this product does not exist here.", place=task.location_name))
        if task.product_id and product != task.product_id:
            raise UserError(
                self.env._(
                    "%(place)s: only %(product)s is to be counted here.",
                    place=task.location_name,
                    product=task.product_id.display_name,
                )
            )
        if not product.is_storable:
            raise UserError(self.env._("%(product)s is not kept in stock: leave it out.", product=product.display_name))
        package = self.env["stock.package"].browse(entry.get("package_id") or 0).exists()
        owner = self.env["res.partner"].browse(entry.get("owner_id") or 0).exists()
        return {
            "uuid": entry["uuid"],
            "package_id": package.id or None,
            "owner_id": owner.id or None,
            "barcode": str(entry.get("barcode") or "")[:200] or None,
            **self._checked_lot(product, entry),
            "task_id": task.id,
            "product_id": product.id,
            "quantity": self._checked_quantity(product, entry),
            **task._checked_moment(entry),
        }

    @api.model
    def _checked_quantity(self, product, entry):
        quantity = entry.get("quantity")
        if not isinstance(quantity, (int, float)) or not math.isfinite(quantity) or not 0 <= quantity <= MAX_QUANTITY:
            raise UserError(self.env._("%(product)s: count zero or more, in figures.", product=product.display_name))
        uom = self.env["uom.uom"].browse(entry.get("uom_id") or product.uom_id.id).exists()
        if not uom or not uom._has_common_reference(product.uom_id):
            raise UserError(
                self.env._(
                    "%(product)s is not counted in this unit, but in %(unit)s.",
                    product=product.display_name,
                    unit=product.uom_id.name,
                )
            )
        quantity = uom._compute_quantity(float(quantity), product.uom_id, rounding_method="HALF-UP")
        if product.tracking == "serial" and quantity > 1:
            raise UserError(
                self.env._("%(product)s has serial numbers: count each by itself, one.", product=product.display_name)
            )
        return quantity

    @api.model
    def _checked_lot(self, product, entry):
        """Lot by id or by the name that was read; a name that is not known stays, and becomes a lot when corrected."""
        lot = self.env["stock.lot"].browse(entry.get("lot_id") or 0).exists()
        name = (entry.get("lot_name") or "").strip()[:120]
        if entry.get("lot_id") and lot.product_id != product:
            raise UserError(
                self.env._("%(product)s: this lot belongs to another product.", product=product.display_name)
            )
        if not lot and name and product.tracking != "none":
            lot = self.env["stock.lot"].search([("product_id", "=", product.id), ("name", "=", name)], limit=1)
        return {"lot_id": lot.id or None, "lot_name": None if lot or product.tracking == "none" else name or None}

    def _checked_moment(self, entry):
        """When it was counted, by the server's clock: not before the count was taken, not in the future."""
        now = fields.Datetime.now()
        offset = entry.get("clock_offset") or 0.0
        offset = float(offset) if isinstance(offset, (int, float)) and math.isfinite(offset) else 0.0
        try:
            moment = fields.Datetime.to_datetime(entry.get("moment")) or now
            moment = moment.replace(tzinfo=None, microsecond=0) + timedelta(seconds=round(offset))
        except (ValueError, TypeError, OverflowError):
            raise UserError(self.env._("A moment is written as YYYY-MM-DD HH:MM:SS, in UTC.")) from None
        floor = self.claimed_at or self.create_date.replace(microsecond=0)
        return {"moment": min(max(moment, floor), now), "clock_offset": offset}

    @api.model
    def _keep(self, rows):
        """Write entries ``[(kind, values)]``; returns the keys that were new. Twice in the same moment: once."""
        if not rows:
            return set()
        tasks = self.sudo().browse({values["task_id"] for _kind, values in rows})  # sudo: locked by the callers
        tasks._claim()
        by_id = {task.id: task for task in tasks}
        now, user = fields.Datetime.now(), self.env.uid
        lines = [
            SQL(
                "(%s)",
                SQL(", ").join(
                    SQL("%s", value) for value in (
                        values["uuid"], kind, values["task_id"], by_id[values["task_id"]].company_id.id,
                        values.get("product_id"), values.get("lot_id"), values.get("lot_name"),
                        values.get("package_id"), values.get("owner_id"), values.get("quantity", 0.0),
                        values.get("barcode"), values["moment"], values["clock_offset"], user,
                        by_id[values["task_id"]].round, values.get("note"), user, user, now, now,
                    )
                ),
            )
            for kind, values in rows
        ]  # fmt: skip
        self.env.flush_all()
        written = self.env.execute_query(
            SQL(
                "INSERT INTO scm_count_entry (%s) VALUES %s ON CONFLICT (uuid) DO NOTHING RETURNING uuid",
                SQL(_ENTRY_COLUMNS),
                SQL(", ").join(lines),
            )
        )
        tasks.invalidate_recordset(["entry_ids"])
        return {uuid for (uuid,) in written}

    def _claim(self):
        """These are mine from now on; a count that begins is under way."""
        now = fields.Datetime.now()
        for task in self:
            values = {} if task.user_id == self.env.user and task.claimed_at else {"claimed_at": now}
            values |= {} if task.user_id == self.env.user else {"user_id": self.env.uid}
            values |= {"state": "counting"} if task.state == "todo" else {}
            if values:
                task.write(values)

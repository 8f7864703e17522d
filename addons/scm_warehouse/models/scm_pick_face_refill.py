from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_today

#: as many places one transfer serves; more is more than one round with a trolley
LINES_PER_TRANSFER = 40


class ScmPickFaceRefill(models.Model):
    """Proposals are replaced as a whole, and become transfers."""

    _inherit = "scm.pick.face.proposal"

    @api.model
    def _follow_transfers(self, warehouse):
        """Say of which proposals the transfer is done, or was cancelled."""
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE scm_pick_face_proposal p SET state = CASE m.state WHEN 'done' THEN 'done' ELSE 'dismissed' END
                  FROM stock_move m
                 WHERE m.id = p.move_id AND p.warehouse_id = %s AND p.state = 'applied'
                   AND m.state IN ('done', 'cancel')
                """,
                warehouse.id,
            )
        )
        self.invalidate_model(["state"])

    @api.model
    def _replace(self, warehouse, rows):
        """The open proposals of a warehouse are these rows: standing ones are updated, others go. Returns them."""
        standing = {
            one.face_id.id: one
            for one in self.search([("warehouse_id", "=", warehouse.id), ("state", "=", "proposed")])
        }
        today = local_today(warehouse.company_id, warehouse)
        refused = set(
            self.search(
                [("warehouse_id", "=", warehouse.id), ("state", "=", "dismissed"), ("dismissed_on", "=", today)]
            ).face_id.ids
        )
        wanted = {
            row["face"].id: self._prepare_vals(warehouse, row)
            for row in rows
            if row["status"] in ("now", "soon") and row["face"].id not in refused
        }
        gone = self.browse([one.id for face_id, one in standing.items() if face_id not in wanted])
        gone.unlink()
        for face_id, one in standing.items():
            if face_id in wanted and (differs := one._differing(wanted[face_id])):
                one.write(differs)
        self.create([values for face_id, values in wanted.items() if face_id not in standing])
        return self.search([("warehouse_id", "=", warehouse.id), ("state", "=", "proposed")])

    def _differing(self, values):
        self.ensure_one()
        return {
            name: value
            for name, value in values.items()
            if (self[name].id if self._fields[name].type == "many2one" else self[name]) != (value or self._empty(name))
        }

    @api.model
    def _empty(self, name):
        """What the ORM gives for a field without a value."""
        return 0.0 if self._fields[name].type == "float" else False

    @api.model
    def _prepare_vals(self, warehouse, row):
        face = row["face"]
        rounded = face.uom_id.round
        return {
            "face_id": face.id,
            "warehouse_id": warehouse.id,
            "company_id": warehouse.company_id.id,
            "location_id": face.location_id.id,
            "product_id": face.product_id.id,
            "bulk_location_id": row["bulk_location_id"],
            "bulk_place_id": row["bulk_place_id"] or False,
            "quantity": row["quantity"],
            "cases": round(row["quantity"] / row["multiple"], 2),
            "wanted_qty": rounded(row["wanted"]),
            "on_hand": rounded(row["on_hand"]),
            "taken": rounded(row["taken"]),
            "waiting": rounded(row["waiting"]),
            "coming": rounded(row["coming"]),
            "days_left": round(row["days_left"], 1),
            "needed_at": row["needed_at"] or False,
            "urgency": row["urgency"],
            "why": self._why(row),
        }

    @api.model
    def _why(self, row):
        face, unit = row["face"], row["face"].uom_id.name
        term = lambda code, value: {"code": code, "value": round(value, 3), "unit": unit}  # noqa: E731
        notes = []
        if row["quantity"] < row["wanted"] - 1e-6:
            notes.append("face_short")
            if row["quantity"] % row["multiple"] > 1e-6:
                notes.append("face_open_case")
        return {
            "method": "face_refill",
            "formula": "face_rule",
            "value": row["quantity"],
            "unit": unit,
            "terms": [
                term("face_on_hand", row["on_hand"]),
                term("face_taken", row["taken"]),
                term("face_waiting", row["waiting"]),
                term("face_coming", row["coming"]),
                term("face_minimum", face.min_qty),
                term("face_maximum", face.max_qty),
                term("face_case", row["multiple"]),
                term("face_bulk", row["bulk"]),
                term("face_per_day", face.demand_per_day),
            ],
            "notes": notes,
        }

    # What a person does

    def action_apply(self):
        """Make the transfers from bulk, reserved by the product's own removal strategy, the most urgent first.

        Needs the inventory user or the supply chain manager.

        :return: list of the ids of the transfers
        """
        self.env["scm.wave.plan"]._check_planner()
        self.check_access("read")
        # sudo: the role was checked above and the record rules by reading
        proposals = self.sudo().filtered(lambda one: one.state == "proposed")
        if self and not proposals:
            raise UserError(
                self.env._("%(face)s is not proposed any more. Look again.", face=self[0].face_id.display_name)
            )
        return proposals._apply().ids

    def action_apply_and_show(self):
        """The same as a button: the transfers are shown."""
        transfers = self.action_apply()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refills of Pick Faces"),
            "res_model": "stock.picking",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", transfers)],
        }

    def action_dismiss(self):
        """Not today: the face is proposed again tomorrow if it is still low."""
        self.env["scm.wave.plan"]._check_planner()
        self.check_access("read")
        for warehouse, proposals in self.grouped("warehouse_id").items():
            # sudo: the role was checked above and the record rules by reading
            proposals.sudo().filtered(lambda one: one.state == "proposed").write(
                {"state": "dismissed", "dismissed_on": local_today(warehouse.company_id, warehouse)}
            )
        return True

    def _apply(self):
        """Transfers of these proposals: one per warehouse, zone and round with a trolley."""
        self.location_id.fetch(["scm_is_locked", "scm_walk_sequence"])
        if locked := self.location_id.filtered("scm_is_locked")[:1]:
            raise UserError(self.env._("%(place)s is locked by an incident.", place=locked.display_name))
        pickings = self.env["stock.picking"]
        if not self:
            return pickings
        for (warehouse, _zone), group in self.grouped(lambda one: (one.warehouse_id, one.bulk_location_id)).items():
            for urgent in (True, False):
                part = group.filtered(lambda one, urgent=urgent: (one.urgency == "now") == urgent)
                part = part.sorted(lambda one: (one.location_id.scm_walk_sequence, one.id))
                for start in range(0, len(part), LINES_PER_TRANSFER):
                    pickings |= part[start : start + LINES_PER_TRANSFER]._transfer(warehouse)
        pickings.action_confirm()
        pickings.action_assign()
        return pickings

    def _transfer(self, warehouse):
        company = warehouse.company_id
        needed = min(self.filtered("needed_at").mapped("needed_at"), default=fields.Datetime.now())
        picking = (
            self.env["stock.picking"]
            .with_company(company)
            .create(
                {
                    "picking_type_id": warehouse.int_type_id.id,
                    "location_id": self[0].bulk_location_id.id,
                    "location_dest_id": warehouse.lot_stock_id.id,
                    "company_id": company.id,
                    "scheduled_date": needed,
                    "priority": "1" if self[0].urgency == "now" else "0",
                    "origin": self.env._("Refill of pick faces"),
                    "move_ids": [(0, 0, one._prepare_move_vals(company)) for one in self],
                }
            )
        )
        moves = {move.scm_pick_face_id: move for move in picking.move_ids}
        for one in self:
            one.write({"state": "applied", "picking_id": picking.id, "move_id": moves[one.face_id].id})
        return picking

    def _prepare_move_vals(self, company):
        return {
            "product_id": self.product_id.id,
            "product_uom_qty": self.quantity,
            "product_uom": self.product_id.uom_id.id,
            "location_id": self.bulk_location_id.id,
            "location_dest_id": self.location_id.id,
            "company_id": company.id,
            "scm_pick_face_id": self.face_id.id,
        }

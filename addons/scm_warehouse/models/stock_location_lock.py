from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .scm_safety_incident import OPEN

#: places that an error names
NAMED = 5


class StockLocation(models.Model):
    """A place is locked while an open incident locks it, or a place around it."""

    _inherit = "stock.location"

    @api.model_create_multi
    def create(self, vals_list):
        places = super().create(vals_list)
        if any(place.location_id.scm_is_locked for place in places):
            places._scm_refresh_locks()
        return places

    def write(self, vals):
        result = super().write(vals)
        if "location_id" in vals:
            self._scm_refresh_locks()
        return result

    def _scm_refresh_locks(self):
        """Say of these places and all in them whether an open incident locks them, by one statement."""
        if not self.ids:
            return
        self.env["scm.safety.incident"].flush_model(["state", "lock_location_ids"])
        self.flush_model(["parent_path", "scm_is_locked"])
        self.env.cr.execute(
            SQL(
                """
                WITH locks AS (
                    SELECT DISTINCT place.parent_path
                      FROM scm_safety_incident_lock_rel rel
                      JOIN scm_safety_incident incident ON incident.id = rel.incident_id AND incident.state IN %(open)s
                      JOIN stock_location place ON place.id = rel.location_id
                ), found AS (
                    SELECT part.id,
                           EXISTS (SELECT FROM locks WHERE starts_with(part.parent_path, locks.parent_path)) AS locked
                      FROM stock_location root
                      JOIN stock_location part ON starts_with(part.parent_path, root.parent_path)
                     WHERE root.id = ANY(%(roots)s)
                )
                UPDATE stock_location SET scm_is_locked = found.locked
                  FROM found
                 WHERE found.id = stock_location.id
                   AND stock_location.scm_is_locked IS DISTINCT FROM found.locked
                """,
                open=OPEN,
                roots=self.ids,
            )
        )
        self.env["stock.location"].invalidate_model(["scm_is_locked"])

    def _scm_locks(self):
        """``{place: incidents that lock it}`` of the locked ones among these, in two queries."""
        # sudo: who is stopped by a lock is told by which, whatever of places and safety he may read
        locked = self.sudo().filtered("scm_is_locked")
        if not locked:
            return {}
        incidents = self.env["scm.safety.incident"].sudo()  # sudo: as above
        incidents = incidents.search([("state", "in", OPEN), ("lock_location_ids", "parent_of", locked.ids)])
        return {
            place: incidents.filtered(
                lambda incident, place=place: any(
                    place.parent_path.startswith(lock.parent_path) for lock in incident.lock_location_ids
                )
            )
            for place in locked
        }

    def _scm_check_unlocked(self):
        """Raise where one of these is locked, and say by which incident, who reported it and why."""
        locks = self._scm_locks()
        if not locks:
            return
        lines = [
            self.env._(
                "%(place)s: %(incident)s, reported by %(user)s: %(reason)s",
                place=place.display_name,
                incident=incident.name,
                user=incident.reported_by_id.name,
                reason=incident.lock_reason or incident.type_id.name,
            )
            for place, incidents in list(locks.items())[:NAMED]
            for incident in incidents
        ]
        raise UserError(
            self.env._(
                "%(count)s locked. Nothing is reserved, put or taken there until the incident is over:\n%(lines)s",
                count=len(locks),
                lines="\n".join(lines),
            )
            if len(locks) > 1
            else self.env._(
                "This place is locked. Nothing is reserved, put or taken there until the incident is over:\n%(lines)s",
                lines="\n".join(lines),
            )
        )

    def action_scm_open_locks(self):
        """Show the incidents that lock this place."""
        self.ensure_one()
        incidents = self._scm_locks().get(self) or self.env["scm.safety.incident"]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Incidents"),
            "res_model": "scm.safety.incident",
            "domain": [("id", "in", incidents.ids)],
            "views": [(False, "list"), (False, "form")],
        }

    # Put-away

    def _check_can_be_used(self, product, quantity=0, package=None, location_qty=0):
        if self.scm_is_locked:
            return False
        return super()._check_can_be_used(product, quantity, package, location_qty)

    def _get_putaway_strategy(self, product, quantity=0, package=None, packaging=None, additional_qty=None):
        place = super()._get_putaway_strategy(product, quantity, package, packaging, additional_qty)
        if not place.scm_is_locked or place == self:
            return place
        # no rule led to a place: core then takes the first one, whether it is open or not
        places = self.env.context.get("locations") or self.child_internal_location_ids
        return places.filtered(lambda one: not one.scm_is_locked)[:1] or self

    # Places that a phone names

    @api.model
    def _scm_find_place(self, warehouse, place):
        """(place of the warehouse, its name) by id, barcode or name; an unknown one is kept as text, never lost."""
        places = self.env["stock.location"]
        if isinstance(place, int) and not isinstance(place, bool):
            found = places.search([("id", "=", place), ("warehouse_id", "=", warehouse.id)], limit=1)
            return found, found.display_name or ""
        code = str(place or "").strip()[:200]
        if not code:
            return places, ""
        inside = [("warehouse_id", "=", warehouse.id), ("usage", "in", ("internal", "view", "transit"))]
        for name in ("barcode", "complete_name", "name"):
            found = places.search([(name, "=", code), *inside], limit=2)
            if len(found) == 1:
                return found, found.display_name
        return places, code

    @api.model
    def scm_find_place(self, warehouse_id, code):
        """What a code on a shelf says: ``{'id': id or False, 'name': text, 'locked': whether it is locked}``."""
        self.check_access("read")
        warehouse = self.env["stock.warehouse"].search([("id", "=", warehouse_id)], limit=1)
        place, name = self._scm_find_place(warehouse, code) if warehouse else (self.browse(), str(code or ""))
        return {"id": place.id or False, "name": name, "locked": bool(place.scm_is_locked)}

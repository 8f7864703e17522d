from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .scm_safety_incident import OPEN

#: lines of open work that a phone or an error shows
SHOWN_WORK = 20


class ScmSafetyIncident(models.Model):
    """What an incident locks, and the work that is open there."""

    _inherit = "scm.safety.incident"

    open_work_count = fields.Integer("Open Lines", compute="_compute_open_work_count")

    def _compute_open_work_count(self):
        """Shown on the form, so for one at a time."""
        for incident in self:
            # sudo: a count, for whoever may read the incident
            lines = incident.env["stock.move.line"].sudo()
            incident.open_work_count = (
                lines.search_count(incident._open_work_domain()) if incident.lock_location_ids else 0
            )

    def lock(self, location_ids=False, reason=""):
        """Close places with all that is in them; for people on the floor too, because it is urgent.

        :param location_ids: ids of the places; without, the place of the incident
        :return: ``{'locked': [names], 'open_work': [{'picking', 'product', 'quantity', 'unit', 'from', 'to'}],
            'open_count': count of lines}``
        :raises UserError: for a place of another company, or an incident that is over
        """
        self.ensure_one()
        self._check_may_report()
        self.check_access("read")
        places = self.env["stock.location"].browse(location_ids or self.location_id.ids).exists()
        if not places:
            raise UserError(self.env._("%(incident)s: say which places to lock.", incident=self.name))
        self._check_lockable(places)
        self._lock(places, reason)
        return self._lock_answer()

    def unlock(self, location_ids=False):
        """Let places go; those that another incident locks too stay closed. For managers.

        :param location_ids: ids of the places; without, all of the incident
        :return: ``{'unlocked': [names], 'still_locked': [names]}``
        """
        self.ensure_one()
        self._check_may_unlock()
        self.check_access("read")
        places = self.lock_location_ids
        if location_ids:
            places &= self.env["stock.location"].browse(location_ids)
        self._unlock(places)
        still = places.filtered("scm_is_locked")
        return {
            "unlocked": (places - still).mapped("display_name"),
            "still_locked": still.mapped("display_name"),
        }

    def action_unlock(self):
        """Let all places of these incidents go."""
        for incident in self:
            incident.unlock()
        return True

    def _check_may_unlock(self):
        user = self.env.user
        if not (
            self.env.su or user.has_group("scm_base.scm_group_manager") or user.has_group("stock.group_stock_manager")
        ):
            raise AccessError(self.env._("Locked places are let go by managers of the warehouse or supply chain."))

    def _check_lockable(self, places):
        if self.state not in OPEN:
            raise UserError(self.env._("%(incident)s is over: it cannot lock a place.", incident=self.name))
        for place in places:
            if place.company_id != self.company_id or place.usage not in ("internal", "view", "transit"):
                raise UserError(
                    self.env._(
                        "%(place)s cannot be locked by %(incident)s: choose places of %(company)s where goods lie.",
                        place=place.display_name,
                        incident=self.name,
                        company=self.company_id.name,
                    )
                )

    def _lock(self, places, reason=""):
        """Lock places for this incident; who may do so is asked before."""
        # sudo: locks are written by lock() and unlock() alone, which ask for the role
        incident = self.sudo()
        fresh = places - incident.lock_location_ids
        incident.write(
            {
                "lock_location_ids": [(4, place.id) for place in fresh],
                "lock_reason": (reason or "").strip() or incident.lock_reason or incident.type_id.name,
            }
        )
        places._scm_refresh_locks()
        if fresh:
            incident._log_places(self.env._("Locked"), fresh)

    def _unlock(self, places=None):
        """Let places go (all without ``places``)."""
        for incident in self.sudo():  # sudo: as in _lock
            gone = incident.lock_location_ids if places is None else incident.lock_location_ids & places.sudo()
            if not gone:
                continue
            incident.write({"lock_location_ids": [(3, place.id) for place in gone]})
            gone._scm_refresh_locks()
            incident._log_places(self.env._("Unlocked"), gone)

    def _log_places(self, word, places):
        names = ", ".join(places[:SHOWN_WORK].mapped("display_name"))
        self._message_log(body=self.env._("%(word)s: %(places)s", word=word, places=names))

    # Open work

    def _open_work_domain(self):
        inside = Domain("location_id", "child_of", self.lock_location_ids.ids) | Domain(
            "location_dest_id", "child_of", self.lock_location_ids.ids
        )
        return inside & Domain("state", "not in", ("draft", "done", "cancel")) & Domain("quantity", ">", 0)

    def _lock_answer(self):
        # sudo: who locks is told what that stops, in words; read access to the incident was checked
        lines = self.env["stock.move.line"].sudo()
        work = lines.search(self._open_work_domain(), limit=SHOWN_WORK, order="picking_id, id")
        return {
            "locked": self.sudo().lock_location_ids.mapped("display_name"),  # sudo: as above
            "open_count": lines.search_count(self._open_work_domain()),
            "open_work": [
                {
                    "picking": line.picking_id.name or line.reference or "",
                    "product": line.product_id.display_name,
                    "quantity": line.quantity,
                    "unit": line.product_uom_id.name,
                    "from": line.location_id.display_name,
                    "to": line.location_dest_id.display_name,
                }
                for line in work
            ],
        }

    def action_open_work(self):
        """List the lines of transfers that are open in the locked places."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open Work in Locked Places"),
            "res_model": "stock.move.line",
            "domain": list(self._open_work_domain()),
            "views": [(self.env.ref("scm_warehouse.scm_safety_open_work_view_list").id, "list"), (False, "form")],
        }

    def action_release_work(self):
        """Give back what is reserved in the locked places and look for it elsewhere; what is picked stays.

        :return: a notice with how many moves were changed
        """
        self.ensure_one()
        lines = self.env["stock.move.line"].search(self._open_work_domain() & Domain("picked", "=", False))
        locked = lines.filtered("location_dest_id.scm_is_locked")
        count, out = len(lines.move_id), (lines - locked).move_id
        out._do_unreserve()
        out._action_assign()
        for line in locked.exists():
            line.location_dest_id = line.move_id.location_dest_id
        locked.exists()._apply_putaway_strategy()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%(count)s moves look for another place.", count=count),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

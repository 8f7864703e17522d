from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.phone import check_uuid, phone_moment, photo_values
from .scm_safety_incident import OPEN

MAX_TEXT = 4000
MAX_PHOTOS = 6
MAX_PEOPLE = 10_000


class ScmSafetyIncident(models.Model):
    """Reports from the floor: a phone may send one twice, late, or with a place that nobody knows."""

    _inherit = "scm.safety.incident"

    @api.model
    def report_incident(self, values):
        """Report an incident or a near miss.

        :param values: dict with ``type`` (code) and ``description``, and any of ``uuid`` (key of the phone: what is
            sent twice is one incident), ``warehouse_id``, ``place`` (id, barcode or name; an unknown one is kept as
            text), ``severity`` (minor, serious, severe), ``near_miss``, ``moment`` (ISO, UTC: when it happened),
            ``people_count``, ``people_note``, ``goods_note``, ``goods_value`` (company currency), ``photos``
            (``[{'name', 'data' (base64)}]``), ``lock`` (close the place at once)
        :return: ``{'id', 'name', 'already': sent before, 'steps': [{'id', 'name', 'role', 'person', 'phone',
            'minutes', 'done'}], 'locked': [names], 'open_count', 'open_work'}``
        """
        self._check_may_report()
        if not isinstance(values, dict):
            raise UserError(self.env._("An incident is reported as a set of named values."))
        uuid = check_uuid(self.env, values.get("uuid"))
        # sudo: the role was asked for above; who reports need not be allowed to change incidents
        known = uuid and self.sudo().search([("uuid", "=", uuid), ("company_id", "in", self.env.companies.ids)])
        if known:
            return known._report_answer(already=True)
        warehouse = self._reported_warehouse(values.get("warehouse_id"))
        incident = self.sudo().create(self._report_values(values, warehouse, uuid))  # sudo: as above
        incident.attachment_ids = photo_values(incident, values.get("photos"), MAX_PHOTOS)
        if values.get("lock") and incident.location_id:
            incident._check_lockable(incident.location_id)
            incident._lock(incident.location_id)
        return incident._report_answer()

    def set_step(self, step_id, done=True):
        """Tick an emergency step of an incident, or take the tick back.

        :return: the steps as :meth:`report_incident` tells them
        """
        self._check_may_report()
        self.ensure_one()
        self.check_access("read")
        if self.state not in OPEN:
            raise UserError(self.env._("%(incident)s is over already.", incident=self.name))
        # sudo: the role and read access to the incident were checked; a tick says who and when
        step = self.sudo().step_ids.filtered(lambda step: step.id == step_id)
        if not step:
            raise UserError(self.env._("%(incident)s has no such step any more.", incident=self.name))
        if bool(done) != bool(step.date_done):
            step.write(
                {
                    "date_done": fields.Datetime.now() if done else False,
                    "done_by_id": self.env.user.id if done else False,
                }
            )
        return self._steps_answer()

    @api.model
    def _check_may_report(self):
        user = self.env.user
        if not (self.env.su or user.has_group("stock.group_stock_user") or user.has_group("scm_base.scm_group_user")):
            raise AccessError(self.env._("Incidents are reported by people of the warehouse or the supply chain."))

    @api.model
    def _reported_warehouse(self, warehouse_id):
        """The warehouse named, else the only one of the companies that the user has ticked."""
        domain = [("company_id", "in", self.env.companies.ids)]
        if warehouse_id:
            domain += [("id", "=", warehouse_id)]
        found = self.env["stock.warehouse"].search(domain, limit=2)
        if len(found) != 1:
            raise UserError(
                self.env._("There is no such warehouse in your companies.")
                if warehouse_id
                else self.env._("Say in which warehouse it happened.")
            )
        return found

    @api.model
    def _report_values(self, values, warehouse, uuid):
        kind = self._reported_type(values.get("type"))
        severity = values.get("severity") or kind.severity
        if severity not in dict(self._fields["severity"].selection):
            raise UserError(self.env._("“%(severity)s” is no severity: minor, serious or severe.", severity=severity))
        description = str(values.get("description") or "").strip()[:MAX_TEXT]
        if not description:
            raise UserError(self.env._("Say in a few words what happened."))
        place, name = self.env["stock.location"]._scm_find_place(warehouse, values.get("place"))
        return {
            "uuid": uuid,
            "type_id": kind.id,
            "severity": severity,
            "kind": "near_miss" if values.get("near_miss") else "incident",
            "date": phone_moment(values.get("moment")),
            "warehouse_id": warehouse.id,
            "location_id": place.id,
            "location_name": name,
            "description": description,
            "people_count": self._reported_count(values.get("people_count")),
            "people_note": str(values.get("people_note") or "")[:MAX_TEXT],
            "goods_note": str(values.get("goods_note") or "")[:MAX_TEXT],
            "goods_value": self._reported_money(values.get("goods_value")),
            "reported_by_id": self.env.user.id,
        }

    @api.model
    def _reported_type(self, code):
        kind = self.env["scm.safety.incident.type"].search([("code", "=", str(code or ""))], limit=1)
        if not kind:
            raise UserError(self.env._("There is no type of incident “%(code)s”.", code=code))
        return kind

    @api.model
    def _reported_count(self, value):
        if not value:
            return 0
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_PEOPLE:
            raise UserError(self.env._("“%(value)s” is no number of people.", value=value))
        return value

    @api.model
    def _reported_money(self, value):
        try:
            money = float(value or 0.0)
        except (TypeError, ValueError):
            money = -1.0
        if not 0.0 <= money < 1e12:
            raise UserError(self.env._("“%(value)s” is no amount of damage.", value=value))
        return money

    def _report_answer(self, already=False):
        self.ensure_one()
        return {"id": self.id, "name": self.name, "already": already, "steps": self._steps_answer()} | (
            self._lock_answer() if self.lock_location_ids else {"locked": [], "open_count": 0, "open_work": []}
        )

    def _head(self):
        """What every list of incidents begins with."""
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            "type": self.type_id.name,
            "icon": self.type_id.icon or "fa-exclamation-triangle",
            "severity": self.severity,
        }

    def _steps_answer(self):
        return [
            {
                "id": step.id,
                "name": step.name,
                "role": step.role or "",
                "person": step.user_id.name or "",
                "phone": step.phone or "",
                "minutes": step.minutes,
                "done": bool(step.date_done),
            }
            for step in self.sudo().step_ids  # sudo: the callers checked the role and read access
        ]

import base64

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.scm_base.tools.zones import local_day, zone_name

from ..kernel.safety import judge
from ..tools.phone import check_uuid, phone_moment, photo_values, picture

MAX_TEXT = 4000
MAX_PHOTOS = 6
#: which type of incident a failed critical question opens, by what the checklist is about
INCIDENT_TYPES = {
    "fire": "fire_protection",
    "rack": "rack_damage",
    "forklift": "forklift",
    "electric": "electric",
    "theft": "theft",
    "cold": "cold_chain",
}


class ScmSafetyInspection(models.Model):
    """What a phone sends in: judged, frozen, and an incident for what is critical."""

    _inherit = "scm.safety.inspection"

    @api.model
    def submit_inspection(self, payload):
        """Hand in an inspection; sent twice, it counts once.

        :param payload: dict with ``uuid`` and ``answers`` (``[{'item_id', 'value', 'note', 'place', 'photos'}]``, one
            for each question: ok/nok, a number, none/green/amber/red, words, or na), and ``inspection_id``, or for one
            that is not planned ``template_id`` and ``warehouse_id`` (with ``place`` and ``equipment`` if wanted). Also
            ``note``, ``signature`` (base64 picture), ``moment`` (ISO, UTC: when it was finished), ``minutes``.
        :return: ``{'id', 'name', 'result', 'failed', 'critical', 'already': sent before,
            'incidents': as of report_incident}``
        """
        self._check_may_inspect()
        if not isinstance(payload, dict):
            raise UserError(self.env._("An inspection is sent as a set of named values."))
        uuid = check_uuid(self.env, payload.get("uuid"))
        # sudo: the role was asked for above; answers are written here alone
        known = uuid and self.sudo().search([("uuid", "=", uuid), ("company_id", "in", self.env.companies.ids)])
        if known:
            return known._submit_answer(already=True)
        moment = phone_moment(payload.get("moment"))
        inspection = self._submitted_inspection(payload, moment)
        inspection._store_answers(payload, uuid, moment)
        inspection._open_incidents()
        return inspection._submit_answer()

    def action_make(self):
        """Open it on the page for phones."""
        self.ensure_one()
        self._check_may_inspect()
        return {
            "type": "ir.actions.client",
            "tag": "scm_warehouse.safety_round",
            "name": self.env._("Safety Round"),
            "params": {"inspection_id": self.id, "warehouse_id": self.warehouse_id.id},
        }

    @api.model
    def _check_may_inspect(self):
        user = self.env.user
        if not (
            self.env.su or user.has_group("stock.group_stock_user") or user.has_group("scm_base.scm_group_manager")
        ):
            raise AccessError(self.env._("Inspections are made by people of the warehouse."))

    @api.model
    def _submitted_inspection(self, payload, moment):
        """The planned inspection, or a new one of the checklist; with sudo, after its company was checked."""
        if payload.get("inspection_id"):
            found = self.search([("id", "=", payload["inspection_id"])], limit=1)
            if not found:
                raise UserError(self.env._("This inspection does not exist any more. Load the page again."))
            found._check_submittable(moment)
            return found.sudo()  # sudo: found with the rights of the user, and his role was checked
        template = self.env["scm.safety.template"].search([("id", "=", payload.get("template_id"))], limit=1)
        if not template:
            raise UserError(self.env._("This checklist does not exist any more. Load the page again."))
        warehouse = self.env["scm.safety.incident"]._reported_warehouse(payload.get("warehouse_id"))
        place, name = self.env["stock.location"]._scm_find_place(warehouse, payload.get("place"))
        # sudo: the role was checked by the caller; checklist and warehouse were found with the user's rights
        return self.sudo().create(
            {
                "template_id": template.id,
                "warehouse_id": warehouse.id,
                "location_id": place.id,
                "location_name": name,
                "equipment": str(payload.get("equipment") or "")[:200],
                "user_id": self.env.user.id,
                "date_due": local_day(moment, zone_name(warehouse.company_id, warehouse)),
            }
        )

    def _check_submittable(self, moment):
        """Raise where it is made already, taken back, or its time was over when the phone was done with it."""
        if self.state == "done":
            raise UserError(
                self.env._("%(name)s was made by %(user)s already.", name=self.display_name, user=self.done_by_id.name)
            )
        if self.state == "cancelled":
            raise UserError(
                self.env._("%(name)s was cancelled: %(reason)s", name=self.display_name, reason=self.reason or "")
            )
        if self.state == "missed":
            later = self.search(
                [("schedule_id", "=", self.schedule_id.id), ("date_due", ">", self.date_due)],
                order="date_due",
                limit=1,
            )
            day = local_day(moment, zone_name(self.company_id, self.warehouse_id))
            if later and day >= later.date_due:
                raise UserError(
                    self.env._(
                        "%(name)s was missed: make the next one, %(next)s.",
                        name=self.display_name,
                        next=later.display_name,
                    )
                )

    def _store_answers(self, payload, uuid, moment):
        values = self._answer_values(payload.get("answers"), moment)
        photos = [vals.pop("photos") for vals in values]
        signature = payload.get("signature")
        if self.template_id.is_signed and not signature:
            raise UserError(self.env._("%(name)s has to be signed.", name=self.display_name))
        answers = self.env["scm.safety.answer"].sudo().create(values)  # sudo: the caller checked the role
        for answer, pictures in zip(answers, photos, strict=True):
            if pictures:
                answer.attachment_ids = photo_values(answer, pictures, MAX_PHOTOS)
        failed = answers.filtered(lambda answer: answer.result == "failed")
        critical = failed.filtered("is_critical")
        self.write(
            {
                "state": "done",
                "result": "critical" if critical else "failed" if failed else "passed",
                "answer_count": len(answers),
                "failed_count": len(failed),
                "critical_count": len(critical),
                "date_done": moment,
                "done_by_id": self.env.user.id,
                "minutes": self._submitted_minutes(payload.get("minutes")),
                "note": str(payload.get("note") or "")[:MAX_TEXT],
                "signature": base64.b64encode(picture(self.env, signature)) if signature else False,
                "uuid": uuid,
            }
        )

    @api.model
    def _submitted_minutes(self, value):
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return min(max(value, 0.0), 24 * 60.0) if is_number else 0.0

    # Answers

    def _answer_values(self, rows, moment):
        """Values of the answers, one for each question of the checklist.

        A phone that was out of reach may have an older checklist: questions that came since are left out, answers to
        questions that are gone are kept.
        """
        if not isinstance(rows, list | tuple) or not all(isinstance(row, dict) for row in rows):
            raise UserError(self.env._("The answers of an inspection are a list."))
        given = {row.get("item_id"): row for row in rows}
        items = self.template_id.item_ids
        if not items:
            raise UserError(self.env._("“%(name)s” has no questions.", name=self.template_id.name))
        missing = items.filtered(lambda item: item.id not in given and item.create_date <= moment)
        if missing:
            raise UserError(
                self.env._(
                    "“%(question)s” has no answer (%(count)s open).", question=missing[0].name, count=len(missing)
                )
            )
        values = [self._prepare_answer(item, given[item.id]) for item in items if item.id in given]
        gone = [row for key, row in given.items() if key not in items.ids and row.get("question")]
        return values + [self._prepare_lost_answer(row) for row in gone]

    def _prepare_answer(self, item, row):
        photos = row.get("photos") or []
        low, high = item._limits()
        value = row.get("value")
        if item.kind == "photo" and value != "na":
            value = len(photos)
        verdict = judge(item.kind, value, low, high)
        if verdict is None:
            raise UserError(
                self.env._("“%(question)s”: “%(value)s” is no answer to it.", question=item.name, value=value or "")
            )
        is_critical = item.is_critical or verdict.is_severe
        if item.needs_photo and verdict.result == "failed" and not photos:
            raise UserError(self.env._("“%(question)s” is not OK: take a photo of it.", question=item.name))
        place, name = self.env["stock.location"]._scm_find_place(self.warehouse_id, row.get("place"))
        return {
            "inspection_id": self.id,
            "item_id": item.id,
            "sequence": item.sequence,
            "section": item.section,
            "question": item.name,
            "kind": item.kind,
            "is_critical": is_critical,
            "value": str(value)[:MAX_TEXT],
            "number": float(value) if item.kind == "number" and verdict.result != "na" else 0.0,
            "unit": item.unit,
            "limits": item._limit_words(),
            "result": verdict.result,
            "note": str(row.get("note") or "")[:MAX_TEXT],
            "location_id": place.id,
            "location_name": name,
            "photos": photos,
        }

    def _prepare_lost_answer(self, row):
        value = row.get("value")
        return {
            "inspection_id": self.id,
            "sequence": 9999,
            "question": str(row["question"])[:500],
            "kind": "text",
            "value": str(value)[:MAX_TEXT],
            "result": "failed" if value in ("nok", "red", "amber") else "na",
            "note": str(row.get("note") or "")[:MAX_TEXT],
            "photos": row.get("photos") or [],
        }

    # Incidents

    def _open_incidents(self):
        """One incident for each critical answer; while one of the same question and place is open, that one stands."""
        answers = self.answer_ids.filtered(lambda answer: answer.result == "failed" and answer.is_critical)
        if not answers:
            return
        types = self.env["scm.safety.incident.type"]._by_code()
        kind = types.get(INCIDENT_TYPES.get(self.subject)) or types["other"]
        incidents = self.env["scm.safety.incident"].sudo()  # sudo: the role was checked when the answers came
        standing = {incident.finding_key: incident for incident in self._standing_incidents()}
        for answer in answers:
            key = answer._finding_key()
            if key in standing:
                standing[key]._log_found_again(answer)
                continue
            standing[key] = incidents.create(self._prepare_incident(answer, kind, key))
            place = answer._place_to_lock()
            if place:
                standing[key]._lock(place, answer.question)

    def _standing_incidents(self):
        # sudo: as in _open_incidents
        return (
            self.env["scm.safety.incident"]
            .sudo()
            .search(
                [
                    ("warehouse_id", "=", self.warehouse_id.id),
                    ("state", "in", ("open", "investigation")),
                    ("finding_key", "!=", False),
                ]
            )
        )

    def _prepare_incident(self, answer, kind, key):
        words = f"{self.template_id.name}: {answer.question}"
        said = " · ".join(part for part in (answer._said(), answer.note) if part)
        return {
            "type_id": kind.id,
            "severity": kind.severity,
            "date": self.date_done,
            "warehouse_id": self.warehouse_id.id,
            "location_id": (answer.location_id or self.location_id).id,
            "location_name": answer.location_name or self.location_name or self.equipment,
            "description": f"{words}\n{said}",
            "kind": "finding",
            "finding_key": key,
            "inspection_id": self.id,
            "answer_id": answer.id,
            "reported_by_id": self.env.user.id,
            "attachment_ids": [(6, 0, answer.attachment_ids.ids)],
        }

    def _submit_answer(self, already=False):
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.display_name,
            "result": self.result or "",
            "failed": self.failed_count,
            "critical": self.critical_count,
            "already": already,
            # sudo: the role was checked by submit_inspection
            "incidents": [incident._report_answer() for incident in self.sudo().incident_ids],
        }

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..kernel.parcel_state import HAND
from ..kernel.stages import stages
from .scm_parcel import STATUSES


class ScmParcel(models.Model):
    """What a person says about parcels, and the way of a parcel as its form draws it."""

    _inherit = "scm.parcel"

    journey = fields.Json(compute="_compute_journey", help="Stages against their norms, and the events.")
    picking_count = fields.Integer(compute="_compute_picking_count")
    address = fields.Char(compute="_compute_address", help="On one line, for the phone list.")

    def _compute_picking_count(self):
        for parcel in self:
            parcel.picking_count = len(parcel.picking_ids)

    @api.depends("partner_id")
    def _compute_address(self):
        for parcel in self:
            partner = parcel.partner_id
            parts = (partner.street, partner.street2, parcel.zip or partner.zip, parcel.city or partner.city)
            parcel.address = ", ".join(part for part in parts if part)

    @api.depends("status", "date_ready", "date_handed", "date_first_scan", "date_delivered", "event_ids")
    def _compute_journey(self):
        norms = self.env["scm.stage.norm"]._norms(self)
        for parcel in self:
            parcel.journey = {"stages": parcel._stages(norms[parcel.id]), "events": parcel._timeline()}

    def _stages(self, norms):
        """Stages of one parcel as JSON takes them."""
        self.ensure_one()
        moments = (self.date_ordered, self.date_ready, self.date_handed, self.date_first_scan, self.date_delivered)
        ended = self.status_at if self.is_final and not self.date_delivered else None
        found = stages(*(moment or None for moment in moments), ended, fields.Datetime.now(), norms, self.is_late)
        return [stage._asdict() for stage in found]

    def _timeline(self):
        """Events of one parcel as JSON takes them, newest first."""
        labels = dict(self.env["scm.parcel"]._fields["status"]._description_selection(self.env))
        return [
            {
                "id": event.id,
                "time": fields.Datetime.to_string(event.time),
                "status": event.status or "",
                "label": labels.get(event.status, self.env._("Code %s, not mapped yet", event.raw_code)),
                "text": event.text,
                "place": event.place or "",
                "source": event.user_id.name or event.source,
                "code": event.raw_code,
                "photo": bool(event.photo),
                "signature": bool(event.signature),
                "signed_by": event.signed_by or "",
            }
            for event in self.event_ids.with_context(bin_size=True)
        ]

    def action_add_event(self, status, text="", time=False, place="", sub_status="", proof=None):
        """Say by hand what happened to these parcels. For stock users; corrects what the carrier said.

        :param status: canonical status, e.g. ``delivered``
        :param time: when it happened (UTC, ISO text or datetime); empty: now
        :param proof: dict of ``photo`` and ``signature`` (base64) and ``signed_by``
        :return: counts, as of the intake
        :raises ValidationError: for an unknown status or a moment in the future
        """
        self.check_access("write")
        if status not in dict(STATUSES):
            raise ValidationError(self.env._("“%s” is no status of a parcel.", status))
        now = fields.Datetime.now()
        try:
            moment = fields.Datetime.to_datetime(time) or now
        except ValueError:
            raise ValidationError(self.env._("“%s” is no moment; write 2026-03-31 14:30:00 (UTC).", time)) from None
        if moment > now:
            raise ValidationError(self.env._("What happens in the future cannot be reported yet; check the time."))
        proof = {name: value for name, value in (proof or {}).items() if name in ("photo", "signature", "signed_by")}
        row = {"source": HAND, "status": status, "time": moment, "text": text, "place": place, "user_id": self.env.uid}
        counts = {}
        for company, parcels in self.grouped("company_id").items():
            rows = [row | proof | {"sub_status": sub_status, "parcel_id": parcel.id} for parcel in parcels]
            # sudo: write access was checked above; the intake writes what nobody may write in another way
            told = self.env["scm.parcel.event"].sudo()._ingest(company, rows)
            counts = {name: counts.get(name, 0) + told[name] for name in ("stored", "repeated")}
        return counts

    def action_deliver_now(self):
        """These parcels are delivered now."""
        if done := self.filtered("is_final"):
            raise UserError(self.env._("Parcel %s is finished already.", done[0].display_name))
        return self.action_add_event("delivered")

    def action_ask_event(self):
        """Dialog in which a person says what happened."""
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_logistics.scm_parcel_report_action")
        return action | {"context": {"default_parcel_ids": self.ids, **self._event_defaults()}}

    def _event_defaults(self):
        status = self.env.context.get("scm_report_status")
        return {"default_status": status} if status else {}

    def action_ask_expected(self):
        """Dialog in which a person moves the expected day."""
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_logistics.scm_parcel_reschedule_action")
        return action | {"context": {"default_parcel_ids": self.ids}}

    def action_open_pickings(self):
        """Open the transfers of the parcel."""
        action = self.env["ir.actions.act_window"]._for_xml_id("stock.action_picking_tree_all")
        if len(self.picking_ids) == 1:
            return action | {"views": [(False, "form")], "res_id": self.picking_ids.id}
        return action | {"domain": [("id", "in", self.picking_ids.ids)], "context": {}}

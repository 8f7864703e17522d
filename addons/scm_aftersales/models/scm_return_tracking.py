from odoo import api, fields, models
from odoo.exceptions import UserError

#: lengths of what can be a tracking number
SHORTEST, LONGEST = 4, 60
#: statuses that are no sign of the carrier yet
_NOT_MOVING = ("info_received", "expired")


class ScmReturn(models.Model):
    """The parcel in which a return travels; its first scan sets the return on its way."""

    _inherit = "scm.return"

    @api.model
    def add_tracking(self, return_ids, ref, carrier_id=False):
        """Tell the tracking number under which returns come back. Telling it again changes nothing.

        :param list return_ids: ids of approved returns
        :param str ref: the carrier's tracking number
        :param int carrier_id: delivery method of the carrier; empty: the one that delivered
        :return: ids of the parcels, one per return
        :raise UserError: for a number that cannot be meant, or returns that wait for no parcel
        """
        self.check_access("write")
        requests = self.browse(return_ids)
        requests.check_access("write")
        ref = " ".join(str(ref or "").split())
        if not SHORTEST <= len(ref) <= LONGEST:
            raise UserError(self.env._("“%(ref)s” is not a tracking number.", ref=ref[:LONGEST]))
        carrier = self.env["delivery.carrier"].browse(carrier_id or []).exists()
        # sudo: write access to the returns was checked above; parcels are made by nobody otherwise
        return [request.sudo()._track_parcel(ref, carrier.sudo()).id for request in requests]

    def action_add_tracking(self):
        """Dialog in which a person tells the tracking number."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_aftersales.scm_return_tracking_action")
        return action | {"context": {"default_return_id": self.id}}

    def _track_parcel(self, ref, carrier):
        """The parcel of this return with this number, found or made. The caller has checked."""
        self.ensure_one()
        if self.state not in ("approved", "in_transit"):
            raise UserError(self.env._("%(request)s does not wait for a parcel.", request=self.name))
        if carrier.company_id and carrier.company_id != self.company_id:
            raise UserError(self.env._("%(carrier)s is a carrier of another company.", carrier=carrier.name))
        carrier = carrier or self.picking_ids.return_id.carrier_id[:1]
        wanted = (ref, carrier.id or False, fields.Datetime.now())
        parcels = self.env["scm.parcel"]
        found = parcels.browse(parcels._find_by_tracking(self.company_id, [wanted]).get(wanted))
        if found and found.scm_return_id == self:
            return found
        if found:
            raise UserError(
                self.env._(
                    "“%(ref)s” is the number of another parcel. Please look at the receipt for the number under which "
                    "this return travels.",
                    ref=ref,
                )
            )
        return parcels.create(self._prepare_parcel(ref, carrier))

    def _prepare_parcel(self, ref, carrier):
        """Hook: values of the parcel."""
        now = fields.Datetime.now()
        return {
            "name": ref,
            "tracking_ref": ref,
            "direction": "return",
            "scm_return_id": self.id,
            "company_id": self.company_id.id,
            "warehouse_id": self.warehouse_id.id,
            "carrier_id": carrier.id,
            "partner_id": self.partner_id.id,
            "country_id": self.partner_id.country_id.id,
            "zip": self.partner_id.zip,
            "city": self.partner_id.city,
            "sale_ids": [(4, self.order_id.id)],
            "value": self.currency_id._convert(self.value, self.company_id.currency_id, self.company_id, now),
            "date_ordered": self.date_approved or now,
        }


class ScmParcel(models.Model):
    _inherit = "scm.parcel"

    def _after_state(self, changes):
        """The carrier has it: the return is on its way."""
        result = super()._after_state(changes)
        moving = self.browse(id_ for id_, (_old, new) in changes.items() if new not in _NOT_MOVING)
        # sudo: news come from carriers; what they change follows from the parcel alone
        requests = moving.sudo().scm_return_id.filtered(lambda request: request.state == "approved")
        requests._move_to("in_transit")
        return result

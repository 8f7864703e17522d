from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.scm_base.tools.zones import local_today

from .scm_care_rule import MONEY_PROGRAMS


class ScmCareCase(models.Model):
    """Telling the customer: by the messages of parcels, with their consent, quiet hours and queue."""

    _inherit = "scm.care.case"

    def _tell(self):
        """Schedule the message of approved cases and make their cards; nobody pays for what is not read."""
        now = fields.Datetime.now()
        for company, cases in self.grouped("company_id").items():
            rows = [
                {
                    "parcel": case.parcel_id,
                    "kind": "care",
                    "subject_key": f"care:{case.order_id.id}",
                    "news_at": now,
                    "date_before": case.parcel_id.date_promised,
                    "date_told": case._day_told(),
                }
                for case in cases
            ]
            # sudo: whoever approved, or the cron, was allowed to
            messages = self.env["scm.parcel.message"].sudo()._draft(company, rows, by_hand=True)
            by_key = {message.subject_key: message for message in messages}
            for case in cases:
                case._tell_with(by_key.get(f"care:{case.order_id.id}"))
        self.filtered(lambda case: case.state == "approved")._make_cards()

    def _tell_with(self, message):
        if not message or message.state == "suppressed":
            labels = dict(self.env["scm.parcel.message"]._fields["reason"]._description_selection(self.env))
            self.write({"state": "refused", "message_id": message and message.id, "amount": 0.0,
                        "reason": labels.get(message and message.reason) or self.env._("Told already")})  # fmt: skip
            return
        message.write({"state": "scheduled", "care_case_id": self.id})
        self.write({"message_id": message.id})

    def _day_told(self):
        """The day that the message names; none where the parcel has come."""
        parcel = self.parcel_id
        days = [day for day in (parcel.date_expected, parcel.date_suggested) if day]
        return False if parcel.date_delivered else max(days, default=False)

    def _make_cards(self):
        """The cards of these cases, one each, never twice."""
        todo = self.filtered(lambda case: case.rule_id.program_id and not case.card_id)
        # sudo: whoever approved, or the cron, was allowed to; agents need no rights on programs
        cards = self.env["loyalty.card"].sudo().with_context(loyalty_no_mail=True)
        made = cards.create([case._prepare_card_vals() for case in todo])
        for case, card in zip(todo, made, strict=True):
            case.card_id = card
        self.env["loyalty.history"].sudo().create(  # sudo: as above
            [
                {
                    "description": self.env._("Late delivery of %(order)s", order=case.order_id.name),
                    "card_id": case.card_id.id,
                    "issued": case.card_id.points,
                }
                for case in todo
            ]
        )

    def _prepare_card_vals(self):
        rule = self.rule_id
        is_money = rule.program_id.program_type in MONEY_PROGRAMS
        end = local_today(rule.company_id) + timedelta(days=rule.valid_days)
        return {
            "program_id": rule.program_id.id,
            "partner_id": self.order_id.partner_id.id,
            "points": self.amount if is_money else 1,
            "expiration_date": end if rule.valid_days else False,
        }


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def _send_creation_communication(self, force_send=False):
        # the message of care names the code; a second mail of the program would only confuse
        if self.env.context.get("loyalty_no_mail"):
            return None
        return super()._send_creation_communication(force_send)


class ScmParcelMessage(models.Model):
    """A kind of message of its own, about a late order, with the voucher in it."""

    _inherit = "scm.parcel.message"

    kind = fields.Selection(selection_add=[("care", "Sorry, with a Voucher")], ondelete={"care": "cascade"})
    care_case_id = fields.Many2one("scm.care.case", readonly=True, index="btree_not_null", ondelete="set null")

    def _held_back(self, row, channel, has_written):
        # for consent it is news of a delay
        return super()._held_back({**row, "kind": "delayed"} if row["kind"] == "care" else row, channel, has_written)

    def _hold_back_late(self):
        """Care is no news that delivery makes pointless; but the stop switch, and the customer's no, hold it back."""
        care = self.filtered(lambda message: message.kind == "care")
        kept = super(ScmParcelMessage, self - care)._hold_back_late()
        care = care.filtered(lambda message: not message.company_id.scm_care_stop)
        rows = [{"partner": one.partner_id, "kind": "care"} for one in care]
        self._prepare_partners(rows)
        for message, row in zip(care, rows, strict=True):
            reason = self._held_back(row, message.channel, False)
            if reason:
                message.write({"state": "suppressed", "reason": reason})
            else:
                kept += message
        return kept

    def _templates(self):
        own = self.env.ref("scm_aftersales.scm_care_template", raise_if_not_found=False) or self.env["mail.template"]
        care = self.filtered(lambda message: message.kind == "care")
        chosen = {message.id: message.care_case_id.rule_id.template_id or own for message in care}
        return super(ScmParcelMessage, self - care)._templates() | chosen

    def _own_sms_text(self):
        if self.kind == "care":
            return self.env._("{company}: your parcel {name} is late. We are sorry. {link}")
        return super()._own_sms_text()

    def _send(self):
        sent = super()._send()
        told = sent.care_case_id
        told.write({"state": "sent", "date_sent": fields.Datetime.now()})
        self._release_held_back()
        return sent

    def action_approve(self):
        if self.filtered(lambda message: message.kind == "care"):
            raise UserError(
                self.env._("Messages of proactive care are decided on at their case, because of the budget.")
            )
        return super().action_approve()

    def action_hold_back(self):
        result = super().action_hold_back()
        # sudo: the role was checked by what was called
        self.sudo()._release_held_back()
        return result

    def _release_held_back(self):
        """Cases whose message was held back at last: no card and no money for them."""
        dead = self.filtered(lambda message: message.state == "suppressed").care_case_id
        for case in dead.filtered(lambda case: case.state == "approved"):
            case.card_id.filtered(lambda card: not card.use_count).write({"active": False})
            case.write({"state": "refused", "amount": 0.0, "reason": self.env._("The message was held back")})

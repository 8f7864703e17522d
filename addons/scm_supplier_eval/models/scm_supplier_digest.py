from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import is_html_empty

from odoo.addons.scm_base.tools.zones import local_today

#: suppliers whose mails are made in one go of the schedule
BATCH = 200
#: what a buyer may change of a mail; the rest is written by the system
EDITABLE = {"note", "recipient_ids"}
TEMPLATE = "scm_supplier_eval.scm_supplier_digest_template"


class ScmSupplierDigest(models.Model):
    """The mail of one week to a supplier: what it has to confirm, answer or renew. Read before it goes, sent once."""

    _name = "scm.supplier.digest"
    _description = "Weekly Mail to a Supplier"
    _order = "week desc, id desc"

    partner_id = fields.Many2one(
        "res.partner", "Supplier", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    week = fields.Date("Week of", required=True, readonly=True, help="Its Monday.")
    state = fields.Selection(
        [("draft", "To Send"), ("sent", "Sent"), ("skipped", "Not Sent")], required=True, readonly=True, default="draft"
    )
    recipient_ids = fields.Many2many("res.partner", string="To", help="Contacts of the supplier.")
    lang = fields.Char("Language", readonly=True)
    note = fields.Text("A Word of Yours", help="Stands at the top of the mail.")
    content = fields.Json(readonly=True)
    open_count = fields.Integer("Points", readonly=True)
    subject = fields.Char(readonly=True)
    body = fields.Html(readonly=True, sanitize=False)
    date_sent = fields.Datetime("Sent", readonly=True)
    user_id = fields.Many2one("res.users", "Sent by", readonly=True)
    mail_id = fields.Many2one("mail.mail", readonly=True)

    _week_uniq = models.Constraint("UNIQUE(company_id, partner_id, week)", "One mail a week to each supplier.")

    @api.depends("partner_id", "week")
    def _compute_display_name(self):
        for digest in self:
            digest.display_name = f"{digest.partner_id.name or ''} · {digest.week or ''}"

    # Making

    @api.model
    def _monday(self, company):
        today = local_today(company)
        return today - timedelta(days=today.weekday())

    @api.model
    def _prepare_week(self, company, partners):
        """Make or renew this week's mails of these suppliers, for those with whom something is open.

        What was sent or put aside stays as it is. The number of queries does not depend on the number of suppliers.

        :return: the mails of this week, whatever their state
        """
        week = self._monday(company)
        items = self.env["scm.supplier.open"]._open_items(company, partners)
        known = self.search([("company_id", "=", company.id), ("partner_id", "in", partners.ids), ("week", "=", week)])
        by_partner = {digest.partner_id: digest for digest in known}
        recipients = self._recipients(partners)
        fresh = []
        for partner in partners:
            content = self._mail_content(items[partner.id])
            count = sum(map(len, content.values()))
            digest = by_partner.get(partner)
            if digest and digest.state == "draft":
                digest.sudo().write({"content": content, "open_count": count})  # sudo: a draft, made anew
            elif not digest and count:
                fresh.append(self._prepare_vals(partner, company, week, recipients[partner], content, count))
        # sudo: mails are made for whoever may look at them; callers are the schedule and the checked public methods
        made = self.sudo().create(fresh).sudo(False)
        drafts = (known + made).filtered(lambda digest: digest.state == "draft")
        drafts._render()
        return known + made

    @api.model
    def _prepare_vals(self, partner, company, week, recipients, content, count):
        return {
            "partner_id": partner.id,
            "company_id": company.id,
            "week": week,
            "recipient_ids": [fields.Command.set(recipients.ids)],
            "lang": (recipients[:1].lang or partner.lang or self.env.lang or "en_US"),
            "content": content,
            "open_count": count,
        }

    @api.model
    def _recipients(self, partners):
        """{supplier: contacts to write to}: those with a portal login, else its own address, else the first contact."""
        contacts = self.env["res.partner"].search(
            [("commercial_partner_id", "in", partners.ids), ("email", "!=", False)], order="id"
        )
        # sudo: whether a contact has a portal login is no secret to those who write to it
        logins = contacts.sudo().filtered(lambda contact: any(contact.user_ids.mapped("share"))).sudo(False)
        chosen = {}
        for partner in partners:
            own = contacts.filtered(lambda contact, partner=partner: contact.commercial_partner_id == partner)
            chosen[partner] = (own & logins) or (own & partner) or own[:1]
        return chosen

    @api.model
    def _mail_content(self, items):
        """What of the open items concerns the supplier; our own doubts stay here."""
        lines = items["lines"]
        return {
            "overdue": [line for line in lines if "overdue" in line["risks"]],
            "to_confirm": [line for line in lines if not line["confirmed"] and "overdue" not in line["risks"]],
            "actions": [action for action in items["actions"] if action["waits_for_supplier"]],
            "documents": [document for document in items["documents"] if document["state"] != "to_check"],
            "questionnaires": items["questionnaires"],
            "cards": items.get("cards", []),
        }

    def _render(self):
        """Subject and text of each mail in its supplier's language."""
        # sudo: the template is part of the addon; whoever may prepare the mails may have them rendered
        template = self.env.ref(TEMPLATE).sudo()
        subjects = template._render_field("subject", self.ids, compute_lang=True)
        bodies = template._render_field("body_html", self.ids, compute_lang=True)
        for digest in self.sudo():
            digest.write({"subject": subjects[digest.id], "body": bodies[digest.id]})

    def _portal_url(self, path="/my"):
        return f"{self.company_id.get_base_url()}{path}"

    @api.constrains("recipient_ids", "partner_id")
    def _check_recipients(self):
        for digest in self:
            strangers = digest.recipient_ids.filtered(
                lambda contact, partner=digest.partner_id: contact.commercial_partner_id != partner
            )
            if strangers:
                raise ValidationError(
                    self.env._(
                        "%(contact)s does not belong to %(supplier)s: its mail goes to its own contacts only.",
                        contact=strangers[0].display_name,
                        supplier=digest.partner_id.display_name,
                    )
                )

    def write(self, vals):
        if not self.env.su and vals.keys() - EDITABLE:
            raise AccessError(self.env._("Only the recipients and your own words in a weekly mail can be changed."))
        if not self.env.su and (sent := self.filtered(lambda digest: digest.state == "sent")):
            raise UserError(self.env._("The mail %s was sent already.", sent[0].display_name))
        result = super().write(vals)
        if {"note", "recipient_ids"} & vals.keys():
            self.filtered(lambda digest: digest.state == "draft")._render()
        return result

    # Sending

    def action_send(self):
        """Send the mails as they were previewed, each only once."""
        self._check_buyer()
        self.check_access("write")
        for digest in self:
            if digest.state == "sent":
                raise UserError(self.env._("The mail %s was sent already.", digest.display_name))
            if not digest.recipient_ids.filtered("email"):
                raise UserError(
                    self.env._(
                        "%s has no contact with an e-mail address. Enter one and choose it as recipient.",
                        digest.partner_id.display_name,
                    )
                )
        self._send()
        return True

    def action_skip(self):
        """Do not send these mails this week."""
        self._check_buyer()
        self.check_access("write")
        # sudo: role and record were checked above; the state is written by the system only
        self.filtered(lambda digest: digest.state == "draft").sudo().state = "skipped"
        return True

    def action_refresh(self):
        """Read again what is open."""
        self._check_buyer()
        for company, digests in self.filtered(lambda digest: digest.state == "draft").grouped("company_id").items():
            self._prepare_week(company, digests.partner_id)
        return True

    def _send(self):
        ready = self.filtered(lambda digest: digest.recipient_ids.filtered("email") and not is_html_empty(digest.body))
        # sudo: buyers may not write to the queue of mails; they were checked before, or this is the schedule
        mails = (
            self.env["mail.mail"]
            .sudo()
            .create(
                [
                    {
                        "subject": digest.subject,
                        "body_html": digest.body,
                        "recipient_ids": [fields.Command.set(digest.recipient_ids.filtered("email").ids)],
                        "email_from": digest.company_id.email_formatted or self.env.user.email_formatted,
                        "model": self._name,
                        "res_id": digest.id,
                        "auto_delete": False,
                    }
                    for digest in ready
                ]
            )
        )
        for digest, mail in zip(ready, mails, strict=True):
            digest.sudo().write(  # sudo: as for the mails above
                {"state": "sent", "date_sent": fields.Datetime.now(), "user_id": self.env.uid, "mail_id": mail.id}
            )
        return ready

    @api.model
    def _check_buyer(self):
        if not self.env.user.has_groups("purchase.group_purchase_user,scm_base.scm_group_manager"):
            raise AccessError(self.env._("Mails to suppliers are for purchasing. Ask your administrator for the role."))

    # Public interface and schedule

    @api.model
    def prepare_mail(self, partner_id):
        """Make or renew this week's mail to a supplier in the current company; nothing is sent.

        :return: id of the mail, or False when nothing is open with the supplier
        """
        self._check_buyer()
        partner = self.env["res.partner"].browse(partner_id).exists().commercial_partner_id
        if not partner:
            raise UserError(self.env._("There is no supplier with the id %s.", partner_id))
        return self._prepare_week(self.env.company, partner).id

    @api.model
    def _cron_weekly(self):
        """On its weekday, each company that wants it gets its mails made, and sent where it said so."""
        companies = self.env["res.company"].search([("scm_supplier_mail", "!=", "off")])
        for company in companies:
            if local_today(company).weekday() == int(company.scm_supplier_mail_weekday):
                self.with_company(company)._make_week(company)

    @api.model
    def _make_week(self, company):
        week = self._monday(company)
        partners = self.env["scm.supplier.open"]._partners_with_open(company)
        done = self.search([("company_id", "=", company.id), ("week", "=", week)]).partner_id
        partners = (partners - done).filtered(lambda partner: not partner.scm_no_weekly_mail)
        for start in range(0, len(partners), BATCH):
            batch = partners[start : start + BATCH]
            digests = self._prepare_week(company, batch)
            if company.scm_supplier_mail == "send":
                digests.filtered(lambda digest: digest.state == "draft")._send()
            self.env["ir.cron"]._commit_progress(len(batch), remaining=max(0, len(partners) - start - BATCH))

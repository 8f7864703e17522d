from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ScmSupplierQualification(models.Model):
    """Questions to the supplier, by link, and to our own auditor, on the site."""

    _inherit = "scm.supplier.qualification"

    form_url = fields.Char("Link for the Supplier", compute="_compute_form_url")
    is_late = fields.Boolean("Answer is Late", compute="_compute_is_late", search="_search_is_late")

    @api.depends("state", "date_asked")
    def _compute_form_url(self):
        # sudo: buyers who may read the qualification may send its link; they have no right to surveys
        forms = self.sudo()._open_forms("supplier")
        for one in self:
            form = forms.get(one.id)
            one.form_url = f"{one.get_base_url()}{form.get_start_url()}" if form else False

    @api.depends("state", "date_answer_due")
    def _compute_is_late(self):
        for one in self:
            today = one._today_of(one.company_id)
            one.is_late = one.state == "asked" and bool(one.date_answer_due) and one.date_answer_due < today

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("state", "=", "asked") & Domain("date_answer_due", "<", "today")

    def _open_forms(self, source):
        """{qualification id: its latest form of this source that is not handed in}"""
        forms = self.env["survey.user_input"].search(
            [
                ("scm_qualification_id", "in", self.ids),
                ("scm_source", "=", source),
                ("state", "!=", "done"),
                ("test_entry", "=", False),
            ],
            order="id",
        )
        return {form.scm_qualification_id.id: form for form in forms}

    # The supplier

    def scm_ask(self, send_mail=True):
        """Ask these suppliers to fill in their questionnaire.

        Each gets a link of its own, which nobody else's answers can be reached with. Asked again, the supplier keeps
        its link and what it has filled in.

        :param send_mail: also send the link to the contact
        :return: ``{qualification id (as text): link}``
        """
        self._check_buyer()
        self._check_askable()
        forms = self.sudo()._open_forms("supplier")  # sudo: the role was checked above
        for one in self:
            form = forms.get(one.id) or one._create_form("supplier", one._contact())
            # sudo: the role was checked above; buyers have no right to surveys
            form.sudo().deadline = fields.Datetime.to_datetime(one._answer_due() + timedelta(days=1))
            one.write(
                {
                    "state": "asked" if one.state == "draft" else one.state,
                    "date_asked": one._today_of(one.company_id),
                    "date_answer_due": one._answer_due(),
                    "contact_id": one._contact().id,
                }
            )
        self.invalidate_recordset(["form_url"])
        if send_mail:
            self._mail_link()
        return {str(one.id): one.form_url for one in self}

    def _mail_link(self):
        template = self.env.ref("scm_supplier_eval.mail_template_qualification_ask")
        for one in self:
            # sudo: sends the link of a qualification that the caller may write
            one.message_post_with_source(
                template.sudo(), subtype_xmlid="mail.mt_comment", email_layout_xmlid="mail.mail_notification_light"
            )

    def action_ask(self):
        """Ask, and open the mail with the link for a look before it goes out."""
        self.scm_ask(send_mail=False)
        self.ensure_one()
        template = self.env.ref("scm_supplier_eval.mail_template_qualification_ask")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send the Questionnaire"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template.id,
                "default_composition_mode": "comment",
                "default_email_layout_xmlid": "mail.mail_notification_light",
                "force_email": True,
            },
        }

    def _contact(self):
        """Who is asked: the chosen contact, else the supplier's own address."""
        self.ensure_one()
        return self.contact_id or self.partner_id

    def _answer_due(self):
        today = self._today_of(self.company_id)
        if self.date_answer_due and self.date_answer_due >= today:
            return self.date_answer_due
        return today + timedelta(days=self.template_id.answer_days)

    def _check_askable(self):
        for one in self:
            if one.state not in ("draft", "asked", "review"):
                raise UserError(
                    self.env._(
                        "“%(qualification)s” is decided. Use “Qualify Again” to ask once more.",
                        qualification=one.display_name,
                    )
                )
            one._check_template()
            if not one._contact().email:
                raise UserError(
                    self.env._(
                        "%(contact)s has no e-mail address to send the questionnaire to. Enter one, or choose another "
                        "contact.",
                        contact=one._contact().display_name,
                    )
                )

    def _check_template(self):
        self.ensure_one()
        template = self.template_id
        if not template:
            raise UserError(self.env._("Choose a template for “%(name)s” first.", name=self.display_name))
        if template.state != "active":
            raise UserError(
                self.env._(
                    "“%(template)s” is %(state)s, so nobody is asked by it any more. Choose the active version for "
                    "“%(name)s”.",
                    template=template.display_name,
                    state=dict(template._fields["state"]._description_selection(self.env))[template.state].lower(),
                    name=self.display_name,
                )
            )
        if not template.question_count:
            raise UserError(self.env._("“%(template)s” has no questions.", template=template.display_name))

    def _create_form(self, source, partner):
        # sudo: the callers checked the role; buyers have no right to surveys
        survey = self.template_id.survey_id.sudo()
        lang = self.env["res.lang"]._lang_get(partner.lang or self.env.user.lang)
        return survey._create_answer(
            partner=partner,
            check_attempts=False,
            scm_qualification_id=self.id,
            scm_source=source,
            partner_id=partner.id,
            email=partner.email,
            lang_id=lang.id if lang.active else False,
        )

    # Our auditor

    def action_site_visit(self):
        """Open the questionnaire for our auditor, on a tablet; it begins with what the supplier answered."""
        self._check_buyer()
        self.ensure_one()
        if self.state not in ("draft", "asked", "review"):
            raise UserError(
                self.env._(
                    "“%(qualification)s” is decided. Use “Qualify Again” to visit the supplier once more.",
                    qualification=self.display_name,
                )
            )
        form = self.sudo()._open_forms("auditor").get(self.id)  # sudo: the role was checked above
        if not form:
            self._check_template()
            form = self._create_form("auditor", self.env.user.partner_id)
            self._copy_answers(form)
        return {"type": "ir.actions.act_url", "url": form.get_start_url(), "target": "new"}

    def _copy_answers(self, form):
        """The auditor corrects what the supplier said instead of asking everything again."""
        forms, _said = self.sudo()._counted_forms()  # sudo: the caller checked the role
        if answered := forms.get(self.sudo()):
            for line in answered.user_input_line_ids:
                line.copy({"user_input_id": form.id})

    def action_print_answers(self):
        """The filled questionnaire as a page to read or print."""
        self.ensure_one()
        self.check_access("read")
        forms, _said = self.sudo()._counted_forms()  # sudo: read access to the qualification was checked
        form = forms.get(self.sudo())
        if not form:
            raise UserError(self.env._("Nobody has filled in “%(name)s” yet.", name=self.display_name))
        return {"type": "ir.actions.act_url", "url": form.get_print_url(), "target": "new"}

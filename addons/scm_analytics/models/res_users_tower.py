import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.scm_base.tools.zones import local_today

_logger = logging.getLogger(__name__)


class ResUsers(models.Model):
    _inherit = "res.users"

    scm_tower_mail = fields.Boolean(
        "Morning Page by Mail", help="The control tower of your main company, each morning, in your language."
    )
    scm_tower_mail_date = fields.Date("Last Morning Mail", readonly=True, copy=False)

    @property
    def SELF_READABLE_FIELDS(self):  # noqa: N802 - the name is Odoo's
        return [*super().SELF_READABLE_FIELDS, "scm_tower_mail"]

    @property
    def SELF_WRITEABLE_FIELDS(self):  # noqa: N802 - the name is Odoo's
        return [*super().SELF_WRITEABLE_FIELDS, "scm_tower_mail"]

    @api.model
    def _cron_scm_tower_mail(self):
        """Mail yesterday's page to everyone who asked for it, once a day and only when yesterday is frozen."""
        self._scm_mail_all("scm_tower_mail", lambda user: user._send_scm_tower_mail())

    def _send_scm_tower_mail(self):
        """Mail the page of yesterday; False when it was sent already, is not frozen yet or there is no address."""
        self.ensure_one()
        yesterday = local_today(self.company_id) - timedelta(days=1)
        if not self.email or (self.scm_tower_mail_date and self.scm_tower_mail_date >= yesterday):
            return False
        # the user's own rights, company and language decide what he reads
        reader = self.with_user(self).with_context(lang=self.lang, tz=self.tz, allowed_company_ids=self.company_id.ids)
        tower = reader.env["scm.control.tower"].get_tower(fields.Date.to_string(yesterday))
        if not tower["frozen"]:
            return False
        self.scm_tower_mail_date = yesterday
        page = reader.env["scm.control.tower"]._page(tower)
        template = self.env.ref("scm_analytics.scm_tower_mail_template")
        mail_id = template.with_context(page=page).send_mail(self.id)
        self.env["mail.mail"].browse(mail_id).attachment_ids = reader._scm_tower_attachments(tower, page)
        return mail_id

    def _scm_tower_attachments(self, tower, page):
        """The page as PDF where wkhtmltopdf is installed, and as a workbook."""
        name = f"control-tower-{tower['date']}"
        files = {f"{name}.xlsx": self.env["scm.control.tower"]._workbook(tower)}
        try:
            content, _kind = self.env["ir.actions.report"]._render_qweb_pdf(
                "scm_analytics.scm_tower_report", self.ids, {"page": page}
            )
            if content.startswith(b"%PDF"):
                files[f"{name}.pdf"] = content
        except UserError as error:
            # without wkhtmltopdf the mail itself and the workbook say the same
            _logger.info("The morning page goes without a PDF: %s", error)
        # sudo: attachments of a mail that is being made for this user, with what he may read
        attachments = self.env["ir.attachment"].sudo()
        return attachments.create([{"name": each, "raw": content} for each, content in files.items()])

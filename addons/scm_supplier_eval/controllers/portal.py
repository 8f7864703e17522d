"""What the supplier's pages share: who is asking, what is his, and how files and notices travel.

Portal users have no rights on our models. Every page takes the commercial partner and the companies of the user who is
logged in, and searches with them; an id that is not his answers as one that does not exist.
"""

from odoo.exceptions import UserError, ValidationError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..kernel.uploads import ACCEPT, MAX_FILE_BYTES, MAX_FILES, UploadError, read_uploads

NOTICE_KEY = "scm_supplier_notice"


class SupplierPortal(CustomerPortal):
    """Base of the supplier's pages; each page is a file of its own."""

    # Who is asking

    def _scm_supplier(self):
        return request.env.user.partner_id.commercial_partner_id

    def _scm_own(self, supplier_field="partner_id", company_field="company_id"):
        """Domain of what belongs to the supplier who is logged in, in the companies that his login is for."""
        return [
            (supplier_field, "=", self._scm_supplier().id),
            (company_field, "in", request.env.user.company_ids.ids),
        ]

    def _scm_find(self, model, record_id, domain=()):
        """The record if it is his, else an empty one: the same whether it does not exist or belongs to another."""
        # sudo: portal users have no rights; the domain of _scm_own is the check
        return request.env[model].sudo().search([("id", "=", record_id), *self._scm_own(), *domain], limit=1)

    # Home

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        for name, count in self._scm_counters().items():
            if name in counters:
                values[name] = count()
        return values

    def _scm_counters(self):
        """{name of the counter: function that counts}; each page adds its own."""
        return {}

    # Pages

    def _scm_tabs(self):
        """The supplier's pages as tabs, in order."""
        return [
            {"page": "scm_promises", "url": "/my/promises", "icon": "fa-truck", "text": request.env._("Deliveries")},
            {
                "page": "scm_scorecards",
                "url": "/my/scorecards",
                "icon": "fa-tachometer",
                "text": request.env._("Scorecards"),
            },
            {
                "page": "scm_actions",
                "url": "/my/corrective-actions",
                "icon": "fa-wrench",
                "text": request.env._("Actions"),
            },
            {
                "page": "scm_qualifications",
                "url": "/my/qualifications",
                "icon": "fa-certificate",
                "text": request.env._("Qualification"),
            },
        ]

    def _scm_render(self, template, page_name, **values):
        """Render a page of the supplier's menu, with the notice that the last request left."""
        return request.render(
            f"scm_supplier_eval.{template}",
            {
                **self._prepare_portal_layout_values(),
                "page_name": page_name,
                "tabs": self._scm_tabs(),
                "supplier": self._scm_supplier(),
                "notice": request.session.pop(NOTICE_KEY, None),
                "upload_accept": ACCEPT,
                "upload_mb": MAX_FILE_BYTES // 1024 // 1024,
                "upload_files": MAX_FILES,
                **values,
            },
            headers={"Cache-Control": "no-store"},
        )

    def _scm_done(self, url, text):
        """Back to a page that says what was done (303: a reload does not send the form again)."""
        return self._scm_redirect(url, "success", text)

    def _scm_failed(self, url, error):
        return self._scm_redirect(url, "danger", str(error.args[0] if error.args else error))

    def _scm_redirect(self, url, kind, text):
        request.session[NOTICE_KEY] = {"kind": kind, "text": text}
        return request.redirect(url, code=303)

    def _scm_try(self, url, done, function):
        """Call a function in a savepoint; back to the page with ``done``, or with what the user must mend."""
        try:
            with request.env.cr.savepoint():
                function()
        except (UserError, ValidationError) as error:
            return self._scm_failed(url, error)
        return self._scm_done(url, done)

    # Files

    def _scm_attach(self, record, field_name="files"):
        """Store the files of the form as attachments of a record that was checked before.

        :raises UserError: in words, for the first file that is refused; then none is stored
        """
        try:
            uploads = read_uploads(request.httprequest.files.getlist(field_name))
        except UploadError as error:
            raise UserError(self._scm_upload_error(error)) from error
        # sudo: portal users may not create attachments; the record was found among the supplier's own
        return (
            request.env["ir.attachment"]
            .sudo()
            .create(
                [
                    {
                        "name": name,
                        "raw": content,
                        "mimetype": media_type,
                        "res_model": record._name,
                        "res_id": record.id,
                        "company_id": record.company_id.id,
                    }
                    for name, content, media_type in uploads
                ]
            )
        )

    def _scm_upload_error(self, error):
        messages = {
            "kind": request.env._(
                "%s: this kind of file cannot be taken. Send PDF, pictures, Excel, Word or text.", error.name
            ),
            "content": request.env._(
                "%s is not what its name says. Open it, save it again and send that file.", error.name
            ),
            "size": request.env._(
                "%(name)s is larger than %(mb)s MB.", name=error.name, mb=MAX_FILE_BYTES // 1024 // 1024
            ),
            "empty": request.env._("%s is empty.", error.name),
            "count": request.env._("At most %s files at once.", MAX_FILES),
        }
        return messages[error.code]

    def _scm_stream(self, attachment):
        """Send a file that was found among the supplier's own; as a download, so that no browser runs it."""
        # sudo: the caller found the attachment through a record of the supplier
        response = request.env["ir.binary"].sudo()._get_stream_from(attachment).get_response(as_attachment=True)
        response.headers["Cache-Control"] = "private, no-store"
        return response

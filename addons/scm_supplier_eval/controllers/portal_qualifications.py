from odoo import fields
from odoo.exceptions import UserError
from odoo.http import request, route

from ..kernel.uploads import MAX_REQUEST_BYTES
from .portal import SupplierPortal

URL = "/my/qualifications"
TEXT_LENGTH = 120
DECIDED = ("qualified", "conditional", "rejected", "expired", "suspended")


class QualificationPortal(SupplierPortal):
    """``/my/qualifications``: questionnaires to fill in, what the supplier is qualified for, and its documents."""

    def _scm_counters(self):
        return {**super()._scm_counters(), "scm_qualification_count": self._scm_count_qualifications}

    def _scm_count_qualifications(self):
        # sudo: the domain of _scm_own holds the supplier's own records only
        return sum(
            request.env[model].sudo().search_count(self._scm_own())
            for model in ("scm.supplier.qualification", "scm.supplier.evidence")
        )

    def _scm_all_own(self, model, domain, order):
        # sudo: the domain of _scm_own holds the supplier's own records only
        return request.env[model].sudo().search([*self._scm_own(), *domain], order=order)

    @route(URL, type="http", auth="user", methods=["GET"], website=True)
    def scm_qualifications(self, renew="", **_kw):
        """Everything on one page, with the form to send a document."""
        documents = self._scm_all_own("scm.supplier.evidence", [("state", "!=", "replaced")], "date_expiry, id")
        renewed = documents.filtered(lambda one: renew.isdecimal() and one.id == int(renew[:9]))
        # sudo: kinds of documents are no secret to those who send them
        kinds = request.env["scm.evidence.kind"].sudo().search([])
        return self._scm_render(
            "portal_qualifications",
            "scm_qualifications",
            asked=self._scm_all_own("scm.supplier.qualification", [("state", "=", "asked")], "date_answer_due, id"),
            decided=self._scm_all_own("scm.supplier.qualification", [("state", "in", DECIDED)], "date_expiry, id"),
            in_review=self._scm_all_own("scm.supplier.qualification", [("state", "=", "review")], "id"),
            documents=documents,
            kinds=kinds,
            renewed=renewed,
            companies=request.env.user.company_ids,
            today=fields.Date.context_today(documents),
            crumbs=[{"text": request.env._("Qualification")}],
        )

    @route(
        f"{URL}/documents",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST_BYTES,
    )
    def scm_document_send(self, **post):
        """Take a document; a buyer checks it before it counts."""
        return self._scm_try(
            URL,
            request.env._("Thank you. We check the document and you see the result here."),
            lambda: self._scm_take_document(post),
        )

    def _scm_take_document(self, post):
        company = self._scm_form_company(post.get("company_id", ""))
        kind = self._scm_form_kind(post.get("kind_id", ""))
        expiry = self._scm_form_day(post.get("date_expiry", ""))
        if kind.expires and not expiry:
            raise UserError(request.env._("Enter until when the document is valid."))
        if expiry and expiry < fields.Date.context_today(kind):
            raise UserError(request.env._("This document is not valid any more. Please send a current one."))
        # sudo: portal users have no rights; company and kind were checked, and the supplier is the one logged in
        evidence = (
            request.env["scm.supplier.evidence"]
            .sudo()
            .with_company(company)
            .create(
                {
                    "partner_id": self._scm_supplier().id,
                    "company_id": company.id,
                    "kind_id": kind.id,
                    "number": post.get("number", "").strip()[:TEXT_LENGTH],
                    "issuer": post.get("issuer", "").strip()[:TEXT_LENGTH],
                    "date_issued": self._scm_form_day(post.get("date_issued", "")),
                    "date_expiry": expiry,
                    "source": "portal",
                    "user_id": self._scm_document_owner(company, kind).id,
                }
            )
        )
        self._scm_store_document(evidence)

    def _scm_store_document(self, evidence):
        """The file of the form as the file of the evidence; exactly one."""
        files = self._scm_attach(evidence)
        if len(files) != 1:
            raise UserError(request.env._("Choose the file of the document, one at a time."))
        evidence.write({"file": files.datas, "filename": files.name})
        files.unlink()
        if evidence.user_id:
            evidence.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=request.env._("Check the supplier's document"),
                user_id=evidence.user_id.id,
            )

    def _scm_document_owner(self, company, kind):
        """Who looked after the document before, else the supplier's buyer, else nobody."""
        earlier = self._scm_all_own(
            "scm.supplier.evidence", [("kind_id", "=", kind.id), ("company_id", "=", company.id)], "id desc"
        )
        owners = earlier.user_id.filtered(lambda user: not user.share)
        # sudo: the buyer of one's own company
        return owners[:1] or self._scm_supplier().sudo().with_company(company).buyer_id

    def _scm_form_company(self, text):
        """The company that the document is for, of those that the login is for."""
        companies = request.env.user.company_ids
        chosen = companies.filtered(lambda company: text.isdecimal() and company.id == int(text[:9]))
        if not chosen and (text or len(companies) > 1):
            raise UserError(request.env._("Choose the company that the document is for."))
        return chosen or companies

    def _scm_form_kind(self, text):
        # sudo: kinds of documents are no secret to those who send them
        kinds = request.env["scm.evidence.kind"].sudo()
        kind = kinds.search([("id", "=", int(text))]) if text.isdecimal() and len(text) < 10 else kinds
        if not kind:
            raise UserError(request.env._("Choose the kind of document."))
        return kind

    def _scm_form_day(self, text):
        try:
            return fields.Date.to_date(text.strip() or False) or False
        except ValueError:
            raise UserError(request.env._("'%s' is not a day.", text[:20]))

    @route(f"{URL}/documents/<int:evidence_id>/file", type="http", auth="user", methods=["GET"], website=True)
    def scm_document_file(self, evidence_id, **_kw):
        """The file of one of the supplier's own documents."""
        evidence = self._scm_find("scm.supplier.evidence", evidence_id)
        if not evidence or not evidence.file:
            raise request.not_found()
        # sudo: the evidence was found among the supplier's own
        stream = request.env["ir.binary"].sudo()._get_stream_from(evidence, "file", filename=evidence.filename)
        response = stream.get_response(as_attachment=True)
        response.headers["Cache-Control"] = "private, no-store"
        return response

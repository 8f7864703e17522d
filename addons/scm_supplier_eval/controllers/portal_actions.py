from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..kernel.uploads import MAX_REQUEST_BYTES
from ..models.scm_improvement_answer import ANSWER_FIELDS, CLOSED, NEEDED_FIELDS
from .portal import SupplierPortal

PER_PAGE = 20
URL = "/my/corrective-actions"


class ActionPortal(SupplierPortal):
    """``/my/corrective-actions``: what the supplier is asked to put right, and its 8D answer."""

    def _scm_counters(self):
        return {**super()._scm_counters(), "scm_action_count": self._scm_count_actions}

    def _scm_domain_actions(self):
        return Domain(self._scm_own()) & request.env["scm.improvement"]._scm_domain_asked()

    def _scm_count_actions(self):
        # sudo: the domain holds the supplier's own corrective actions only
        return request.env["scm.improvement"].sudo().search_count(self._scm_domain_actions())

    def _scm_find_action(self, action_id):
        # sudo: the domain holds the supplier's own corrective actions only
        improvements = request.env["scm.improvement"].sudo()
        return improvements.search(self._scm_domain_actions() & Domain("id", "=", action_id), limit=1)

    @route([URL, f"{URL}/page/<int:page>"], type="http", auth="user", methods=["GET"], website=True)
    def scm_actions(self, page=1, **_kw):
        """All corrective actions, those without an answer first."""
        domain = self._scm_domain_actions()
        # sudo: the domain holds the supplier's own corrective actions only
        improvements = request.env["scm.improvement"].sudo()
        pager = portal_pager(URL, improvements.search_count(domain), page, PER_PAGE)
        found = improvements.search(
            domain,
            order="date_answered desc nulls first, date_answer_due, id desc",
            limit=PER_PAGE,
            offset=pager["offset"],
        )
        return self._scm_render(
            "portal_actions",
            "scm_actions",
            improvements=found,
            today=fields.Date.context_today(found),
            pager=pager,
            crumbs=[{"text": request.env._("Corrective Actions")}],
        )

    @route(f"{URL}/<int:action_id>", type="http", auth="user", methods=["GET"], website=True)
    def scm_action(self, action_id, **_kw):
        """One corrective action with the form of its answer."""
        improvement = self._scm_find_action(action_id)
        if not improvement:
            raise request.not_found()
        texts = [
            {
                "name": name,
                "label": improvement._fields[name]._description_string(request.env),
                "help": improvement._fields[name]._description_help(request.env),
                "value": improvement[name] or "",
                "needed": name in NEEDED_FIELDS,
            }
            for name in ANSWER_FIELDS
        ]
        supplier = self._scm_supplier()
        return self._scm_render(
            "portal_action",
            "scm_actions",
            improvement=improvement,
            texts=texts,
            steps=improvement.action_ids.filtered(lambda step: step.partner_id.commercial_partner_id == supplier),
            files=self._scm_action_files(improvement),
            today=fields.Date.context_today(improvement),
            closed=improvement.state in CLOSED,
            crumbs=[{"text": request.env._("Corrective Actions"), "url": URL}, {"text": improvement.name}],
        )

    def _scm_action_files(self, improvement):
        """The files that the supplier itself sent; what colleagues attached is not his."""
        users = self._scm_supplier().with_context(active_test=False)
        # sudo: the improvement was found among the supplier's own
        return (
            request.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "scm.improvement"),
                    ("res_id", "=", improvement.id),
                    ("create_uid.partner_id", "child_of", users.id),
                ],
                order="id",
            )
        )

    @route(
        f"{URL}/<int:action_id>/answer",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST_BYTES,
    )
    def scm_action_answer(self, action_id, **post):
        """Take the answer and its files; all or nothing."""
        improvement = self._scm_find_action(action_id)
        if not improvement:
            raise request.not_found()

        def answer():
            self._scm_attach(improvement)
            improvement.scm_answer_supplier({name: post[name] for name in ANSWER_FIELDS if name in post})

        return self._scm_try(f"{URL}/{action_id}", request.env._("Thank you. Your answer is with our buyer."), answer)

    @route(f"{URL}/<int:action_id>/steps/<int:step_id>", type="http", auth="user", methods=["POST"], website=True)
    def scm_action_step(self, action_id, step_id, **_kw):
        """Mark a step that the supplier does as done, or as not done."""
        supplier = self._scm_supplier()
        improvement = self._scm_find_action(action_id)
        step = improvement.action_ids.filtered(
            lambda step: step.id == step_id and step.partner_id.commercial_partner_id == supplier
        )
        if not step:
            raise request.not_found()

        def toggle():
            if improvement.state in CLOSED:
                raise UserError(request.env._("“%s” is closed: it takes no more answers.", improvement.name))
            step.action_toggle_done()

        return self._scm_try(f"{URL}/{action_id}", request.env._("Noted, thank you."), toggle)

    @route(f"{URL}/<int:action_id>/files/<int:file_id>", type="http", auth="user", methods=["GET"], website=True)
    def scm_action_file(self, action_id, file_id, **_kw):
        """A file that the supplier sent with its answer."""
        improvement = self._scm_find_action(action_id)
        file = improvement and self._scm_action_files(improvement).filtered(lambda file: file.id == file_id)
        if not file:
            raise request.not_found()
        return self._scm_stream(file)

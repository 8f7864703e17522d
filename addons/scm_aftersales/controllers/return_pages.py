from odoo.fields import Domain
from odoo.http import request, route
from werkzeug.urls import url_encode

from odoo.addons.portal.controllers.portal import pager as portal_pager
from odoo.addons.scm_base.tools.photos import MAX_REQUEST_BYTES

from ..models.scm_return import OPEN_STATES
from .return_frame import FORMS_PER_MINUTE, ReturnFrame

PER_PAGE = 20
URL = "/my/returns"
MAX_TEXT = 2000


class ReturnPages(ReturnFrame):
    """``/my/returns``: the customer's returns, and the page of each."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "scm_return_count" in counters:
            # sudo: counts what the user may see, by the domain
            returns = request.env["scm.return"].sudo()
            values["scm_return_count"] = returns.search_count(returns._portal_domain(request.env.user), limit=1)
        return values

    @route([URL, f"{URL}/page/<int:page>"], type="http", auth="user", methods=["GET"], website=True)
    def scm_returns(self, page=1, filterby="all", **_kw):
        """All returns of the customer, the latest first."""
        # sudo: portal users have no rights; the domain is the check
        returns = request.env["scm.return"].sudo()
        filters = {
            "all": {"label": request.env._("All"), "domain": []},
            "open": {"label": request.env._("Under way"), "domain": [("state", "in", OPEN_STATES)]},
        }
        filterby = filterby if filterby in filters else "all"
        domain = returns._portal_domain(request.env.user) & Domain(filters[filterby]["domain"])
        pager = portal_pager(
            URL,
            returns.search_count(domain),
            page,
            PER_PAGE,
            url_args={"filterby": filterby} if filterby != "all" else {},
        )
        found = returns.search(domain, order="id desc", limit=PER_PAGE, offset=pager["offset"])
        return self._return_page(
            "portal_returns",
            rows=[one._portal_row() for one in found],
            pager=pager,
            default_url=URL,
            filters=filters,
            filterby=filterby,
        )

    @route(f"{URL}/<int:return_id>", type="http", auth="public", methods=["GET"], website=True, sitemap=False)
    def scm_return(self, return_id, access_token=None, **_kw):
        """One return: where it stands, what was decided, and what there is to do."""
        found = self._return_find(return_id, access_token)
        if not found:
            return self._return_missing()
        return self._return_page(
            "portal_return",
            one=found,
            view=found._portal_view(),
            messages=found._portal_messages(),
            labels=found._portal_labels(),
            token=access_token or "",
            base=f"{URL}/{found.id}",
        )

    def _return_url(self, found, access_token):
        """The return's page, with the secret where the visitor came with it."""
        return f"{URL}/{found.id}" + (f"?{url_encode({'access_token': access_token})}" if access_token else "")

    def _return_may_send(self, found):
        return self._return_passes("form", ("return", found.id), FORMS_PER_MINUTE)

    def _return_too_often(self, found, access_token):
        return self._return_back(
            self._return_url(found, access_token),
            "warning",
            request.env._("Please wait a minute before you write again."),
        )

    @route(f"{URL}/<int:return_id>/cancel", type="http", auth="public", methods=["POST"], website=True)
    def scm_return_cancel(self, return_id, access_token=None, **_kw):
        """Take a request back while nothing has been sent."""
        found = self._return_find(return_id, access_token)
        if not found:
            return self._return_missing()
        return self._return_try(
            self._return_url(found, access_token), request.env._("Your return is cancelled."), found._portal_cancel
        )

    @route(f"{URL}/<int:return_id>/tracking", type="http", auth="public", methods=["POST"], website=True)
    def scm_return_tracking(self, return_id, access_token=None, reference="", **_kw):
        """Tell the number of the parcel."""
        found = self._return_find(return_id, access_token)
        if not found:
            return self._return_missing()
        if not self._return_may_send(found):
            return self._return_too_often(found, access_token)
        return self._return_try(
            self._return_url(found, access_token),
            request.env._("Thank you. We follow your parcel."),
            lambda: found._portal_tracking(reference),
        )

    @route(
        f"{URL}/<int:return_id>/message",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST_BYTES,
    )
    def scm_return_message(self, return_id, access_token=None, text="", **_kw):
        """Write to the seller, with photos if there are any."""
        found = self._return_find(return_id, access_token)
        if not found:
            return self._return_missing()
        if not self._return_may_send(found):
            return self._return_too_often(found, access_token)
        files = request.httprequest.files.getlist("photos")
        return self._return_try(
            self._return_url(found, access_token) + "#messages",
            request.env._("Sent. We answer here and by e-mail."),
            lambda: found._portal_write(text.strip()[:MAX_TEXT], self._return_partner(found), files),
        )

    @route(f"{URL}/<int:return_id>/rate", type="http", auth="public", methods=["POST"], website=True)
    def scm_return_rate(self, return_id, access_token=None, face="", text="", **_kw):
        """Say how it went."""
        found = self._return_find(return_id, access_token)
        if not found:
            return self._return_missing()
        return self._return_try(
            self._return_url(found, access_token),
            request.env._("Thank you for telling us."),
            lambda: found._portal_rate(face, text.strip()[:MAX_TEXT], self._return_partner(found)),
        )

    @route(
        f"{URL}/<int:return_id>/files/<int:file_id>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def scm_return_file(self, return_id, file_id, access_token=None, **_kw):
        """A photo, label or file of the conversation of this return."""
        found = self._return_find(return_id, access_token)
        file = found and found._portal_files().filtered(lambda one: one.id == file_id)
        if not file:
            return self._return_missing()
        # sudo: the file was found among those of a return that the visitor may see; only what we wrote ourselves is
        # shown in the window, the rest is saved, so that no browser runs it
        stream = request.env["ir.binary"].sudo()._get_stream_from(file)
        response = stream.get_response(as_attachment=file.mimetype not in ("image/jpeg", "application/pdf"))
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

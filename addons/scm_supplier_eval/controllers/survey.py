from odoo.http import request, route

from odoo.addons.survey.controllers.main import Survey


class ScmSurvey(Survey):
    """Questionnaires of qualifications: who holds a link fills in his own form, and no more.

    Odoo lets whoever has the link of an answer read it for ever, and start another one. Here a link opens its own form
    until it is handed in; reading it again takes a login of the same supplier, or of a buyer of that company.
    """

    def _check_validity(self, survey_sudo, answer_sudo, answer_token, ensure_token=True, check_partner=True):
        if not answer_sudo.scm_qualification_id:
            return super()._check_validity(survey_sudo, answer_sudo, answer_token, ensure_token, check_partner)
        # Odoo compares the partner only; ours is checked below, also where Odoo does not check
        reason = super()._check_validity(survey_sudo, answer_sudo, answer_token, ensure_token, check_partner=False)
        if reason is not True and (check_partner or reason != "answer_deadline"):
            return reason
        user = request.env.user
        may = answer_sudo._scm_may_fill(user) if check_partner else answer_sudo._scm_may_read(user)
        return True if may else "answer_wrong_user"

    @route()
    def survey_retry(self, survey_token, answer_token, **post):
        """A second form would be nobody's: the buyer asks again instead."""
        _survey, answer_sudo = self._fetch_from_access_token(survey_token, answer_token)
        if answer_sudo.scm_qualification_id:
            return request.redirect("/")
        return super().survey_retry(survey_token, answer_token, **post)

    @route()
    def survey_print(self, survey_token, review=False, answer_token=None, **post):
        """Odoo hides the answers of surveys that are scored; who may read a qualification's answers sees them."""
        response = super().survey_print(survey_token, review=review, answer_token=answer_token, **post)
        _survey, answer_sudo = self._fetch_from_access_token(survey_token, answer_token)
        shown = getattr(response, "qcontext", {}).get("survey")
        if shown and answer_sudo.scm_qualification_id and answer_sudo._scm_may_read(request.env.user):
            response.qcontext["answer"] = answer_sudo
        return response

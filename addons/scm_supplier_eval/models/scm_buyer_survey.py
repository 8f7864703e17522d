from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.scm_base.tools.zones import local_day, local_noon, zone_name

#: the first one stands for no stars
RATINGS = [("0", "Not answered"), ("1", "Poor"), ("2", "Weak"), ("3", "Fair"), ("4", "Good"), ("5", "Excellent")]
QUESTIONS = ("communication", "flexibility", "problem_solving", "documents", "improvement")


class ScmBuyerSurvey(models.Model):
    """What one buyer thinks of working with a supplier in a period: five answers from 1 to 5."""

    _name = "scm.buyer.survey"
    _description = "Buyer Survey"
    _order = "date_from desc, partner_id, id"

    partner_id = fields.Many2one("res.partner", "Supplier", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(
        "res.company", required=True, ondelete="cascade", index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users", "Buyer", required=True, domain=[("share", "=", False)], default=lambda self: self.env.user
    )
    date_from = fields.Date("Period from", required=True)
    date_to = fields.Date("Period to", required=True)
    state = fields.Selection(
        [("asked", "To Answer"), ("answered", "Answered")], required=True, readonly=True, default="asked", index=True
    )
    date_answered = fields.Date("Answered", readonly=True)
    communication = fields.Selection(RATINGS, help="Answers fast, tells bad news early, one knows whom to ask.")
    flexibility = fields.Selection(RATINGS, help="Takes rush orders, changes of quantity and small lots.")
    problem_solving = fields.Selection(RATINGS, help="Owns its mistakes and mends them for good.")
    documents = fields.Selection(RATINGS, "Paperwork", help="Confirmations, labels, packing lists, invoices are right.")
    improvement = fields.Selection(RATINGS, help="Brings ideas on cost, quality and packaging.")
    is_mine = fields.Boolean(compute="_compute_is_mine")
    mean = fields.Float(compute="_compute_mean", store=True, aggregator="avg", digits=(3, 2))
    note = fields.Text()

    _answer_once = models.Constraint(
        "UNIQUE(company_id, partner_id, user_id, date_from)",
        "This buyer has been asked for this supplier and period already.",
    )
    _period_valid = models.Constraint("CHECK(date_from <= date_to)", "The period of a survey ends before it begins.")

    @api.depends(*QUESTIONS)
    def _compute_mean(self):
        for survey in self:
            answers = [int(survey[name]) for name in QUESTIONS if int(survey[name] or 0)]
            survey.mean = sum(answers) / len(answers) if answers else 0.0

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for survey in self:
            survey.is_mine = survey.user_id == self.env.user

    @api.depends("partner_id", "date_from")
    def _compute_display_name(self):
        for survey in self:
            survey.display_name = f"{survey.partner_id.display_name}, {survey.date_from}"

    @api.model_create_multi
    def create(self, vals_list):
        partners = self.env["res.partner"].browse([vals["partner_id"] for vals in vals_list if vals.get("partner_id")])
        top = {partner.id: partner.commercial_partner_id.id for partner in partners}
        vals_list = [vals | {"partner_id": top.get(vals.get("partner_id"), False)} for vals in vals_list]
        surveys = super().create(vals_list)
        surveys._note_answers()
        return surveys

    def write(self, vals):
        result = super().write(vals)
        if set(QUESTIONS) & vals.keys():
            self._note_answers()
        return result

    def _note_answers(self):
        """A survey with an answer to each question is answered."""
        for survey in self:
            complete = all(int(survey[name] or 0) for name in QUESTIONS)
            if complete != (survey.state == "answered"):
                survey.write(
                    {
                        "state": "answered" if complete else "asked",
                        "date_answered": fields.Date.context_today(survey) if complete else False,
                    }
                )

    @api.model
    def answer(self, partner_id, answers, date_from, date_to, note=False):
        """Say what one thinks of a supplier; a second call for the same period replaces the first.

        :param answers: ``{question: 1 to 5}`` with each of communication, flexibility, problem_solving, documents and
            improvement
        :param date_from: first day of the period, ISO text
        :param date_to: last day of the period, ISO text
        :return: id of the survey
        :raises UserError: for a missing or unknown question, or an answer that is not 1 to 5
        """
        self.check_access("create")
        values = self._check_answers(answers)
        partner = self.env["res.partner"].browse(partner_id).exists().commercial_partner_id
        if not partner:
            raise UserError(self.env._("There is no supplier with the id %s.", partner_id))
        key = {"partner_id": partner.id, "company_id": self.env.company.id, "user_id": self.env.uid}
        key["date_from"] = date_from
        survey = self.search([(name, "=", value) for name, value in key.items()])
        values |= {"date_to": date_to, "note": note}
        if survey:
            survey.write(values)
            return survey.id
        return self.create(key | values).id

    @api.model
    def _check_answers(self, answers):
        unknown, missing = set(answers) - set(QUESTIONS), set(QUESTIONS) - set(answers)
        if unknown or missing:
            raise UserError(
                self.env._(
                    "Answer each of %(questions)s. Wrong or missing: %(wrong)s.",
                    questions=", ".join(QUESTIONS),
                    wrong=", ".join(sorted(unknown | missing)),
                )
            )
        values = {name: str(value) for name, value in answers.items()}
        for name, value in values.items():
            if value == "0" or value not in dict(RATINGS):
                raise UserError(self.env._("“%(value)s” for %(question)s is not 1 to 5.", value=value, question=name))
        return values

    @api.model
    def ask_buyers(self, date_from, date_to):
        """Ask each buyer about the suppliers that he ordered from in a period; managers only, twice asks once.

        :param date_from: first day of the period, ISO text
        :param date_to: last day of the period, ISO text
        :return: number of new surveys
        """
        if not self.env.user.has_group("scm_base.scm_group_manager"):
            raise AccessError(self.env._("Only supply chain managers ask buyers about suppliers."))
        company = self.env.company
        date_from, date_to = fields.Date.to_date(date_from), fields.Date.to_date(date_to)
        if not date_from or not date_to or date_from > date_to:
            raise UserError(self.env._("Name the period: the first day, then the last one."))
        pairs = self._buyers_and_suppliers(company, date_from, date_to)
        asked = self.search([("company_id", "=", company.id), ("date_from", "=", date_from)])
        pairs -= {(one.user_id.id, one.partner_id.id) for one in asked}
        period = {"company_id": company.id, "date_from": date_from, "date_to": date_to}
        self.create([{"user_id": user, "partner_id": partner, **period} for user, partner in sorted(pairs)])
        return len(pairs)

    @api.model
    def _buyers_and_suppliers(self, company, date_from, date_to):
        """``{(user id, commercial partner id)}`` of orders confirmed in the period, by the company's days."""
        zone = zone_name(company)
        # sudo: the role was checked by the caller; orders are only counted
        groups = (
            self.env["purchase.order"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "purchase"),
                    ("user_id", "!=", False),
                    ("date_approve", ">=", local_noon(date_from, zone) - timedelta(days=1)),
                    ("date_approve", "<=", local_noon(date_to, zone) + timedelta(days=1)),
                ],
                ["user_id", "partner_id"],
                ["date_approve:array_agg"],
            )
        )
        return {
            (user.id, partner.commercial_partner_id.id)
            for user, partner, moments in groups
            if any(date_from <= local_day(moment, zone) <= date_to for moment in moments)
        }

    @api.model
    def _cooperation_rows(self, company, date_from, date_to):
        """Answered surveys of periods that end in this one, for the scorecard.

        :return: list of ``{"partner_id", "survey_id", "user_id", "date", "mean"}``, mean from 1 (poor) to 5
        """
        surveys = self.search_fetch(
            [
                ("company_id", "=", company.id),
                ("state", "=", "answered"),
                ("date_to", ">=", date_from),
                ("date_to", "<=", date_to),
            ],
            ["partner_id", "user_id", "date_to", "mean"],
        )
        return [
            {
                "partner_id": one.partner_id.id,
                "survey_id": one.id,
                "user_id": one.user_id.id,
                "date": one.date_to,
                "mean": one.mean,
            }
            for one in surveys
        ]

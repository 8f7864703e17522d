from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import float_compare

STATES = [("draft", "Draft"), ("active", "Active"), ("retired", "Retired")]


class ScmSupplierTemplate(models.Model):
    """One version of a questionnaire by which suppliers are qualified: Odoo's survey, and how it is judged."""

    _name = "scm.supplier.template"
    _description = "Qualification Template"
    _inherit = ["mail.thread"]
    _order = "name, version desc, id desc"

    name = fields.Char(required=True, translate=True, tracking=True)
    version = fields.Integer(required=True, readonly=True, default=1, copy=False)
    state = fields.Selection(STATES, required=True, readonly=True, default="draft", copy=False, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")
    previous_id = fields.Many2one("scm.supplier.template", "Previous Version", readonly=True, copy=False)
    survey_id = fields.Many2one(
        "survey.survey", "Questionnaire", required=True, copy=False, ondelete="restrict", index=True
    )
    section_ids = fields.One2many("scm.supplier.template.section", "template_id", "Sections", copy=False)
    pass_mark = fields.Float(default=75.0, tracking=True, help="A total of at least this many points of 100 qualifies.")
    conditional_mark = fields.Float(
        digits=(5, 1),
        default=60.0,
        tracking=True,
        help="A total from here up to the pass mark qualifies with conditions.",
    )
    validity_months = fields.Integer(
        "Valid for (months)", default=24, tracking=True, help="A qualification has to be renewed after this time."
    )
    answer_days = fields.Integer("Days to Answer", default=21, help="Suppliers have this long to fill it in.")
    date_active = fields.Date("Active since", readonly=True, copy=False)
    question_count = fields.Integer("Questions", compute="_compute_counts")
    critical_count = fields.Integer("Critical Questions", compute="_compute_counts")
    qualification_count = fields.Integer("Qualifications", compute="_compute_qualification_count")
    weight_total = fields.Float("Sum of Weights (%)", compute="_compute_weight_total")
    date_retired = fields.Date("Retired on", readonly=True, copy=False)

    _marks_rise = models.Constraint(
        "CHECK(0 <= conditional_mark AND conditional_mark <= pass_mark AND pass_mark <= 100)",
        "The marks must rise: 0, conditional mark, pass mark, 100.",
    )
    _times_positive = models.Constraint(
        "CHECK(validity_months > 0 AND answer_days > 0)", "Validity and days to answer must be above 0."
    )
    _survey_uniq = models.UniqueIndex("(survey_id)", "Each version of a template has a questionnaire of its own.")

    @api.depends("name", "version")
    def _compute_display_name(self):
        for template in self:
            template.display_name = self.env._(
                "%(name)s, version %(version)s", name=template.name or "", version=template.version
            )

    @api.depends("section_ids.weight")
    def _compute_weight_total(self):
        for template in self:
            template.weight_total = sum(template.section_ids.mapped("weight"))

    @api.depends("survey_id")
    def _compute_counts(self):
        # sudo: only numbers are taken; buyers have no right to surveys
        groups = (
            self.env["survey.question"]
            .sudo()
            ._read_group(
                [("survey_id", "in", self.survey_id.ids), ("is_page", "=", False)],
                ["survey_id", "scm_critical"],
                ["__count"],
            )
        )
        counts = {(survey.id, critical): count for survey, critical, count in groups}
        for template in self:
            critical = counts.get((template.survey_id.id, True), 0)
            template.critical_count = critical
            template.question_count = critical + counts.get((template.survey_id.id, False), 0)

    def _compute_qualification_count(self):
        groups = self.env["scm.supplier.qualification"]._read_group(
            [("template_id", "in", self.ids)], ["template_id"], ["__count"]
        )
        counts = {template.id: count for template, count in groups}
        for template in self:
            template.qualification_count = counts.get(template.id, 0)

    @api.model_create_multi
    def create(self, vals_list):
        """A template without a survey gets an empty one of its own."""
        for vals in vals_list:
            if not vals.get("survey_id"):
                vals["survey_id"] = self.env["survey.survey"].create(self._prepare_survey(vals.get("name"))).id
        templates = super().create(vals_list)
        templates.filtered(lambda template: not template.section_ids).action_read_sections()
        return templates

    def _prepare_survey(self, title):
        return {
            "title": title or self.env._("Supplier Qualification"),
            "survey_type": "survey",
            "access_mode": "token",
            "questions_layout": "page_per_section",
            "progression_mode": "number",
            "users_can_go_back": True,
            "scoring_type": "scoring_without_answers",
            # Odoo would take the language of whoever creates it only; suppliers choose theirs
            "lang_ids": [fields.Command.clear()],
        }

    def write(self, vals):
        frozen = {"survey_id", "section_ids", "pass_mark", "conditional_mark", "company_id"}
        if frozen & vals.keys():
            self._check_draft()
        return super().write(vals)

    def _check_draft(self):
        for template in self:
            if template.state != "draft":
                raise UserError(
                    self.env._(
                        "“%(template)s” is in use or retired, so its questions, weights and marks stay as they are. "
                        "Make a new version of it.",
                        template=template.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_in_use(self):
        self._check_draft()

    def action_read_sections(self):
        """Take over the sections of the survey that are not judged yet, weights spread evenly when none is set."""
        drafts = self.filtered(lambda template: template.state == "draft")
        for template in drafts:
            new = template.survey_id.page_ids - template.section_ids.page_id
            weight = 0.0 if template.section_ids else 100.0 / (len(new) or 1)
            template.section_ids = [
                fields.Command.create({"page_id": page.id, "sequence": page.sequence, "weight": weight}) for page in new
            ]
        return True

    def action_activate(self):
        """Put a draft into use; the version before it retires. Raises with everything that is wrong with it."""
        self._check_manager()
        for template in self:
            template._check_draft()
            problems = template._problems()
            if problems:
                raise ValidationError(
                    self.env._("“%(template)s” cannot be used yet:", template=template.display_name)
                    + "".join(f"\n- {problem}" for problem in problems)
                )
            template.survey_id.write(
                {"access_mode": "token", "users_can_go_back": True, "questions_layout": "page_per_section"}
            )
            template.write({"state": "active", "date_active": fields.Date.context_today(template)})
            template.previous_id.filtered(lambda previous: previous.state == "active").action_retire()
        return True

    @api.model
    def _activate_shipped(self):
        """The standard template is in use from the beginning; once it was, people decide."""
        standard = self.env.ref("scm_supplier_eval.scm_supplier_template_standard", raise_if_not_found=False)
        if standard and not standard.date_active:
            standard.action_activate()

    def _problems(self):
        """What keeps this template from being used, in words."""
        self.ensure_one()
        survey, problems = self.survey_id, []
        if not survey.question_ids:
            return [self.env._("its questionnaire has no questions.")]
        if survey.question_ids.filtered(lambda question: not question.page_id):
            problems.append(self.env._("each question must stand in a section; the first line has to be a section."))
        if missing := survey.page_ids - self.section_ids.page_id:
            problems.append(
                self.env._("these sections have no weight: %(names)s.", names=", ".join(missing.mapped("title")))
            )
        if float_compare(self.weight_total, 100.0, precision_digits=2):
            problems.append(
                self.env._("the weights of its sections sum to %(total)s, not to 100.", total=f"{self.weight_total:g}")
            )
        for section in self.section_ids.filtered("weight"):
            if not section.page_id.question_ids.filtered(lambda question: question._scm_best() > 0):
                problems.append(
                    self.env._("section “%(name)s” has no question whose answers have scores.", name=section.name)
                )
        for question in survey.question_ids.filtered("scm_critical"):
            problems += question._scm_critical_problems()
        return problems

    def action_retire(self):
        """Take it out of use. Suppliers that were asked before can still answer."""
        self._check_manager()
        self.filtered(lambda template: template.state == "active").write(
            {"state": "retired", "date_retired": fields.Date.context_today(self)}
        )
        return True

    def action_new_version(self):
        """Copy it, questions included, into a draft that will replace it. Returns the action that opens the copy."""
        self._check_manager()
        self.ensure_one()
        newest = self.with_context(active_test=False).search(
            [("name", "=", self.name), ("company_id", "=", self.company_id.id)], order="version desc", limit=1
        )
        draft = self.create(
            {
                "name": self.name,
                "version": (newest or self).version + 1,
                "company_id": self.company_id.id,
                "previous_id": self.id,
                "survey_id": self.survey_id.copy({"title": self.survey_id.title}).id,
                "pass_mark": self.pass_mark,
                "conditional_mark": self.conditional_mark,
                "validity_months": self.validity_months,
                "answer_days": self.answer_days,
            }
        )
        for old, new in zip(self.section_ids.sorted("sequence"), draft.section_ids.sorted("sequence"), strict=False):
            new.write({"weight": old.weight, "pass_mark": old.pass_mark})
        return draft._get_records_action()

    def action_open_survey(self):
        """The questions, in Odoo's own editor."""
        self._check_manager()
        return self.survey_id._get_records_action(name=self.survey_id.title)

    def action_preview(self):
        """The questionnaire as the supplier sees it; nothing is stored."""
        self._check_manager()
        self.ensure_one()
        if not self.survey_id.question_ids:
            raise UserError(self.env._("“%(template)s” has no questions yet.", template=self.display_name))
        return self.survey_id.action_test_survey()

    def action_open_qualifications(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_supplier_eval.scm_supplier_qualification_action")
        return action | {"domain": [("template_id", "in", self.ids)], "context": {}}

    def _check_manager(self):
        if not self.env.su and not self.env.user.has_group("scm_base.scm_group_manager"):
            raise AccessError(self.env._("Only supply chain managers work on qualification templates."))

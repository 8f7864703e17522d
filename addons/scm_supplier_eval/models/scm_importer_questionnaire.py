from collections import defaultdict

from odoo import fields, models
from odoo.tools import SQL


class ScmImporterQuestionnaire(models.AbstractModel):
    """Questionnaires that suppliers or auditors filled in a spreadsheet: one row per answer."""

    _name = "scm.importer.questionnaire"
    _inherit = ["scm.importer", "scm.importer.questionnaire.answer"]
    _description = "Importer of Questionnaires"

    def _label(self):
        return self.env._("Filled questionnaires of suppliers")

    def _import_fields(self):
        return [
            {
                "name": "supplier",
                "label": self.env._("Supplier"),
                "required": True,
                "aliases": ["vendor", "supplier name", "供應商", "供应商"],
                "help": self.env._("Name, reference or tax number, as in the supplier's record."),
                "example": "Lin Textiles",
            },
            {
                "name": "category",
                "label": self.env._("Product Category"),
                "aliases": ["category", "產品類別", "产品类别"],
                "help": self.env._("Empty: everything the supplier delivers."),
                "example": "All / Fabrics",
            },
            {
                "name": "template",
                "label": self.env._("Template"),
                "aliases": ["questionnaire", "範本", "模板", "問卷", "问卷"],
                "help": self.env._("Empty: the active one."),
                "example": "",
            },
            {
                "name": "question",
                "label": self.env._("Code"),
                "required": True,
                "aliases": ["question", "question code", "代碼", "代码", "問題", "问题"],
                "help": self.env._("Code of the question, or its words in any language."),
                "example": "CAP-04",
            },
            {
                "name": "answer",
                "label": self.env._("Answer"),
                "aliases": ["reply", "value", "回答", "答案"],
                "help": self.env._("One of the choices in words, in any language, or its points; several with ';'."),
                "example": "Yes, in writing",
            },
            {
                "name": "comment",
                "label": self.env._("Comment"),
                "aliases": ["remark", "note", "備註", "备注"],
                "example": "",
            },
        ]

    def _check_access(self):
        self.env["scm.supplier.qualification"].check_access("create")

    def _check_rows(self, batch, report):
        suppliers = self._suppliers({row.values["supplier"] for row in batch})
        categories = self._categories({row.values.get("category") for row in batch})
        templates = self._templates({row.values.get("template") for row in batch})
        catalogues = self._catalogues({template for template in templates.values() if template})
        checked = []
        for row in batch:
            partner_id = self._one(row, "supplier", suppliers, report)
            categ_id = self._category(row, categories, report)
            template = self._template(row, templates, report)
            if template and partner_id and categ_id is not None:
                answer = self._answer(row, catalogues[template.id], report)
                if answer:
                    scope = {"partner_id": partner_id, "categ_id": categ_id, "template_id": template.id}
                    checked.append((row.number, scope | answer))
        return checked

    def _suppliers(self, words):
        """{lower-case word: ids of companies}; by reference, else tax number, else name; archived ones count as -id."""
        found = {}
        for name in ("ref", "vat", "name"):
            missing = [word for word in {word.casefold() for word in words if word} if word not in found]
            ids = defaultdict(set)
            for word, top, active in self.env.execute_query(self._suppliers_sql(name, missing)):
                ids[word].add(top if active else -top)
            found.update({word: self._living(own) for word, own in ids.items()})
        return found

    def _suppliers_sql(self, name, words):
        self.env["res.partner"].flush_model()
        return SQL(
            """
            SELECT lower(p.%(name)s), top.id, top.active
              FROM res_partner p JOIN res_partner top ON top.id = p.commercial_partner_id
             WHERE lower(p.%(name)s) = ANY(%(words)s) AND (p.company_id IS NULL OR p.company_id = %(company)s)
            """,
            name=SQL.identifier(name),
            words=words,
            company=self.env.company.id,
        )

    @staticmethod
    def _living(ids):
        return {one for one in ids if one > 0} or ids

    def _one(self, row, field, found, report):
        ids = found.get(row.values[field].casefold(), ())
        if not ids:
            report.error(row, field, self.env._("No supplier has this name, reference or tax number."))
        elif len(ids) > 1:
            report.error(row, field, self.env._("Several suppliers are called so: write the reference."))
        elif min(ids) < 0:
            report.error(row, field, self.env._("This supplier is archived, perhaps merged into another one."))
        else:
            return next(iter(ids))
        return False

    def _categories(self, words):
        """{lower-case word: ids}; by complete name, else by name"""
        # sudo: the category tree is no secret
        categories = self.env["product.category"].sudo().search_fetch([], ["name", "complete_name"])
        wanted, found = {word.casefold() for word in words if word}, {}
        for name in ("complete_name", "name"):
            groups = categories.grouped(lambda category, name=name: (category[name] or "").casefold())
            found.update({word: own.ids for word, own in groups.items() if word in wanted and word not in found})
        return found

    def _category(self, row, found, report):
        word = row.values.get("category")
        if not word:
            return False
        ids = found.get(word.casefold(), ())
        if len(ids) == 1:
            return ids[0]
        report.error(
            row,
            "category",
            self.env._("Several categories are called so: write it with those above it, as All / Fabrics.")
            if ids
            else self.env._("There is no product category of this name."),
        )
        return None

    def _templates(self, words):
        """{lower-case word or '': template}; the active version goes before retired ones"""
        every = self.env["scm.supplier.template"].with_context(active_test=False)
        every = every.search([("company_id", "in", (self.env.company.id, False))], order="state, version desc")
        found = {"": self.env["scm.supplier.qualification"]._default_template(self.env.company)}
        for template in every:
            found.setdefault(template.display_name.casefold(), template)
            found.setdefault(template.name.casefold(), template)
        return {word: template for word, template in found.items() if word in {(w or "").casefold() for w in words}}

    def _template(self, row, found, report):
        template = found.get((row.values.get("template") or "").casefold())
        if not template:
            report.error(row, "template", self.env._("There is no active template of this name."))
        elif template.state != "active":
            state = dict(template._fields["state"]._description_selection(self.env))[template.state].lower()
            report.error(
                row,
                "template",
                self.env._("“%(template)s” is %(state)s.", template=template.display_name, state=state),
            )
        else:
            return template
        return False

    # All rows together

    def _finish_check(self, report):
        """No question twice, no mandatory one missing; said only where each row is right by itself."""
        job = self._job()
        if job.error_count:
            return
        for number, first in self.env.execute_query(self._twice_sql(job)):
            report.error(number, "question", self.env._("Row %(row)s answers this question already.", row=first))
        for number, code, title in self.env.execute_query(self._missing_sql(job)):
            report.error(
                number,
                "question",
                self.env._("The questionnaire that begins here lacks an answer to %(code)s.", code=code or title),
            )

    def _twice_sql(self, job):
        return SQL(
            """
            SELECT number, first FROM (
                SELECT number, min(number) OVER (PARTITION BY data->'partner_id', data->'categ_id',
                       data->'template_id', data->'question_id') AS first
                  FROM scm_import_row WHERE import_id = %s) rows
             WHERE number > first ORDER BY number
            """,
            job.id,
        )

    def _missing_sql(self, job):
        return SQL(
            """
            SELECT forms.number, question.scm_code, question.title->>'en_US'
              FROM (SELECT data->'partner_id' AS partner, data->'categ_id' AS categ,
                           (data->>'template_id')::int AS template, min(number) AS number
                      FROM scm_import_row WHERE import_id = %(job)s GROUP BY 1, 2, 3) forms
              JOIN scm_supplier_template template ON template.id = forms.template
              JOIN survey_question question ON question.survey_id = template.survey_id
                   AND question.constr_mandatory AND NOT COALESCE(question.is_page, FALSE)
             WHERE NOT EXISTS (SELECT 1 FROM survey_question_survey_question_answer_rel conditional
                                WHERE conditional.survey_question_id = question.id)
               AND NOT EXISTS (
                   SELECT 1 FROM scm_import_row own
                    WHERE own.import_id = %(job)s AND own.data->'partner_id' = forms.partner
                      AND own.data->'categ_id' = forms.categ
                      AND (own.data->>'template_id')::int = forms.template
                      AND (own.data->>'question_id')::int = question.id)
          ORDER BY forms.number, question.sequence, question.id
            """,
            job=job.id,
        )

    # Writing

    def _write_staged(self, job):
        """Whole questionnaires, however the rows lie in the file."""
        forms = defaultdict(list)
        for rows in job._staged_batches():
            for row in rows:
                forms[row["partner_id"], row["categ_id"], row["template_id"]].append(row)
        qualifications = self._running(list(forms))
        user_inputs = self._create_forms(qualifications)
        # sudo: the rights on qualifications were checked; buyers have no right to surveys
        self.env["survey.user_input.line"].sudo().create(
            [
                values
                for form, rows in zip(user_inputs, forms.values(), strict=True)
                for row in rows
                for values in self._prepare_lines(form, row)
            ]
        )
        qualifications._answers_arrived()

    def _running(self, scopes):
        """The qualification of each scope that is not decided yet; a new one where there is none."""
        model = self.env["scm.supplier.qualification"]
        running = model.search(
            [
                ("company_id", "=", self.env.company.id),
                ("state", "in", ("draft", "asked", "review")),
                ("partner_id", "in", [partner_id for partner_id, _categ, _template in scopes]),
            ],
            order="id",
        )
        found = {(one.partner_id.id, one.categ_id.id, one.template_id.id): one for one in running}
        missing = [scope for scope in scopes if scope not in found]
        names = ("partner_id", "categ_id", "template_id")
        created = model.create(
            [dict(zip(names, scope, strict=True)) | {"company_id": self.env.company.id} for scope in missing]
        )
        found.update(zip(missing, created, strict=True))
        return model.browse([found[scope].id for scope in scopes])

    def _create_forms(self, qualifications):
        now = fields.Datetime.now()
        # sudo: the rights on qualifications were checked; buyers have no right to surveys
        forms, templates = self.env["survey.user_input"].sudo(), qualifications.sudo().template_id
        questions = {template.id: template.survey_id.question_ids.ids for template in templates}
        surveys = {template.id: template.survey_id.id for template in templates}
        return forms.create(
            [
                {
                    "survey_id": surveys[one.template_id.id],
                    "scm_qualification_id": one.id,
                    "scm_source": "import",
                    "partner_id": one.partner_id.id,
                    "state": "done",
                    "start_datetime": now,
                    "end_datetime": now,
                    "predefined_question_ids": [fields.Command.set(questions[one.template_id.id])],
                }
                for one in qualifications
            ]
        )

    def _done_action(self, job):
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_supplier_eval.scm_supplier_qualification_action")
        return action | {"context": {"search_default_to_review": 1}}

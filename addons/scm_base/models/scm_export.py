from odoo import api, models
from odoo.fields import Domain

#: deeper paths of an exported column are not looked up
LONGEST_PATH = 6
#: more values of one condition are not written out
MOST_VALUES = 20


class ScmExport(models.AbstractModel):
    """What an exported list says about itself: the unit of each column, its definition, and which rows it has."""

    _name = "scm.export"
    _description = "Definitions of Exported Lists"

    @api.model
    def _is_ours(self, model, names):
        """Whether a list is of the suite: its model, or one of its columns."""
        if model not in self.env:
            return False
        fields = self.env[model]._fields
        return model.startswith("scm.") or any(
            (field := fields.get((name or "").split("/")[0])) is not None and (field._module or "").startswith("scm_")
            for name in names
        )

    @api.model
    def _explain(self, params, columns, headers):
        """``(headings with units, {"title", "notes", "units", "rows"})`` of an export, by a few queries for any rows.

        :param params: what the browser sent: ``model``, ``domain``, ``ids``, ``groupby``
        :param columns: ``[{"name": path}]``
        :param headers: labels in the same order
        """
        model = params["model"]
        found = [self._field_of(model, column["name"]) for column in columns]
        units = self._units_of(found)
        workbook = self.env["scm.workbook"]
        return (
            [workbook._heading(label, unit) for label, unit in zip(headers, units, strict=True)],
            {
                "title": self.env["ir.model"]._get(model).name,
                "notes": self._notes(params),
                "units": units,
                "rows": [
                    (column["name"], label, unit, self._definition(field))
                    for column, label, unit, (_owner, field) in zip(columns, headers, units, found, strict=True)
                ],
            },
        )

    @api.model
    def _field_of(self, model, path):
        """``(model, field)`` at the end of a path such as ``order_line/product_id``; none where there is no such."""
        field = None
        for name in path.split("/")[:LONGEST_PATH]:
            field = self.env[model]._fields.get(name.split(".")[0]) if model in self.env else None
            if field is None:
                return model, None
            owner, model = model, field.comodel_name or model
        return owner, field

    @api.model
    def _units_of(self, found):
        """Units in the order of ``(model, field)``; read once per model."""
        by_model = {}
        for owner, field in found:
            if field is not None:
                by_model.setdefault(owner, set()).add(field.name)
        units = {owner: self.env["scm.units"]._of_model(owner, names) for owner, names in by_model.items()}
        return [units[owner].get(field.name, False) if field is not None else False for owner, field in found]

    @api.model
    def _definition(self, field):
        """Help of the field in the language of the reader, else what kind of value it is."""
        if field is None:
            return ""
        text = field._description_help(self.env) or ""
        if not text and field.related:
            text = self.env._("Taken from %(path)s.", path=field.related)
        return text

    @api.model
    def _notes(self, params):
        if params.get("ids"):
            rows = self.env._("The records that were ticked (%(count)s)", count=len(params["ids"]))
        else:
            rows = self._domain_words(params["model"], params.get("domain") or [])
        notes = [(self.env._("Rows"), rows)]
        if params.get("groupby"):
            notes.append((self.env._("Grouped by"), self._groups_words(params)))
        return notes

    @api.model
    def _groups_words(self, params):
        words = []
        for spec in params["groupby"]:
            path, _colon, part = spec.partition(":")
            _owner, field = self._field_of(params["model"], path.replace(".", "/"))
            label = field._description_string(self.env) if field is not None else path
            words.append(f"{label} ({part})" if part else label)
        return ", ".join(words)

    @api.model
    def _domain_words(self, model, domain):
        """A domain as a person reads it: labels of fields, names of choices and records."""
        domain = Domain(domain)
        if domain.is_true():
            return self.env._("All")
        return self._words_of(model, domain)

    @api.model
    def _words_of(self, model, domain):
        if hasattr(domain, "children"):
            joint = self.env._(" and ") if domain.OPERATOR == "&" else self.env._(" or ")
            return "(" + joint.join(self._words_of(model, child) for child in domain.children) + ")"
        if hasattr(domain, "child"):
            return self.env._("not %(condition)s", condition=self._words_of(model, domain.child))
        if not hasattr(domain, "field_expr"):
            return str(domain)
        _owner, field = self._field_of(model, str(domain.field_expr).replace(".", "/"))
        label = field._description_string(self.env) if field is not None else domain.field_expr
        return f"{label} {domain.operator} {self._value_words(field, domain.value)}"

    @api.model
    def _value_words(self, field, value):
        many = isinstance(value, list | tuple | set) or (hasattr(value, "__iter__") and not isinstance(value, str))
        if isinstance(value, Domain):
            return self._words_of(field.comodel_name, value) if field is not None else str(value)
        values = list(value) if many else [value]
        if field is not None and field.type == "selection":
            names = dict(field._description_selection(self.env))
            values = [names.get(each, each) for each in values]
        elif field is not None and field.comodel_name and all(type(each) is int for each in values):
            # names only of what the reader may see
            records = self.env[field.comodel_name].browse(values[:MOST_VALUES]).exists()._filtered_access("read")
            values = [*(records.mapped("display_name") or values[:1]), *values[MOST_VALUES:]]
        return ", ".join(str(each) for each in values[:MOST_VALUES]) + (" …" if len(values) > MOST_VALUES else "")

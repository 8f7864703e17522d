"""Who may do what with which model, and what is seen from another company. Runs inside Odoo's shell."""

from odoo.exceptions import AccessError, UserError

from . import catalogue

LETTERS = {"read": "r", "write": "w", "create": "c", "unlink": "u"}
COLUMNS = (
    "public", "portal", "outsider", "viewer", "manager", "purchase", "sales", "stock", "stock_manager", "helpdesk"
)  # fmt: skip
SAMPLE = 40


def rows(env, who):
    """One row for each of our models that keeps records: its kind, whose records are seen, the rights of each role."""
    users = {**who["home"], "public": env.ref("base.public_user").id}
    found = []
    for name in catalogue.models(env):
        model = env[name]
        if model._abstract:
            continue
        rights = {role: _rights(model.with_user(users[role])) if role in users else "" for role in COLUMNS}
        kind = "wizard" if model._transient else "model" if model._auto else "view"
        found.append({"model": name, "kind": kind, "companies": _companies(env, name), **rights})
    return found


def _rights(model):
    return "".join(letter for operation, letter in LETTERS.items() if model.has_access(operation)) or "-"


def _companies(env, name):
    """own: those of the user's companies; own+shared: and those of none; all: no rule keeps companies apart."""
    if env[name]._transient:
        return "creator"
    rules = env["ir.rule"].search([("model_id.model", "=", name), ("groups", "=", False), ("perm_read", "=", True)])
    domains = [rule.domain_force or "" for rule in rules if "company_id" in (rule.domain_force or "")]
    if not domains:
        return "all"
    shared = all("False" in domain for domain in domains)
    return "own+shared" if shared else "own"


def fields_for_outsiders(env, who):
    """[[model, field]] of ours on Odoo's models that a portal user or a visitor may read by interface."""
    found = set()
    users = [env["res.users"].browse(who["home"]["portal"]), env.ref("base.public_user")]
    for name in sorted(env.registry):
        model = env[name]
        if name.startswith("scm.") or model._abstract or model._transient:
            continue
        for user in users:
            mine = model.with_user(user)
            if mine.has_access("read"):
                known = mine.fields_get(attributes=["type"])
                found.update((name, field) for field in known if _is_ours(model._fields[field]))
    return sorted(found)


def _is_ours(field):
    return (field._module or "").startswith("scm_")


def leaks(env, who):
    """Each way in which somebody of another company gets at records of the first, in words; and how much was tried."""
    found, tried = [], 0
    for name in catalogue.models(env):
        model = env[name]
        if model._abstract or model._transient:
            continue
        everybody = {role: model.with_user(user_id) for role, user_id in who["abroad"].items()}
        readers = {role: mine for role, mine in everybody.items() if mine.has_access("read")}
        for role in _two_of(readers):
            tried += 1
            mine = readers[role].with_context(active_test=False)
            found += [f"{role}: {problem}" for problem in _leaks_of(env, mine, _companies(env, name))]
    return sorted(set(found)), tried


def _two_of(readers):
    """The manager, who has most rules, and somebody without the roles of the supply chain, else who only reads."""
    others = [role for role in readers if role not in ("manager", "viewer")] or ["viewer"]
    return [role for role in ("manager", others[0]) if role in readers]


def _leaks_of(env, mine, companies):
    name, abroad = mine._name, mine.env.company
    visible = mine.search([], limit=SAMPLE)
    yield from _foreign(visible, abroad)
    yield from _names_of_others(env, visible, abroad)
    everything = mine.sudo().search([], limit=SAMPLE, order="id")
    hidden = everything - everything.with_user(mine.env.user)._filtered_access("read")
    if companies == "all" or not hidden:
        return
    hidden = hidden[:3].with_env(mine.env)
    yield from _direct(hidden)
    grouped = mine.formatted_read_group([("id", "in", hidden.ids)], [], ["__count"])
    if grouped and grouped[0]["__count"]:
        yield f"{name}: read_group counts records of another company"
    if any(found[0] in hidden.ids for found in mine.name_search("", [("id", "in", hidden.ids)])):
        yield f"{name}: name_search finds a record of another company"


def _foreign(visible, abroad):
    """Records seen that belong to another company."""
    if "company_id" in visible._fields:
        wrong = [one.id for one in visible.sudo() if one.company_id and one.company_id != abroad]
        if wrong:
            yield f"{visible._name}: {wrong[:3]} of another company is found by search"


def _names_of_others(env, visible, abroad):
    """Names that a record seen shows of one that is not."""
    links = [
        field
        for field in visible._fields.values()
        if field.type == "many2one" and field.comodel_name.startswith("scm.")
        if visible._has_field_access(field, "read")
    ]
    for field in links:
        for one in visible:
            target = one.sudo()[field.name]
            if target and "company_id" in target._fields and target.company_id and target.company_id != abroad:
                yield f"{visible._name}.{field.name}: names {target._name} of another company"
                break


def _direct(hidden):
    """Each way to a record whose id is known."""
    name = hidden._name
    ways = {
        "read": lambda: hidden.read(["id", "display_name"]),
        "export_data": lambda: hidden.export_data(["id", "display_name"])["datas"],
        "web_read": lambda: hidden.web_read({"display_name": {}}),
        "write": lambda: hidden.check_access("write"),
        "unlink": lambda: hidden.check_access("unlink"),
    }
    for way, attempt in ways.items():
        hidden.invalidate_recordset()
        try:
            given = attempt()
        except (AccessError, UserError):
            continue
        except Exception as broken:
            yield f"{name}: {way} breaks on the id of a record of another company: {broken!r}"
            continue
        if given is None or given:
            yield f"{name}: {way} takes the id of a record of another company"



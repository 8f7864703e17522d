"""Each model has access lines, and each model with a company has a rule that keeps companies apart."""
import ast
import csv
import re

MIXINS = ('AbstractModel',)


def models(addon):
    """{model name: (class, source file, whether it has company_id)} of the models that an addon makes itself."""
    found = {}
    for path in addon.python_files():
        if 'tests' in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                name = _made_name(node)
                kind = next((base.attr for base in node.bases if isinstance(base, ast.Attribute)), None)
                if name and kind in ('Model', 'TransientModel'):
                    found[name] = (kind, path, 'company_id' in _assigned(node))
    return found


def _assigned(node):
    return {target.id for item in node.body if isinstance(item, ast.Assign)
            for target in item.targets if isinstance(target, ast.Name)}


def _made_name(node):
    values = {target.id: item.value for item in node.body if isinstance(item, ast.Assign)
              for target in item.targets if isinstance(target, ast.Name)}
    name = values.get('_name')
    return name.value if isinstance(name, ast.Constant) and '_inherit' not in values else \
        name.value if isinstance(name, ast.Constant) and name.value not in ast.unparse(values['_inherit']) else None


def access_lines(addon):
    path = addon.path / 'security' / 'ir.model.access.csv'
    if not path.exists():
        return set()
    with open(path) as lines:
        return {re.sub(r'^(\w+\.)?model_', '', row['model_id:id']) for row in csv.DictReader(lines)}


def test_each_model_has_access_lines(addon):
    lines = access_lines(addon)
    missing = [name for name in models(addon) if name.replace('.', '_') not in lines]
    assert not missing, f'{addon.name}: no access line for {missing}'


def test_each_model_of_a_company_has_a_rule(addon):
    rules = '\n'.join(path.read_text() for path in (addon.path / 'security').glob('*.xml')) \
        if (addon.path / 'security').exists() else ''
    missing = [name for name, (kind, _path, has_company) in models(addon).items()
               if has_company and kind == 'Model' and f'model_{name.replace(".", "_")}"' not in rules]
    assert not missing, f'{addon.name}: no company rule for {missing}'


def test_each_sudo_says_why(addon):
    for path in addon.python_files():
        if 'tests' in path.parts:
            continue
        lines = path.read_text().splitlines()
        for number, line in enumerate(lines):
            if '.sudo()' in line:
                near = '\n'.join(lines[max(0, number - 4):number + 1])
                assert '#' in near, f'{path}:{number + 1}: sudo() without a comment that says which check came before'

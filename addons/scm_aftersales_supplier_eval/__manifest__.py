{
    "name": "Supply Chain After-Sales: Suppliers",
    "version": "19.0.2.0.0",
    "category": "Supply Chain/Supply Chain",
    "summary": "What customers send back counts in the supplier's quality score and opens 8D reports",
    "author": "SCM suite",
    "license": "LGPL-3",
    "depends": ["scm_aftersales", "scm_supplier_eval"],
    # Licences of the Python packages: docs/dependencies.md
    "external_dependencies": {"python": ["numpy", "pandas"]},
    "data": [
        "security/ir.model.access.csv",
        "data/scm_scorecard_data.xml",
    ],
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
    "auto_install": True,
}

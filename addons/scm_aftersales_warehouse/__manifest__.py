{
    "name": "Supply Chain After-Sales: Warehouse",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Supply Chain",
    "summary": "Pick errors that customers report",
    "author": "SCM suite",
    "license": "LGPL-3",
    "depends": ["scm_aftersales", "scm_warehouse"],
    "data": [
        "security/ir.model.access.csv",
    ],
    "auto_install": True,
}

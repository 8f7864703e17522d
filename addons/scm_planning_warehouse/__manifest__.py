{
    "name": "Supply Chain Planning: Warehouse",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Supply Chain",
    "summary": "Pre-season slotting, pick faces and load from the forecast",
    "author": "SCM suite",
    "license": "LGPL-3",
    "depends": ["scm_planning", "scm_warehouse"],
    "data": [
        "security/ir.model.access.csv",
        "views/stock_warehouse_slotting_views.xml",
    ],
    "auto_install": True,
}

{
    "name": "Supply Chain Planning: Suppliers",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Supply Chain",
    "summary": "Vendor choice and split by landed cost and grade, stress test of suppliers",
    "author": "SCM suite",
    "license": "LGPL-3",
    "depends": ["scm_planning", "scm_supplier_eval"],
    "auto_install": True,
    "data": [],
}

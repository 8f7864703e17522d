{
    "name": "Supply Chain Planning: Kits",
    "version": "19.0.2.0.0",
    "category": "Supply Chain/Supply Chain",
    "summary": "Sales of kits count as demand of their components",
    "author": "SCM suite",
    "license": "LGPL-3",
    "depends": ["scm_planning", "sale_mrp"],
    "auto_install": True,
}

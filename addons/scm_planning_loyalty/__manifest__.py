{
    "name": "Supply Chain Planning: Loyalty Programs",
    "version": "19.0.2.0.0",
    "category": "Supply Chain/Supply Chain",
    "summary": "Dated discount and loyalty programs are proposed as promotions that move demand",
    "author": "SCM suite",
    "license": "LGPL-3",
    "depends": ["scm_planning", "loyalty"],
    "auto_install": True,
}

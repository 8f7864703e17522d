from . import scm_freight_cost

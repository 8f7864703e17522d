from . import scm_demand_day

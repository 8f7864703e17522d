from . import scm_wave_cutoff
from . import scm_wave_plan

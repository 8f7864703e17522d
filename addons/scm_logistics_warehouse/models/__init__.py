from . import scm_wave_cutoff
from . import scm_wave_plan
from . import scm_box_choice_freight
from . import scm_parcel_packaging

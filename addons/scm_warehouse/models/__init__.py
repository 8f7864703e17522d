from . import stock_location
from . import stock_warehouse
from . import scm_wave_cutoff
from . import scm_wave_plan
from . import scm_pick_face
from . import scm_pick_face_proposal
from . import stock_picking_batch_wave
from . import stock_warehouse_wave

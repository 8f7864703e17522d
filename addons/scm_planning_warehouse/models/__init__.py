from . import scm_pick_face
from . import scm_flow_board
from . import scm_slotting_run
from . import scm_why_slotting
from . import stock_warehouse_slotting

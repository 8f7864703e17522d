from . import scm_pick_face
from . import scm_flow_board

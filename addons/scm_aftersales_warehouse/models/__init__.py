from . import scm_flow_board

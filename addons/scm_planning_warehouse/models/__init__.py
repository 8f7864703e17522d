from . import scm_pick_face

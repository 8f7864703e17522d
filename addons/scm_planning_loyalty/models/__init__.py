from . import scm_event_proposal

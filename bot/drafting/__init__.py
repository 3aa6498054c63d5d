"""Working on drafts of flows: what is wrong with one, what may stand where, what it changes."""

"""Where drafts of flows are tried out: processes beside the one that serves.

Reading all flows takes a second of one core, replaying all recordings half a minute: in the serving
process every turn would wait. These are begun at the first need, of low priority, limited in
memory, without secrets and without the database. A crash, or a flow that goes round for ever, is a
sentence on the editor's page.
"""

"""What flows may do with the queue: one action a file.

Slots they share: ``service_date``, ``name``, ``birth_date`` from the applicant; ``dates``,
``hold``, ``hold_until``, ``approval_code``, ``booking``, ``closed_reason`` from here.
"""

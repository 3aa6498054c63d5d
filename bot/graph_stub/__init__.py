"""A stand-in for Meta's Graph API on this machine: for tests, and for operators who rehearse."""

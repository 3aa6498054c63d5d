"""One conversation's way, turn by turn, from what the journal keeps of it."""

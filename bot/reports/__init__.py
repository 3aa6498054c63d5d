"""Numbers for the office: what became of bookings, and how the dialogue goes; nothing personal."""

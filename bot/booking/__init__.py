"""The queue: offices, their working days, seats, holds, bookings and codes.

Rules only; the database stands behind :class:`bot.booking.seats.SeatStore`, and time and chance
are handed in.
"""

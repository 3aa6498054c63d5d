"""``antre doctor``: is everything there that an office needs?"""

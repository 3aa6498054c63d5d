"""``antre nlu``: learning what messages mean, hearing some, and measuring how well it goes."""

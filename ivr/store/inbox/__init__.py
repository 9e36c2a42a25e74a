"""Which tickets does somebody see, in which order, and what is new?"""

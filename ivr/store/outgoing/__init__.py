"""Calls that we place: ordered once, placed once, followed to their end."""

"""Whom a call concerns: needs, the directory of communities, matching a spoken name, the roster, hours.

Pure: knows nothing of Flask, Twilio or the database.
"""

"""Whom a call concerns: needs, the directory of communities, matching a spoken name, assignment, hours.

Pure: knows nothing of Flask, Twilio or the database.
"""

"""Calls as they are kept, and what each makes of a ticket."""

"""The day's work: the inbox, a ticket and all that is done with it."""

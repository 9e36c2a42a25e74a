"""How it went: the figures with their lists, the day's report, downloads."""

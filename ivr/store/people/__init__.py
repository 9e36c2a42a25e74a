"""Staff, their passwords and logins, and the tokens of other systems."""

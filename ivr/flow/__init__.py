"""The call: a pure function of what it knows and what it hears. No clock, no database, no Flask."""

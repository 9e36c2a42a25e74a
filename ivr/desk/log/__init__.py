"""What happened: the call log, the audit, and what is printed."""

"""Who may see and do what, and what they were seen to do."""

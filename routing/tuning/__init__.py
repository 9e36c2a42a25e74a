"""How well are names understood, and what would mend it? Run by operators, never during a call."""

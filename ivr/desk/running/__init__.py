"""How the line is run: who is told of what."""

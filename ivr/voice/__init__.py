"""The carrier's edge: its requests come in here, and its recordings."""

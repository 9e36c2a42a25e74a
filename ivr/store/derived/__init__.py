"""What is computed whenever something is written, so that it can be found or counted later."""

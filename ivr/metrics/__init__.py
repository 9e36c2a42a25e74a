"""How it is going, in numbers that other programs read and ring people by."""

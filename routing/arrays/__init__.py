"""Arrays that live in a file: how they are packed, kept and mapped back into memory."""

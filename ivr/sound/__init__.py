"""Sound files of any kind made into what a telephone carries."""

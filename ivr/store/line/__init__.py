"""What the people of the line decide about it: kept as changes, each of which can be put back."""

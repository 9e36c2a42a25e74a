"""How did it go? Each figure is a condition on calls or tickets: it is counted by it, and its list is found by it."""

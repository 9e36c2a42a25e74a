"""People who answer: when they are on, whose telephone rings for a call, who waits for them."""

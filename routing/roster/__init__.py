"""Who answers the telephone: shifts worked out, and whose telephone rings for a call."""

"""Who answers the telephone: one's own line, everybody's, and the roster."""

"""What is kept: calls, tickets, recordings, people, the directory."""

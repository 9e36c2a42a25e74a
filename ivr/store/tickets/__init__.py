"""What happens to a ticket, from its opening to its end."""

"""What is kept outside the database: recordings, and requests it could not take."""

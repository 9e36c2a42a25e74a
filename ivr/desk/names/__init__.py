"""What communities are called: names taught and corrected."""

"""What was said? Text as a recogniser wrote it, read as sounds, words and wishes."""

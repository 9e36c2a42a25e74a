"""A fake phone: calls the hotline over HTTP exactly as Twilio would, and knows nothing else about it."""

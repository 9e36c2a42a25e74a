"""The carrier's API: our accounts there, and how recordings are fetched."""

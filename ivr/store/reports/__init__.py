"""What leaves the hotline: print and export."""

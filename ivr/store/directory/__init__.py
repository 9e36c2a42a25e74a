"""The communities as they are kept: looked up, matched, and improved by what was heard."""

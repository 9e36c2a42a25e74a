"""Whom are we to tell, by which channel, and did it reach them?"""

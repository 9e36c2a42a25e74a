"""Which community was meant? What was heard against every name of the directory, and how sure that is."""

from routing.matching.matcher import Candidate, Decision, Match, Matcher

__all__ = ["Candidate", "Decision", "Match", "Matcher"]

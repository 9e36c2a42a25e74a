"""Why was this community a candidate? One line for staff: 迎→银 ying/yin, 路 not heard, in 新碶街道."""

from routing.phonetics import SYLLABLES, readings
from routing.ranking import Fit


def why(fit: Fit) -> str:
    """What of the name was heard as what. Says nothing of syllables that were written as they should be."""
    parts = []
    written = fit.name.syllables
    for at, token_at in fit.pairs:
        character = written[at]
        if token_at is None:
            parts.append(f"{character} not heard")
        elif (heard := fit.heard.tokens[token_at]).text != character:
            said, meant = _sound(heard.sound[0]), next(iter(readings(character)), "?")
            parts.append(f"{heard.text}→{character} {said if said == meant else f'{said}/{meant}'}")
    found = f"sounds like {fit.name.core}: {', '.join(parts)}" if parts else f"{fit.name.core} as written"
    return f"{found}; in {fit.place}" if fit.place else found


def _sound(syllable: int) -> str:
    return SYLLABLES[syllable] if syllable < len(SYLLABLES) else "?"

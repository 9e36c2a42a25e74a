"""The addresses the carrier is given, and how it is to treat them."""

from dataclasses import dataclass

from ivr.carrier.placing import RETRY


@dataclass(frozen=True, slots=True)
class Urls:
    """Callback URLs below our public address (scheme and host, no trailing slash). ``turns``: where the turns of this
    call are answered, and its recording is told of; ends with a slash.
    """

    base: str
    turns: str = ""

    def turn(self, n: int) -> str:
        return self._callback(f"{self.turns}turn/{n}")

    def recording(self) -> str:
        return self._callback(f"{self.turns}recording")

    def whisper(self, ring: int) -> str:
        return self._callback(f"whisper/{ring}")

    def whisper_answer(self, ring: int) -> str:
        return self._callback(f"whisper/{ring}/answer")

    def rung(self, ring: int) -> str:
        return self._callback(f"rung/{ring}")

    def callback(self, outgoing: int, part: str) -> str:
        """Of a call back: answer, resident, leg, machine, parted, result."""
        return self._callback(f"callback/{outgoing}/{part}")

    def contact_answer(self, outgoing: int) -> str:
        return self._callback(f"contact/{outgoing}/answer")

    def transfer(self, transfer: int, party: str, asked: int) -> str:
        """What is next for this party, who has been told to wait so often."""
        return self._callback(f"transfer/{transfer}/{party}/{asked}")

    def left_room(self, transfer: int, party: str) -> str:
        return self._callback(f"transfer/{transfer}/{party}/left")

    def room_wait(self, language: str) -> str:
        return self._callback(f"transfer/wait/{language}")

    def take(self, outgoing: int, part: str) -> str:
        """Of a sentence recorded by telephone: heard, answer."""
        return self._callback(f"take/{outgoing}/{part}")

    def automatic(self, kind: str, outgoing: int) -> "Urls":
        """The addresses of an automatic call: its turns and its recording."""
        return Urls(self.base, f"{kind}/{outgoing}/")

    def fallback_message(self) -> str:
        return self._callback("fallback/message")

    def clip(self, name: str) -> str:
        return f"{self.base}/voice/audio/{name}"

    def _callback(self, path: str) -> str:
        return f"{self.base}/voice/{path}{RETRY}"

"""The addresses the carrier is given, and how it is to treat them."""

from dataclasses import dataclass

from ivr.carrier.placing import RETRY


@dataclass(frozen=True, slots=True)
class Urls:
    """Callback URLs below our public address (scheme and host, no trailing slash)."""

    base: str

    def turn(self, n: int) -> str:
        return self._callback(f"turn/{n}")

    def recording(self) -> str:
        return self._callback("recording")

    def whisper(self, ring: int) -> str:
        return self._callback(f"whisper/{ring}")

    def whisper_answer(self, ring: int) -> str:
        return self._callback(f"whisper/{ring}/answer")

    def rung(self, ring: int) -> str:
        return self._callback(f"rung/{ring}")

    def callback(self, outgoing: int, part: str) -> str:
        """Of a call back: answer, resident, leg, machine, parted, result."""
        return self._callback(f"callback/{outgoing}/{part}")

    def take(self, outgoing: int, part: str) -> str:
        """Of a sentence recorded by telephone: heard, answer."""
        return self._callback(f"take/{outgoing}/{part}")

    def fallback_message(self) -> str:
        return self._callback("fallback/message")

    def clip(self, name: str) -> str:
        return f"{self.base}/voice/audio/{name}"

    def _callback(self, path: str) -> str:
        return f"{self.base}/voice/{path}{RETRY}"

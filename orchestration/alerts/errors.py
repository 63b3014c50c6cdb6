"""What can go wrong with alerts, in words for the person who set them up."""

from __future__ import annotations

from orchestration.errors import ReturnsError


class AlertError(ReturnsError):
    """A rule or a setting of the alerts is wrong; the message says which and how."""


class DeliveryError(ReturnsError):
    """A message did not arrive. The text never holds an address or a secret.

    ``is_passing`` says that another try may help.
    """

    def __init__(self, message: str, *, is_passing: bool = False) -> None:
        super().__init__(message)
        self.is_passing = is_passing

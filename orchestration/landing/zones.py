"""Times without a zone: from the clock on a wall to the instant in UTC, in SQL."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# A format may say where its clock hangs: ``%d/%m/%Y %H:%M:%S in Europe/London``. Where
# nobody knows, its time of day means nothing and the day alone is kept.
IN, AS_DAY = " in ", " as day"
UNKNOWN = "unknown"
# By how much clocks are set back: an hour, and half an hour on Lord Howe Island.
SHIFTS = ("1 hour", "30 minutes")


def is_zone(name: str) -> bool:
    """Say whether ``name`` is a time zone of the IANA list."""
    if "/" not in name and name != "UTC":
        return False
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def with_zone(form: str, zone: str) -> str:
    """Return the format of times without a zone, with where its clock hangs."""
    return form + AS_DAY if zone == UNKNOWN else form + IN + zone


def without_zone(form: str) -> tuple[str, str | None]:
    """Return a format and the zone it states: none, a name, or ``UNKNOWN``."""
    if form.endswith(AS_DAY):
        return form.removesuffix(AS_DAY), UNKNOWN
    plain, _, zone = form.partition(IN)
    return plain, zone or None


def in_utc(local: str, zone: str) -> str:
    """Return SQL for the UTC timestamp at which a clock of ``zone`` shows ``local``.

    An hour that the clocks leap over in spring never was: NULL. Of the two that they
    show twice in autumn it is the earlier, as Python reads it too.
    """
    later = f"cast(timezone('{zone}', {local}) as timestamp)"
    shown = "timezone('{zone}', timezone('UTC', {instant}))"
    choices = []
    for shift in SHIFTS:
        earlier = f"{later} - interval '{shift}'"
        reading = shown.format(zone=zone, instant=f"({earlier})")
        choices.append(f"when {reading} = {local} then {earlier}")
    was = shown.format(zone=zone, instant=later)
    return f"case {' '.join(choices)} when {was} = {local} then {later} end"

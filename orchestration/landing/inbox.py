"""Walking the inbox: every file, with the context of its folders."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration.landing.context import (
    META_SUFFIX,
    Context,
    folder_context,
    seller_account,
    with_meta,
)
from orchestration.landing.documents import printable
from orchestration.landing.errors import InboxError

# Left behind by operating systems and office programs; no one means them as input.
LITTER = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True)
class Delivery:
    """One file of the inbox, or a meta file that stands alone.

    Attributes:
        path: The document, or ``None`` where only its meta file is there.
        label: Path relative to the inbox, with ``/``, as people know it.
        folders: Folders between the inbox and the file.
        meta: The meta file beside it, if there is one.
    """

    path: Path | None
    label: str
    folders: tuple[str, ...]
    meta: Path | None

    @property
    def seller_id(self) -> str:
        """The seller account, also where the rest of the context is refused."""
        return seller_account(self.folders)

    def context(self) -> Context:
        """Return what folders and meta file say.

        Raises:
            Refusal: They contradict themselves or cannot be understood.
        """
        context = folder_context(self.folders)
        return with_meta(context, self.meta) if self.meta else context


def find_deliveries(inbox: Path) -> list[Delivery]:
    """Return what lies in the inbox, in the order of its paths.

    Raises:
        InboxError: The inbox, or a folder in it, is missing or cannot be read.
    """
    if not inbox.exists():
        raise InboxError(
            f"The inbox {inbox} does not exist. Create it and put the reports in, or "
            "name another folder."
        )
    if not inbox.is_dir():
        raise InboxError(f"The inbox {inbox} is a file; name the folder it is in.")
    found: list[Delivery] = []
    for folder, names in _walk(inbox):
        relative = folder.relative_to(inbox).parts
        present = set(names)
        for name in names:
            if name.endswith(META_SUFFIX):
                document = name.removesuffix(META_SUFFIX)
                if document in present:
                    continue
                found.append(_delivery(folder, relative, document, None, name))
            else:
                meta = name + META_SUFFIX
                found.append(
                    _delivery(
                        folder, relative, name, name, meta if meta in present else None
                    )
                )
    return sorted(found, key=lambda delivery: delivery.label)


def _delivery(
    folder: Path,
    relative: tuple[str, ...],
    called: str,
    name: str | None,
    meta: str | None,
) -> Delivery:
    return Delivery(
        folder / name if name else None,
        printable("/".join((*relative, called))),
        tuple(printable(part) for part in relative),
        folder / meta if meta else None,
    )


def _walk(inbox: Path) -> Iterator[tuple[Path, list[str]]]:
    def stop(error: OSError) -> None:
        raise InboxError(
            f"The folder {error.filename} in the inbox cannot be read: "
            f"{error.strerror}."
        ) from error

    seen: set[Path] = set()
    for folder, folders, names in os.walk(inbox, onerror=stop, followlinks=True):
        real = Path(folder).resolve()
        if real in seen:  # a link that leads back: its files have been listed
            folders.clear()
            continue
        seen.add(real)
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield (
            Path(folder),
            [
                name
                for name in names
                if not name.startswith((".", "~$")) and name.lower() not in LITTER
            ],
        )

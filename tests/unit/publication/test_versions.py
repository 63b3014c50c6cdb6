"""Names of versions."""

from __future__ import annotations

import pytest

from orchestration.publication.errors import PublicationError
from orchestration.publication.versions import version_number


def test_a_name_holds_its_number() -> None:
    assert version_number("v12-3f2a91c0") == 12


@pytest.mark.parametrize(
    "name",
    ["", "v12", "12", "v0-abc", "v012-abc", "v1-", "v1-a/b", ".v1-abc", "v1-a b"],
)
def test_other_names_are_no_versions(name: str) -> None:
    with pytest.raises(PublicationError, match="is not the name of a version"):
        version_number(name)

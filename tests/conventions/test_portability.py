"""Every model must run on the second engine from the same text."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conventions.portable import neutral, problems


def test_every_model_is_portable(models: dict[str, Any]) -> None:
    found = {
        name: wrong
        for name, node in sorted(models.items())
        if (wrong := problems(node["raw_code"]))
    }
    assert not found


def test_macro_calls_are_left_as_function_calls() -> None:
    sql = neutral(
        "select {{ dbt.datediff('a_date', 'b_date', 'day') }} as days "
        "from {{ ref('x') }} where y = {{ surrogate_key(['a', 'b']) }}"
    )
    assert sql == (
        "select dbt_datediff(a_date, b_date, day) as days from x "
        "where y = surrogate_key(a, b)"
    )


@pytest.mark.parametrize(
    "sql",
    [
        "select a from x qualify row_number() over (order by a nulls last) = 1",
        "select received_date - requested_date as days from x",
        "select row_number() over (partition by a order by b) as n from x",
        "select strptime(a, '%d') as b from x",
        "select * exclude (a) from x",
        "select distinct on (a) b from x",
        "select list_value(a, b) as c from x",
        "select a // b as c from x",
        "select arg_max(a, b) as c from x",
    ],
)
def test_constructs_that_differ_between_engines_are_found(sql: str) -> None:
    assert problems(sql)


def test_plain_sql_passes() -> None:
    assert not problems(
        "with a as (select * from {{ ref('x') }}), b as (select a.c, "
        "row_number() over (partition by a.d order by a.e desc nulls last) as n "
        "from a) select * from b where b.n = 1"
    )

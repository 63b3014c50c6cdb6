{# Everything that speaks of the end of a unit; the dated seed `outcome_sources` says
   whom to believe. Contradictions stay visible: one finding decides, the others are
   beside it. A SAFE-T claim is none: it mostly pays for the label or a part of the
   price and does not say where the goods are. #}
with

units as (

    select * from {{ ref('int_return_units__numbered') }}

),

links as (

    select * from {{ ref('fct_return_unit_links') }}

),

ends as (

    select * from {{ ref('int_returns__ends') }}

),

returns as (

    select * from {{ ref('fct_returns') }}

),

unseen as (

    select * from {{ ref('fct_unseen_units') }}
    where is_overdue

),

ranks as (

    select * from {{ ref('outcome_sources') }}

),

told as (

    select
        unit_key,
        linked_type || 's' as outcome_source,
        outcome_code,
        outcome_date,
        grade_code,
        linked_key as evidence_key
    from links

    union all

    -- the warehouse dealt with the unit on the day it was received
    select
        units.unit_key,
        ends.outcome_source,
        ends.outcome_code,
        case
            when ends.outcome_code not in ('reimbursed', 'kept_by_buyer')
                then returns.received_date
        end as outcome_date,
        cast(null as {{ dbt.type_string() }}) as grade_code,
        ends.return_key as evidence_key
    from units
    inner join ends
        on units.return_key = ends.return_key
    inner join returns
        on units.return_key = returns.return_key

    union all

    select
        unit_key,
        outcome_source,
        outcome_code,
        overdue_date as outcome_date,
        cast(null as {{ dbt.type_string() }}) as grade_code,
        unit_key as evidence_key
    from unseen

),

ranked as (

    select
        told.*,
        units.seller_id,
        units.marketplace_code,
        coalesce(ranks.source_rank, 99) as source_rank
    from told
    inner join units
        on told.unit_key = units.unit_key
    left join ranks
        on
            told.outcome_source = ranks.outcome_source
            and coalesce(told.outcome_date, cast('9999-12-31' as date))
            between ranks.valid_from and ranks.valid_to
    -- what is known and no end says nothing of one
    where told.outcome_code != 'open'

)

select
    -- keys
    {{ surrogate_key(['unit_key', 'outcome_source', 'evidence_key']) }} as finding_key,
    unit_key,
    seller_id,
    marketplace_code,
    evidence_key,

    -- attributes
    outcome_code,
    outcome_source,
    -- the step that sold a unit mostly has no grade, the inspection before it has
    coalesce(
        grade_code, max(grade_code) over (partition by unit_key, outcome_code)
    ) as grade_code,

    -- measures
    source_rank,

    -- flags
    row_number() over (
        partition by unit_key
        order by
            source_rank asc nulls last,
            outcome_date desc nulls last,
            evidence_key asc nulls last
    ) = 1 as is_deciding,

    -- times
    outcome_date
from ranked

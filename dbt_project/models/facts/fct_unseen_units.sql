{# Units that were announced or refunded and have not come back. What is waited for and
   how long hangs on what was said; whether the time is up is only known as far as the
   reports that would show the receipt reach. Where no receipts are reported, or no
   settlement says whether a refund was paid, nothing is waited for. #}
with

units as (

    select * from {{ ref('int_return_units__numbered') }}

),

progress as (

    -- a request that was closed may have been closed too early
    select * from {{ ref('fct_return_progress') }}
    where receipt_status in ('open', 'not_applicable')

),

returns as (

    select * from {{ ref('fct_returns') }}

),

covered as (

    select * from {{ ref('int_return_periods__covered') }}

),

overdue as (

    select * from {{ ref('overdue_days') }}

),

waiting as (

    select
        units.*,
        case
            -- Amazon's guarantee mostly pays for parcels that did not arrive
            when
                units.return_key is null
                and units.match_reason != 'chargeback'
                and (units.channel = 'fba' or units.match_reason = 'a_to_z')
                then 'never_received'
            when units.return_key is null then 'never_requested'
            when
                units.refund_key is not null
                or units.match_reason = 'refunded_per_return_report'
                then 'never_received'
            when units.match_reason = 'closed' then 'closed_unsent'
            else 'never_sent'
        end as outcome_source,
        -- where only the return report knows of the refund its day is not known
        coalesce(units.refunded_date_local, units.return_date) as waiting_from_date,
        coalesce(covered.covered_to_date, progress.receipts_known_until_date)
            as known_until_date

    from units

    left join progress
        on units.return_key = progress.return_key

    left join returns
        on units.return_key = returns.return_key

    left join covered
        on
            units.seller_id = covered.seller_id
            and units.channel = covered.channel
            and units.return_key is null
            -- a return that no report could show is not missing
            and units.match_reason != 'no_return_data'

    where
        units.not_counted_reason is null
        and (units.return_key is null or progress.return_key is not null)
        and units.match_reason != 'no_settlement_data'
        -- what the buyer may keep is not waited for
        and not coalesce(returns.is_returnless, false)

),

due as (

    select
        waiting.*,
        cast({{ dbt.dateadd(
            'day', 'overdue.overdue_days', 'waiting.waiting_from_date'
        ) }} as date) as overdue_date
    from waiting
    inner join overdue
        on
            waiting.channel = overdue.channel
            and waiting.outcome_source = overdue.outcome_source
            and waiting.waiting_from_date
            between overdue.valid_from and overdue.valid_to

)

select
    -- keys
    unit_key,
    return_key,
    refund_key,
    seller_id,
    marketplace_code,

    -- attributes
    channel,
    amazon_order_id,
    sku,
    outcome_source,
    case
        when outcome_source = 'never_received' then 'lost'
        else 'kept_by_buyer'
    end as outcome_code,

    -- flags
    coalesce(overdue_date <= known_until_date, false) as is_overdue,

    -- times
    waiting_from_date,
    overdue_date,
    known_until_date
from due

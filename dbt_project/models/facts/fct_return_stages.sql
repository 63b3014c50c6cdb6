{# The stages of which the landed reports give evidence. Days are whole calendar days of
   the marketplace: the sources state days, so no hours are made up. A stage is due once
   its target day has passed, finished or not: counting the quick ones first would make
   the newest month look better than it will be. #}
with

returns as (

    select * from {{ ref('fct_return_progress') }}

),

targets as (

    select * from {{ ref('dim_stage_targets') }}

),

stages as (

    select
        *,
        'request_to_receipt' as stage_code,
        requested_date as started_date,
        received_date as ended_date,
        receipt_status as end_status,
        receipts_known_until_date as known_until_date
    from returns
    where channel = 'mfn'

    union all

    select
        *,
        'receipt_to_refund' as stage_code,
        received_date as started_date,
        refunded_date_local as ended_date,
        refund_status as end_status,
        refunds_known_until_date as known_until_date
    from returns

    union all

    select
        *,
        'request_to_refund' as stage_code,
        requested_date as started_date,
        refunded_date_local as ended_date,
        refund_status as end_status,
        refunds_known_until_date as known_until_date
    from returns
    where channel = 'mfn'

),

measured as (

    select
        *,
        {{ dbt.datediff(
            'started_date', 'ended_date', 'day'
        ) }} as stage_days,
        {{ dbt.datediff(
            'started_date', 'known_until_date', 'day'
        ) }} as observed_days
    from stages
    -- a stage that has not started has no row
    where started_date is not null

),

timed as (

    select
        measured.*,
        targets.target_days,
        coalesce(targets.is_scored, false) as is_scored,
        case
            when measured.end_status != 'done' then measured.end_status
            when measured.ended_date < measured.started_date then 'ended_before_start'
            else 'finished'
        end as stage_status

    from measured

    left join targets
        on
            measured.stage_code = targets.stage_code
            and measured.channel = targets.channel
            and measured.marketplace_code = targets.marketplace_code
            and measured.started_date between targets.valid_from and targets.valid_to

)

select
    -- keys
    {{ surrogate_key(['return_key', 'stage_code']) }} as return_stage_key,
    return_key,
    seller_id,
    marketplace_code,

    -- attributes
    channel,
    amazon_order_id,
    sku,
    stage_code,
    stage_status,
    not_counted_reason,

    -- measures
    case when end_status = 'done' then cast(stage_days as integer) end as stage_days,
    cast(target_days as integer) as target_days,

    -- flags
    is_counted,
    is_scored,
    coalesce(
        stage_status in ('finished', 'open') and observed_days > target_days, false
    ) as is_due,
    coalesce(stage_status = 'finished' and stage_days <= target_days, false)
        as is_within_target,

    -- times
    started_date,
    ended_date,
    cast({{ dbt.date_trunc('month', 'started_date') }} as date) as month_start_date
from timed

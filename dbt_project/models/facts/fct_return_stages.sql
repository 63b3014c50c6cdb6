{# The stages of a channel. Days are whole calendar days of the marketplace: most
   sources state days, so no hours are made up. A stage is due once its target day has
   passed, finished or not: counting the quick ones first would flatter new months. #}
with

returns as (

    select * from {{ ref('fct_return_progress') }}

),

milestones as (

    select * from {{ ref('fct_return_milestones') }}

),

targets as (

    select * from {{ ref('dim_stage_targets') }}

),

staged as (

    select
        returns.*,
        targets.stage_code,
        targets.target_days,
        targets.is_scored,
        targets.valid_from,
        targets.valid_to,
        case
            when targets.stage_code like 'request_to_%' then returns.requested_date
            when targets.stage_code like 'receipt_to_%' then returns.received_date
            when targets.stage_code like 'inspection_to_%'
                then milestones.inspected_date
        end as started_date,
        case
            when targets.stage_code like '%_to_authorisation'
                then milestones.authorised_date
            when targets.stage_code like '%_to_receipt' then returns.received_date
            when targets.stage_code like '%_to_inspection'
                then milestones.inspected_date
            when targets.stage_code like '%_to_refund' then returns.refunded_date_local
            when targets.stage_code like '%_to_outcome' then milestones.outcome_date
        end as ended_date,
        case
            when targets.stage_code like '%_to_authorisation'
                then milestones.authorised_status
            when targets.stage_code like '%_to_receipt' then returns.receipt_status
            when targets.stage_code like '%_to_inspection'
                then milestones.inspected_status
            when targets.stage_code like '%_to_refund' then returns.refund_status
            when targets.stage_code like '%_to_outcome' then milestones.outcome_status
        end as end_status,
        case
            when targets.stage_code like '%_to_authorisation'
                then milestones.authorised_known_until_date
            when targets.stage_code like '%_to_receipt'
                then returns.receipts_known_until_date
            when targets.stage_code like '%_to_inspection'
                then milestones.inspected_known_until_date
            when targets.stage_code like '%_to_refund'
                then returns.refunds_known_until_date
            when targets.stage_code like '%_to_outcome'
                then milestones.outcome_known_until_date
        end as known_until_date

    from returns

    inner join targets
        on
            returns.channel = targets.channel
            and returns.marketplace_code = targets.marketplace_code

    left join milestones
        on returns.return_key = milestones.return_key

),

timed as (

    select
        *,
        case
            when end_status != 'done' then end_status
            when ended_date < started_date then 'ended_before_start'
            else 'finished'
        end as stage_status,
        case when end_status = 'done' then ended_date end as done_date
    from staged
    -- a stage that has not started has no row
    where started_date between valid_from and valid_to

),

measured as (

    select
        *,
        {{ dbt.datediff(
            'started_date', 'done_date', 'day'
        ) }} as stage_days,
        {{ dbt.datediff(
            'started_date', 'known_until_date', 'day'
        ) }} as observed_days
    from timed

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
    cast(stage_days as integer) as stage_days,
    cast(
        case
            when stage_status = 'finished' then stage_days
            when stage_status = 'open' and observed_days >= 0 then observed_days
        end as integer
    ) as watched_days,
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
from measured

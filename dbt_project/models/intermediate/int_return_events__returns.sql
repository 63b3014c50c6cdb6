{# What the return reports say of a return. A state without a time has none; one that
   repeats a stage, also with the time of the request's own report, adds nothing. #}
with

returns as (

    select * from {{ ref('int_returns__classified') }}

),

parcels as (

    select * from {{ ref('int_returns__located') }}

),

flat_returns as (

    select * from {{ ref('stg_amazon_sp__mfn_returns') }}

),

ends as (

    select * from {{ ref('int_returns__ends') }}

),

words as (

    select * from {{ ref('event_stages') }}
    where source_code = 'mfn_returns'

),

stages as (

    select * from {{ ref('return_stages') }}

),

timed as (

    select * from {{ ref('int_return_events__requests') }}

),

described as (

    select
        returns.return_key,
        returns.source_code,
        returns.returned_quantity,
        returns.disposition_code,
        returns.received_at,
        case
            when returns.channel = 'mfn' then flat_returns.received_date
            else returns.received_date
        end as received_date,
        flat_returns.requested_date,
        parcels.tracking_id,
        parcels.stated_status_name,
        parcels.stated_resolution_name as resolution_name,
        returns.safe_t_claim_status = 'granted' and parcels.claim_amount > 0 as is_paid,
        case
            when returns.return_status is null then null
            -- its states have times and are told by themselves
            when returns.source_code = 'external_returns' then null
            -- the state of the request; a word nobody knows stays as it is
            when returns.channel = 'mfn' then coalesce(words.stage_code, 'other')
            -- what became of the unit, where that is an end
            when ends.outcome_code = 'open' then null
            else coalesce(ends.outcome_code, 'other')
        end as status_stage_code

    from returns

    inner join parcels
        on returns.return_key = parcels.return_key

    left join flat_returns
        on returns.return_key = flat_returns.return_key

    left join ends
        on returns.return_key = ends.return_key

    left join words
        on
            returns.return_status = words.stated_event_name
            and coalesce(
                returns.requested_date, returns.ordered_date, cast('9999-12-31' as date)
            )
            between words.valid_from and words.valid_to

),

told as (

    select
        described.*,
        stages.stage_code
    from described
    inner join stages
        on
            stages.stage_code in (
                described.status_stage_code,
                case when described.requested_date is not null then 'requested' end,
                case when described.tracking_id is not null then 'label_issued' end,
                case when described.received_date is not null then 'received' end,
                case when described.disposition_code is not null then 'inspected' end,
                case when described.resolution_name is not null then 'decided' end,
                case when described.is_paid then 'reimbursed' end
            )
    left join timed
        on
            described.return_key = timed.return_key
            and described.source_code = timed.source_code
            and stages.stage_code = timed.stage_code
    where timed.return_key is null

)

select
    -- keys
    return_key,
    return_key as evidence_key,
    cast(null as {{ dbt.type_string() }}) as agent_id,

    -- attributes
    stage_code,
    source_code,
    case
        when stage_code = status_stage_code then stated_status_name
        when stage_code = 'inspected' then disposition_code
        when stage_code = 'decided' then resolution_name
    end as stated_event_name,
    'unknown' as actor_kind,

    -- measures
    returned_quantity as event_quantity,

    -- times
    case
        when stage_code = 'received' and source_code = 'fba_returns' then received_at
    end as event_at,
    case
        when stage_code = 'requested' then requested_date
        when stage_code = 'received' then received_date
    end as event_date
from told

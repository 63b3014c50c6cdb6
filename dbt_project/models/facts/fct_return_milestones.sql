{# When each return passed the steps in the seller's own hands. A step is only called
   open as far as a source reaches that tells it with a time; else it is unknown. #}
with

returns as (

    select * from {{ ref('fct_returns') }}

),

events as (

    select
        *,
        case
            when stage_code in ('authorised', 'inspected') then stage_code
            when stage_code = 'in_transit' then 'shipped'
            when stage_code in (
                'restocked', 'resold', 'removed', 'liquidated', 'donated', 'disposed'
            ) then 'outcome'
        end as milestone_code
    from {{ ref('fct_return_events') }}

),

report_files as (

    select * from {{ ref('fct_report_files') }}

),

passed as (

    select
        return_key,
        {% for milestone in ['authorised', 'inspected', 'outcome'] %}
            min(case when milestone_code = '{{ milestone }}' then event_date_local end)
                as {{ milestone }}_date,
            count(case when milestone_code = '{{ milestone }}' then 1 end)
                as {{ milestone }}_told,
        {% endfor %}
        min(case when milestone_code = 'shipped' then event_date_local end)
            as shipped_date
    from events
    where milestone_code is not null
    group by return_key

),

-- the sources of a seller that tell a step with its time
timing as (

    select
        seller_id,
        milestone_code,
        case
            when source_code = 'warehouse_events' then 'return_events'
            when source_code = 'checkpoints' then 'carrier_checkpoints'
            when source_code = 'removals' then 'removal_orders'
            else source_code
        end as lake_table_name
    from events
    where
        milestone_code is not null
        and event_date_local is not null
        and source_code != 'resales'
    group by seller_id, milestone_code, source_code

),

reached as (

    select
        {% for milestone in ['authorised', 'inspected', 'outcome'] %}
            min(report_files.covered_from_date) filter (
                where timing.milestone_code = '{{ milestone }}'
            ) as {{ milestone }}_known_from_date,
            max(report_files.known_until_date) filter (
                where timing.milestone_code = '{{ milestone }}'
            ) as {{ milestone }}_known_until_date,
        {% endfor %}
        timing.seller_id
    from timing
    inner join report_files
        on
            timing.seller_id = report_files.seller_id
            and timing.lake_table_name = report_files.lake_table_name
            and report_files.is_covering
    group by timing.seller_id

),

begun as (

    select
        {% for milestone, start in {
            'authorised': 'requested', 'inspected': 'received', 'outcome': 'received'
        }.items() %}
            passed.{{ milestone }}_date,
            coalesce(passed.{{ milestone }}_told, 0) as {{ milestone }}_told,
            case
                when reached.{{ milestone }}_known_from_date <= returns.{{ start }}_date
                    then reached.{{ milestone }}_known_until_date
            end as {{ milestone }}_known_until_date,
        {% endfor %}
        passed.shipped_date,
        returns.*

    from returns

    left join passed
        on returns.return_key = passed.return_key

    left join reached
        on returns.seller_id = reached.seller_id

)

select
    -- keys
    return_key,
    seller_id,
    marketplace_code,

    -- attributes
    {% for milestone in ['authorised', 'inspected', 'outcome'] %}
        case
            when {{ milestone }}_date is not null then 'done'
            when {{ milestone }}_told > 0 then 'unknown'
            {%- if milestone == 'authorised' %}
                when return_status in ('cancelled', 'closed', 'rejected')
                    then 'not_applicable'
            {%- elif milestone == 'inspected' %}
                -- the goods have gone on: nobody will look at them any more
                when outcome_told > 0 then 'not_applicable'
            {%- endif %}
            when {{ milestone }}_known_until_date is null then 'unknown'
            else 'open'
        end as {{ milestone }}_status,
    {% endfor %}

    -- times
    authorised_date,
    shipped_date,
    inspected_date,
    outcome_date,
    authorised_known_until_date,
    inspected_known_until_date,
    outcome_known_until_date
from begun

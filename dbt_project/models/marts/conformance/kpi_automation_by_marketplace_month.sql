{# What the seller's own tools did by rule and what people did, stage by stage. Bookings
   and scans of Amazon and carriers are no handling of the seller's. Intervals: Wilson of
   a share, order statistics of a median, and from both of them that of a difference
   (squares of the distances added: Newcombe, Zou and Donner). #}
{% set groups = 'seller_id, marketplace_code, channel, month_start_date, stage_code' %}
{% set actors = {'automatic': 'system', 'manual': 'person'} %}

with

returns as (

    select return_key, month_start_date from {{ ref('fct_return_progress') }}
    where is_counted and month_start_date is not null

),

events as (

    select
        *,
        lag(event_date_local) over (
            partition by return_key order by event_number asc nulls last
        ) as previous_event_date
    from {{ ref('fct_return_events') }}
    where event_number is not null

),

faults as (

    select fault_event_key from {{ ref('fct_return_deviations') }}
    where not is_excused
    group by fault_event_key

),

handled as (

    select
        events.*,
        returns.month_start_date,
        faults.fault_event_key is not null as is_error,
        cast({{ dbt.datediff(
            'events.previous_event_date', 'events.event_date_local', 'day'
        ) }} as integer) as waited_days
    from events
    inner join returns
        on events.return_key = returns.return_key
    left join faults
        on events.return_event_key = faults.fault_event_key
    where events.source_code in ('warehouse_events', 'inspections')

),

ranked as (

    select
        *,
        case
            when waited_days is not null
                then row_number() over (
                    partition by {{ groups }}, actor_kind
                    order by waited_days asc nulls last, return_event_key asc nulls last
                )
        end as wait_rank,
        count(waited_days) over (partition by {{ groups }}, actor_kind) as wait_count
    from handled

),

summed as (

    select
        {{ groups }},
        count(*) as event_count,
        count(*) filter (where actor_kind = 'unknown') as unknown_count
        {%- for name, kind in actors.items() %},
            {% set own = "actor_kind = '" ~ kind ~ "'" %}
            count(*) filter (where {{ own }}) as {{ name }}_count,
            count(*) filter (where {{ own }} and is_error) as {{ name }}_error_count,
            count(waited_days) filter (where {{ own }}) as {{ name }}_timed_count,
            {% for ending, rank in {
                '': 'floor((wait_count + 1) / 2.0)',
                '_low': 'floor((wait_count - 1.959964 * sqrt(wait_count)) / 2)',
                '_high': 'wait_count + 1
                    - floor((wait_count - 1.959964 * sqrt(wait_count)) / 2)',
            }.items() %}
                max(waited_days) filter (
                    where {{ own }} and wait_rank = {{ rank }}
                ) as {{ name }}_days{{ ending }}{{ ',' if not loop.last }}
            {% endfor %}
        {%- endfor %}
    from ranked
    group by {{ groups }}

),

shared as (

    select
        *,
        {{ share('automatic_count', 'automatic_count + manual_count') }}
            as automatic_share,
        {{ wilson_bound('automatic_count', '(automatic_count + manual_count)', 'low') }}
            as automatic_share_low,
        {{ wilson_bound('automatic_count', '(automatic_count + manual_count)', 'high') }}
            as automatic_share_high
        {%- for name in actors %},
            {% set parts = [name ~ '_error_count', name ~ '_count'] %}
            {{ share(parts[0], parts[1]) }} as {{ name }}_error_share,
            {{ wilson_bound(parts[0], parts[1], 'low') }} as {{ name }}_error_share_low,
            {{ wilson_bound(parts[0], parts[1], 'high') }} as {{ name }}_error_share_high
        {%- endfor %}
    from summed

)

select
    {{ groups }},
    event_count,
    unknown_count,
    {% for ending in ['', '_low', '_high'] %}automatic_share{{ ending }}, {% endfor %}
    {% for name in actors %}
        {{ name }}_count,
        {{ name }}_error_count,
        {{ name }}_timed_count,
        {{ name }}_error_share,
        {{ name }}_error_share_low,
        {{ name }}_error_share_high,
        {% for ending in ['', '_low', '_high'] %}
            {{ name }}_days{{ ending }} as {{ name }}_p50_days{{ ending }},
        {% endfor %}
    {% endfor %}
    -- automatic less manual
    {% for measure, name, type in [
        ('days', 'p50_days', 'decimal(18, 2)'),
        ('error_share', 'error_share', 'decimal(9, 6)'),
    ] %}
        cast(automatic_{{ measure }} - manual_{{ measure }} as {{ type }})
            as {{ name }}_difference,
        {% for end, sign, other in [('low', '-', 'high'), ('high', '+', 'low')] %}
            cast(
                automatic_{{ measure }} - manual_{{ measure }} {{ sign }} sqrt(
                    power(automatic_{{ measure }} - automatic_{{ measure }}_{{ end }}, 2)
                    + power(manual_{{ measure }} - manual_{{ measure }}_{{ other }}, 2)
                ) as {{ type }}
            ) as {{ name }}_difference_{{ end }}{{ ',' if not loop.last }}
        {% endfor %}{{ ',' if not loop.last }}
    {% endfor %}
from shared

{# Every measure in one shape, beside the month before and the same month a year ago. A
   share has a Wilson interval; the change of one has Newcombe's, built from the two
   intervals, and is called better or worse only if that leaves out zero. Scores change
   by what their intervals leave; numbers without an interval are compared untested. #}
with

measures as (

    select * from {{ ref('dim_measures') }}

),

parts as (

    select * from {{ ref('kpi_service_measures_by_marketplace_month') }}

    union all

    select * from {{ ref('kpi_goods_measures_by_marketplace_month') }}

),

valued as (

    select
        parts.*,
        measures.measure_group_code,
        measures.unit_name,
        measures.is_higher_better,
        measures.is_judged,
        {{ share('parts.known_value', 'parts.total_value') }} as coverage_share,
        case measures.method_code
            when 'stated' then parts.stated_value
            when 'sum' then parts.numerator_value
            else cast(
                cast(parts.numerator_value as double)
                / nullif(cast(parts.denominator_value as double), 0) as decimal(24, 6)
            )
        end as measure_value,
        case measures.method_code
            when 'stated' then parts.stated_value_low
            when 'share' then {{ wilson_bound(
                'parts.numerator_value', 'parts.denominator_value', 'low'
            ) }}
        end as measure_value_low,
        case measures.method_code
            when 'stated' then parts.stated_value_high
            when 'share' then {{ wilson_bound(
                'parts.numerator_value', 'parts.denominator_value', 'high'
            ) }}
        end as measure_value_high

    from parts

    inner join measures
        on
            parts.measure_code = measures.measure_code
            and parts.month_start_date between measures.valid_from and measures.valid_to

),

compared as (

    select
        valued.*,
        {% for span in ['previous_month', 'last_year'] -%}
            {{ span }}.measure_value as {{ span }}_value,
            cast(
                valued.measure_value - {{ span }}.measure_value as decimal(24, 6)
            ) as {{ span }}_change,
            {{ change_bound('valued', span, 'low') }} as {{ span }}_change_low,
            {{ change_bound('valued', span, 'high') }} as {{ span }}_change_high
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from valued
    {% for span, months in [('previous_month', -1), ('last_year', -12)] -%}
        left join valued as {{ span }}
            on
                valued.seller_id = {{ span }}.seller_id
                and valued.marketplace_code = {{ span }}.marketplace_code
                and valued.channel = {{ span }}.channel
                and valued.measure_code = {{ span }}.measure_code
                and valued.currency_code = {{ span }}.currency_code
                and cast(
                    {{ dbt.dateadd('month', months, 'valued.month_start_date') }}
                    as date
                ) = {{ span }}.month_start_date
    {% endfor %}

)

select
    -- keys
    seller_id,
    marketplace_code,
    channel,
    month_start_date,
    measure_code,
    currency_code,

    -- attributes
    measure_group_code,
    unit_name,

    -- measures
    numerator_value,
    denominator_value,
    measure_value,
    measure_value_low,
    measure_value_high,
    coverage_share,
    {% for span in ['previous_month', 'last_year'] -%}
        {{ span }}_value,
        {{ span }}_change,
        {{ span }}_change_low,
        {{ span }}_change_high,
        case
            when {{ span }}_change is null then 'nothing_to_compare'
            when not is_judged then 'not_judged'
            when {{ span }}_change_low is null then 'not_tested'
            when {{ span }}_change_low > 0
                then case when is_higher_better then 'better' else 'worse' end
            when {{ span }}_change_high < 0
                then case when is_higher_better then 'worse' else 'better' end
            else 'unclear'
        end as {{ span }}_status,
    {% endfor %}
    -- flags
    is_higher_better,
    is_judged
from compared

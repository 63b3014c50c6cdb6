{# Like is compared with like: exposed and other orders of one marketplace, channel,
   month and stated party at fault make a stratum; the strata's differences are weighed
   together as Mantel and Haenszel do. A stratum with one side only says nothing. #}
{%- set keys = [
    'seller_id', 'marketplace_code', 'channel', 'exposure_code', 'month_start_date'
] %}
with

-- x1 of n1 exposed orders were rated badly, x0 of n0 others
strata as (

    select
        seller_id,
        marketplace_code,
        channel,
        exposure_code,
        month_start_date as stratum_month_start_date,
        stated_fault_party,
        count(case when is_exposed then 1 end) as n1,
        count(case when not is_exposed then 1 end) as n0,
        count(case when is_exposed and has_negative_feedback then 1 end) as x1,
        count(case when not is_exposed and has_negative_feedback then 1 end) as x0
    from {{ ref('fct_feedback_exposures') }}
    where is_counted and month_start_date is not null
    group by {{ keys | join(', ') }}, stated_fault_party

),

placed as (

    {% for code, channel in {
        'marketplace_code': 'channel', "'all'": "'all'"
    }.items() %}
        select
            *,
            {{ code }} as place_code,
            {{ channel }} as place_channel
        from strata
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

months as (

    select distinct
        {% for key in ['seller_id', 'place_code', 'place_channel', 'exposure_code'] -%}
            placed.{{ key }},
        {% endfor -%}
        placed.stratum_month_start_date as month_start_date,
        counts.parameter_value as minimum_count,
        ratings.parameter_value as minimum_rating_count,
        {{ dbt.dateadd(
            'month', '-cast(spans.parameter_value as integer)',
            'placed.stratum_month_start_date'
        ) }} as before_start_date
    from placed
    {% for name, code in {
        'counts': 'minimum_compared_count', 'spans': 'comparison_months',
        'ratings': 'minimum_bad_rating_count'
    }.items() %}
        inner join {{ ref('dim_score_parameters') }} as {{ name }}
            on
                {{ name }}.parameter_code = '{{ code }}'
                and placed.stratum_month_start_date
                between {{ name }}.valid_from and {{ name }}.valid_to
    {% endfor %}

),

compared as (

    select
        months.*,
        months.place_code as marketplace_code,
        months.place_channel as channel,
        placed.n1,
        placed.n0,
        placed.x1,
        placed.x0,
        placed.n1 * placed.n0 > 0 as is_matched
    from months
    inner join placed
        on
            months.seller_id = placed.seller_id
            and months.place_code = placed.place_code
            and months.place_channel = placed.place_channel
            and months.exposure_code = placed.exposure_code
            and months.before_start_date < placed.stratum_month_start_date
            and months.month_start_date >= placed.stratum_month_start_date

),

rated as (

    select
        {{ keys | join(', ') }},
        max(minimum_count) as minimum_count,
        max(minimum_rating_count) as minimum_rating_count,
        {%- for side, part, opposite in [('exposed', '1', '0'), ('other', '0', '1')] %}
            cast(sum(n{{ part }}) as bigint) as {{ side }}_count,
            cast(sum(x{{ part }}) as bigint) as {{ side }}_negative_count,
            cast(sum(case when is_matched then n{{ part }} else 0 end) as bigint)
                as matched_{{ side }}_count,
            cast(sum(case when is_matched then x{{ part }} else 0 end) as bigint)
                as matched_{{ side }}_negative_count,
            sum(x{{ part }} * n{{ opposite }} / (n1 + n0)) as {{ side }}_part,
        {%- endfor %}
        sum(n1 * n0 / (n1 + n0)) as weight,
        count(case when is_matched then 1 end) as matched_stratum_count,
        {{ mantel_haenszel_difference() }} as difference,
        {{ mantel_haenszel_margin() }} as margin
    from compared
    group by {{ keys | join(', ') }}

)

select
    -- keys
    {{ keys | join(',\n    ') }},

    -- attributes
    case
        when
            margin is null
            or least(matched_exposed_count, matched_other_count) < minimum_count
            or matched_exposed_negative_count + matched_other_negative_count
            < minimum_rating_count
            then 'too_few'
        when difference - margin > 0 then 'more_bad_feedback'
        when difference + margin < 0 then 'less_bad_feedback'
        else 'unclear'
    end as effect_verdict,

    -- measures
    {% for side in ['exposed', 'other'] %}
        {{ side }}_count,
        {{ side }}_negative_count,
        matched_{{ side }}_count,
        matched_{{ side }}_negative_count,
        {{ share(side ~ '_negative_count', side ~ '_count') }} as {{ side }}_rate,
        {{ share(side ~ '_part', 'weight') }} as matched_{{ side }}_rate,
    {% endfor %}
    matched_stratum_count,
    cast(difference as decimal(9, 6)) as matched_difference,
    cast(difference - margin as decimal(9, 6)) as matched_difference_low,
    cast(difference + margin as decimal(9, 6)) as matched_difference_high,
    cast(difference * matched_exposed_count as decimal(18, 2)) as excess_negative
from rated

{# Counts behind the signals. A place is what is alike: marketplace, channel, category
   and month. Order lines are counted and not units: the units of a line come back
   together. #}
{%- set cuts = {
    'sku': 'sku',
    'size': "category_name || ' / ' || size_name",
    'colour': "category_name || ' / ' || colour_name",
    'listing_version': "sku || ' / ' || nullif(listing_version_name, 'unknown')",
    'fulfillment_center': "nullif(fulfillment_center_code, 'unknown')",
    'carrier': "nullif(return_carrier_name, 'unknown')",
} %}
{%- set places = [
    'seller_id', 'cut_code', 'marketplace_code', 'channel', 'category_name',
    'month_start_date'
] %}
{%- set place = places | join(', ') %}

with

counts as (

    select * from {{ ref('fct_cause_counts') }}

),

members as (

    {% for cut_code, segment_code in cuts.items() -%}
        select
            *,
            '{{ cut_code }}' as cut_code,
            {{ segment_code }} as segment_code
        from counts
        where
            {{ segment_code }} is not null
            and unit_type = '{{
                'return' if cut_code in ('fulfillment_center', 'carrier')
                else 'order_line'
            }}'
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

bases as (

    select
        {{ place }},
        segment_code,
        sum(unit_count) as base_count
    from members
    where return_reason_family = 'all'
    group by {{ place }}, segment_code

),

place_bases as (

    select
        {{ place }},
        sum(base_count) as base_count
    from bases
    group by {{ place }}

),

cases as (

    select
        {{ place }},
        segment_code,
        return_reason_family,
        sum(unit_count) as case_count
    from members
    where return_reason_family != 'all'
    group by {{ place }}, segment_code, return_reason_family

),

-- every place tells how many came back at all, be it none
place_cases as (

    select
        {{ place }},
        return_reason_family,
        sum(case_count) as case_count
    from (
        select {{ place }}, return_reason_family, case_count from cases
        union all
        select {{ place }}, 'any' as return_reason_family, 0 as case_count
        from place_bases
    ) as counted
    group by {{ place }}, return_reason_family

)

-- a segment without a case of what others of its place have is seen with none
select
    -- keys
    bases.seller_id,
    bases.marketplace_code,
    bases.channel,
    bases.month_start_date,
    bases.cut_code,
    bases.segment_code,
    bases.category_name,
    place_cases.return_reason_family,

    -- measures
    cast(coalesce(cases.case_count, 0) as bigint) as case_count,
    cast(bases.base_count as bigint) as base_count,
    cast(place_cases.case_count as bigint) as place_case_count,
    cast(place_bases.base_count as bigint) as place_base_count,
    cast(place_cases.case_count as double) * bases.base_count / place_bases.base_count
        as expected_cases,
    {{ share('coalesce(cases.case_count, 0)', 'bases.base_count') }} as case_rate,

    -- flags
    bases.base_count < place_bases.base_count as is_comparable

from bases

inner join place_bases
    on {{ equal_columns('bases', 'place_bases', places) }}

inner join place_cases
    on {{ equal_columns('bases', 'place_cases', places) }}

left join cases
    on
        {{ equal_columns('bases', 'cases', places) }}
        and bases.segment_code = cases.segment_code
        and place_cases.return_reason_family = cases.return_reason_family

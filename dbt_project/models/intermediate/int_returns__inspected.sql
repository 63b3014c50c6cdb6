{# What the newest inspection of a return says about its reason, one row a source. Of
   the inspector's own words the buyer's reason found again says most, then the party
   held responsible, the party of another reason, the state of the item. #}
with

links as (

    select * from {{ ref('int_return_links__inspections') }}

),

judged as (

    select * from {{ ref('int_inspections__judged') }}

),

returns as (

    select
        return_key,
        return_reason_family
    from {{ ref('int_returns__classified') }}

),

inspected as (

    select
        links.return_key,
        returns.return_reason_family,
        judged.*,
        row_number() over (
            partition by links.return_key
            order by
                judged.record_date desc nulls last,
                judged.recorded_at desc nulls last,
                judged.inspection_key desc nulls last
        ) as inspection_number
    from links
    inner join judged
        on links.linked_key = judged.inspection_key
    inner join returns
        on links.return_key = returns.return_key

),

newest as (

    select
        return_key,
        named_fault_party,
        case
            when found_reason_family = return_reason_family then 'same_reason'
            else coalesce(
                'fault_' || named_fault_party,
                'fault_' || reasoned_fault_party,
                outcome_code
            )
        end as inspection_code,
        third_party_code,
        case when is_image_sure then image_code end as image_code
    from inspected
    where inspection_number = 1

)

{% for evidence_source in ['inspection', 'third_party', 'image'] %}
    select
        return_key,
        '{{ evidence_source }}' as evidence_source,
        {{ evidence_source }}_code as evidence_code,
        {% if evidence_source == 'inspection' %}
            named_fault_party
        {% else %}
            cast(null as {{ dbt.type_string() }}) as named_fault_party
        {% endif %}
    from newest
    where {{ evidence_source }}_code is not null
    {{ 'union all' if not loop.last }}
{% endfor %}

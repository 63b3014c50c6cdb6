{# Who acts on returns or answers buyers: people under their pseudonyms, systems under
   their names. #}
with

sightings as (

    select
        seller_id,
        agent_id,
        'helpdesk' as role_code,
        case when is_automatic then 'unknown' else 'person' end as actor_kind,
        cast(sent_at as date) as seen_date
    from {{ ref('int_messages__located') }}

    union all

    select
        seller_id,
        agent_id,
        'helpdesk' as role_code,
        'person' as actor_kind,
        created_date as seen_date
    from {{ ref('stg_operations__tickets') }}

    union all

    select
        seller_id,
        agent_id,
        'inspection' as role_code,
        'person' as actor_kind,
        coalesce(inspected_date, received_date) as seen_date
    from {{ ref('stg_operations__inspections') }}

    union all

    select
        seller_id,
        agent_id,
        'returns' as role_code,
        actor_kind,
        event_date as seen_date
    from {{ ref('stg_operations__return_events') }}

    union all

    select
        seller_id,
        agent_id,
        'improvement' as role_code,
        'person' as actor_kind,
        started_date as seen_date
    from {{ ref('stg_operations__actions') }}

)

select
    {{ surrogate_key(['seller_id', 'agent_id']) }} as agent_key,
    seller_id,
    agent_id,

    -- attributes: who is called a person anywhere is one
    case
        when max(case when actor_kind = 'person' then 1 end) = 1 then 'person'
        when max(case when actor_kind = 'system' then 1 end) = 1 then 'system'
        else 'unknown'
    end as actor_kind,

    -- flags
    max(case when role_code = 'helpdesk' then 1 end) is not null as is_in_helpdesk,
    max(case when role_code = 'inspection' then 1 end) is not null as is_inspector,
    max(case when role_code = 'returns' then 1 end) is not null as is_handling_returns,
    max(case when role_code = 'improvement' then 1 end) is not null
        as is_owner_of_actions,

    -- times
    min(seen_date) as first_seen_date,
    max(seen_date) as last_seen_date

from sightings
where agent_id is not null
group by seller_id, agent_id

{# What the reports write as free words, in closed lists. #}
{{ config(materialized='view') }}

with

returns as (

    select * from {{ ref('int_returns__located') }}

),

payers as (

    select * from {{ ref('label_payers') }}

),

resolutions as (

    select * from {{ ref('resolutions') }}

),

worded as (

    select
        returns.return_key,
        coalesce(payers.label_payer, 'unknown') as label_payer,
        case
            when returns.stated_resolution_name is not null
                then coalesce(resolutions.resolution_type, 'unclassified')
        end as resolution_type,
        case
            when lower(returns.stated_status_name) = 'canceled' then 'cancelled'
            else replace(lower(returns.stated_status_name), ' ', '_')
        end as return_status,
        case
            when upper(returns.stated_claim_status_name) in ('GRANT', 'APPROVED')
                then 'granted'
            when upper(returns.stated_claim_status_name) in ('NOGRANT', 'DENIED')
                then 'denied'
            when upper(returns.stated_claim_status_name) like 'PENDING%' then 'pending'
            else lower(returns.stated_claim_status_name)
        end as safe_t_claim_status,
        coalesce(resolutions.is_refund, true) as is_settled_by_refund,
        coalesce(resolutions.is_returnless, false) as is_returnless

    from returns

    left join payers
        on upper(returns.stated_label_payer_name) = payers.label_payer_name

    left join resolutions
        on upper(returns.stated_resolution_name) = resolutions.resolution_name

)

select * from worded

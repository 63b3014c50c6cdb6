{# What the reports write as free words, in closed lists, and whether the return counts,
   which hangs on one of them. #}
{{ config(materialized='view') }}

with

returns as (

    select
        *,
        coalesce(requested_date, received_date, ordered_date) as return_date
    from {{ ref('int_returns__located') }}

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
        returns.channel,
        returns.is_multi_channel,
        returns.returned_quantity,
        coalesce(payers.label_payer, 'unknown') as label_payer,
        case
            when returns.stated_resolution_name is not null
                then coalesce(resolutions.resolution_type, 'unclassified')
        end as resolution_type,
        {{ return_status('returns.stated_status_name') }} as return_status,
        {{ claim_status('returns.stated_claim_status_name') }} as safe_t_claim_status,
        coalesce(resolutions.is_refund, true) as is_settled_by_refund,
        coalesce(resolutions.is_returnless, false) as is_returnless

    from returns

    left join payers
        on
            upper(returns.stated_label_payer_name) = payers.label_payer_name
            and returns.return_date between payers.valid_from and payers.valid_to

    left join resolutions
        on
            upper(returns.stated_resolution_name) = resolutions.resolution_name
            and returns.return_date
            between resolutions.valid_from and resolutions.valid_to

)

select
    return_key,
    label_payer,
    resolution_type,
    return_status,
    safe_t_claim_status,
    is_settled_by_refund,
    is_returnless,
    case
        when is_multi_channel then 'multi_channel'
        when channel = 'mfn' and return_status = 'cancelled' then 'request_cancelled'
        when returned_quantity <= 0 then 'zero_quantity'
    end as not_counted_reason
from worded

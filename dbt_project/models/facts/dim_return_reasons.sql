with

reasons as (

    select * from {{ ref('return_reasons') }}

)

select
    {{ surrogate_key([
        'return_reason_code', 'marketplace_code', 'channel', 'valid_from'
    ]) }} as return_reason_key,
    return_reason_code,
    marketplace_code,
    channel,
    return_reason_name,
    return_reason_family,
    fault_party,
    expected_label_payer,
    is_controllable,
    valid_from,
    valid_to,
    source
from reasons

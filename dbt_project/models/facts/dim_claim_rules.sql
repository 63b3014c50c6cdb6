{# Each day has one window for a kind of claim: a marketplace's own where it has one in
   force, else the default one. #}
with

rules as (

    select * from {{ ref('claim_rules') }}

),

marketplaces as (

    select * from {{ ref('dim_marketplaces') }}

),

candidates as (

    select
        rules.claim_type,
        rules.evidence_code,
        marketplaces.marketplace_code,
        rules.opens_days,
        rules.deadline_days,
        rules.amount_basis,
        rules.max_amount,
        rules.max_currency_code,
        rules.is_assumed,
        rules.marketplace_code = 'default' as is_default,
        rules.valid_from,
        rules.valid_to

    from marketplaces

    inner join rules
        on
            marketplaces.marketplace_code = rules.marketplace_code
            or rules.marketplace_code = 'default'

)

select
    -- keys
    claim_type,
    evidence_code,
    marketplace_code,

    -- attributes
    amount_basis,
    max_currency_code as currency_code,

    -- measures
    cast(opens_days as integer) as opens_days,
    cast(deadline_days as integer) as deadline_days,
    max_amount,

    -- flags
    is_assumed,

    -- times
    in_force_from as valid_from,
    in_force_to as valid_to
from {{ own_before_default(
    'candidates', ['claim_type', 'evidence_code', 'marketplace_code']
) }} as in_force

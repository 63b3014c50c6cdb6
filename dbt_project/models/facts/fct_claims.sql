{# Every claim and every chance of one. Money is counted where the reports state it, so
   it adds up to them; units and the ledger only say what is still to be had. #}
with

filed as (

    select * from {{ ref('fct_filed_claims') }}

),

chances as (

    select * from {{ ref('fct_claim_chances') }}

),

unioned as (

    select
        claim_key,
        record_key,
        return_key,
        refund_key,
        claim_reference_id,
        seller_id,
        marketplace_code,
        channel,
        amazon_order_id,
        sku,
        claim_type,
        evidence_code,
        claim_status,
        claim_reason_code,
        coalesce(currency_code, 'unknown') as currency_code,
        claim_quantity,
        cast(null as bigint) as valued_quantity,
        cast(null as decimal(18, 2)) as due_amount,
        granted_amount,
        clawed_back_amount,
        cast(null as integer) as left_days,
        is_first_of_claim,
        false as is_window_assumed,
        loss_date,
        cast(null as date) as window_open_date,
        cast(null as date) as deadline_date,
        decided_date,
        coalesce(loss_date, decided_date) as counted_date
    from filed

    union all

    select
        claim_chance_key as claim_key,
        record_key,
        return_key,
        refund_key,
        cast(null as {{ dbt.type_string() }}) as claim_reference_id,
        seller_id,
        marketplace_code,
        channel,
        amazon_order_id,
        sku,
        claim_type,
        evidence_code,
        claim_status,
        cast(null as {{ dbt.type_string() }}) as claim_reason_code,
        coalesce(currency_code, 'unknown') as currency_code,
        claim_quantity,
        valued_quantity,
        due_amount,
        cast(null as decimal(18, 2)) as granted_amount,
        cast(null as decimal(18, 2)) as clawed_back_amount,
        left_days,
        true as is_first_of_claim,
        is_window_assumed,
        loss_date,
        window_open_date,
        deadline_date,
        cast(null as date) as decided_date,
        coalesce(loss_date, began_date) as counted_date
    from chances

)

select
    *,
    cast({{ dbt.date_trunc('month', 'counted_date') }} as date) as month_start_date
from unioned

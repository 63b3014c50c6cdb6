{# A settlement is closed when Amazon writes it: deliveries of the same one are copies,
   never parts to be added. V2 tells more, so it wins over V1; of several copies the
   longest, because a cut-off download is shorter. #}
with

settlements_v1 as (

    select
        seller_id,
        settlement_id,
        'v1' as settlement_version,
        file_key,
        folder_marketplace_code,
        currency_code,
        stated_total_amount,
        period_start_at,
        period_end_at,
        deposited_at
    from {{ ref('stg_amazon_sp__settlements_v1') }}

),

settlements_v2 as (

    select
        seller_id,
        settlement_id,
        'v2' as settlement_version,
        file_key,
        folder_marketplace_code,
        currency_code,
        stated_total_amount,
        period_start_at,
        period_end_at,
        deposited_at
    from {{ ref('stg_amazon_sp__settlements_v2') }}

),

lines as (

    select * from settlements_v1
    union all
    select * from settlements_v2

),

documents as (

    select
        seller_id,
        settlement_id,
        settlement_version,
        file_key,
        max(folder_marketplace_code) as folder_marketplace_code,
        -- the summary row's currency, else the only one the rows state
        coalesce(
            max(case when stated_total_amount is not null then currency_code end),
            case
                when min(currency_code) = max(currency_code) then min(currency_code)
            end
        ) as currency_code,
        max(stated_total_amount) as stated_total_amount,
        count(*) as line_count,
        min(period_start_at) as period_start_at,
        max(period_end_at) as period_end_at,
        max(deposited_at) as deposited_at,
        row_number() over (
            partition by seller_id, settlement_id
            order by
                settlement_version desc nulls last,
                count(*) desc nulls last,
                file_key desc nulls last
        ) as document_rank
    from lines
    group by seller_id, settlement_id, settlement_version, file_key

)

select
    {{ surrogate_key(['seller_id', 'settlement_id']) }} as settlement_key,
    seller_id,
    settlement_id,
    settlement_version,
    file_key,
    folder_marketplace_code,
    currency_code,
    stated_total_amount,
    line_count,
    period_start_at,
    period_end_at,
    deposited_at
from documents
where document_rank = 1

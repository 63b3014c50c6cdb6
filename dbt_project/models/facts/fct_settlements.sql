with

documents as (

    select * from {{ ref('int_settlements__documents') }}

),

added_up as (

    select * from {{ ref('int_settlements__added_up') }}

),

settlement_marketplaces as (

    select * from {{ ref('int_settlements__marketplaces') }}

),

marketplaces as (

    select
        settlement_key,
        case
            when min(marketplace_code) = max(marketplace_code)
                then min(marketplace_code)
        end as marketplace_code
    from settlement_marketplaces
    group by settlement_key

),

reconciled as (

    select
        -- keys
        documents.settlement_key,
        documents.seller_id,
        coalesce(marketplaces.marketplace_code, 'unknown') as marketplace_code,
        documents.settlement_id,

        -- attributes
        documents.settlement_version,
        added_up.currency_code,

        -- measures
        documents.stated_total_amount,
        added_up.lines_total_amount,
        cast(
            documents.stated_total_amount - coalesce(added_up.lines_total_amount, 0)
            as decimal(18, 2)
        ) as difference_amount,
        documents.line_count,
        added_up.unknown_transaction_type_count,
        added_up.unknown_component_count,

        -- flags
        documents.stated_total_amount is not null as has_stated_total,
        coalesce(
            documents.stated_total_amount = coalesce(added_up.lines_total_amount, 0),
            false
        ) as is_reconciled,

        -- times
        documents.period_start_at,
        documents.period_end_at,
        documents.deposited_at

    from documents

    inner join added_up
        on documents.settlement_key = added_up.settlement_key

    left join marketplaces
        on documents.settlement_key = marketplaces.settlement_key

)

select * from reconciled

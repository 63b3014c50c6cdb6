{# What the lines of a settlement come to and how many of its words the seeds do not
   know. Lines in another currency than the settlement's are not added. #}
with

documents as (

    select * from {{ ref('int_settlements__documents') }}

),

lines as (

    select * from {{ ref('int_settlement_lines__classified') }}

),

currencies as (

    select
        settlement_key,
        case
            when min(currency_code) = max(currency_code) then min(currency_code)
        end as line_currency_code
    from lines
    group by settlement_key

),

resolved as (

    select
        documents.settlement_key,
        coalesce(
            documents.currency_code, currencies.line_currency_code
        ) as currency_code
    from documents
    left join currencies
        on documents.settlement_key = currencies.settlement_key

)

select
    resolved.settlement_key,
    resolved.currency_code,
    cast(
        sum(
            case when lines.currency_code = resolved.currency_code then lines.amount end
        ) as decimal(18, 2)
    ) as lines_total_amount,
    count(
        case when lines.refund_type = 'unknown' then 1 end
    ) as unknown_transaction_type_count,
    count(
        case
            when
                lines.component = 'unknown'
                and lines.refund_type not in ('none', 'unknown')
                then 1
        end
    ) as unknown_component_count
from resolved
left join lines
    on resolved.settlement_key = lines.settlement_key
group by resolved.settlement_key, resolved.currency_code

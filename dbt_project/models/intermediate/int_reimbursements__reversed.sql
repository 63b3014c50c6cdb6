{# What later reversals take back of a reimbursement. They name the reimbursement, not
   its line, so within reimbursement, SKU and currency its lines are used up one after
   the other, and never beyond what was paid. #}
with

reimbursements as (

    select
        *,
        -- both sides under one number, as positive figures
        {% for part in ['amount', 'quantity'] %}
            case
                when is_reversal then abs(stated_{{ part }})
                else stated_{{ part }}
            end as line_{{ part }},
        {% endfor %}
        case
            when is_reversal then original_reimbursement_id
            else reimbursement_id
        end as group_id
    from {{ ref('int_reimbursements__located') }}

),

laid_out as (

    select
        *,
        {% for part in ['amount', 'quantity'] %}
            sum(line_{{ part }}) over (
                partition by seller_id, group_id, sku, currency_code, is_reversal
                order by
                    approved_date nulls last,
                    approved_at nulls last,
                    reimbursement_key nulls last
                rows between unbounded preceding and current row
            ) - line_{{ part }} as {{ part }}_start,
            coalesce(sum(case when not is_reversal then line_{{ part }} end) over (
                partition by seller_id, group_id, sku, currency_code
            ), 0) as original_{{ part }},
            coalesce(sum(case when is_reversal then line_{{ part }} end) over (
                partition by seller_id, group_id, sku, currency_code
            ), 0) as reversing_{{ part }},
        {% endfor %}
        sum(case when not is_reversal then 1 else 0 end) over (
            partition by seller_id, group_id, sku, currency_code
        ) as original_count,
        sum(case when is_return_related then 1 else 0 end) over (
            partition by seller_id, group_id, sku, currency_code
        ) as return_related_count
    from reimbursements

),

netted as (

    select
        *,
        {% for part in ['amount', 'quantity'] %}
            case
                when is_reversal
                    then -least(
                        greatest(original_{{ part }} - {{ part }}_start, 0),
                        line_{{ part }}
                    )
                else line_{{ part }}
            end as counted_{{ part }},
            case
                when not is_reversal
                    then least(
                        greatest(reversing_{{ part }} - {{ part }}_start, 0),
                        line_{{ part }}
                    )
            end as reversed_{{ part }},
        {% endfor %}
        case when is_reversal then -1 else 1 end as line_sign
    from laid_out

),

judged as (

    select
        *,
        case
            when not is_reversal then cast(null as {{ dbt.type_string() }})
            when group_id is null then 'original_not_named'
            when original_count = 0 then 'original_not_landed'
            when coalesce(counted_amount, 0) = 0 and coalesce(counted_quantity, 0) = 0
                then 'beyond_original'
        end as not_counted_reason
    from netted

)

select
    -- keys
    reimbursement_key,
    seller_id,
    marketplace_code,
    reimbursement_id,
    original_reimbursement_id,
    case_id,
    amazon_order_id,
    sku,
    fnsku,
    asin,

    -- attributes
    stated_reason_name,
    reimbursement_reason_code,
    stated_condition_name,
    currency_code,
    not_counted_reason,

    -- measures: a reversal's are negative, however its report signs them
    cast(line_sign * line_quantity as bigint) as reimbursed_quantity,
    {% for part in ['cash_quantity', 'inventory_quantity'] %}
        case when is_reversal then -abs({{ part }}) else {{ part }} end as {{ part }},
    {% endfor %}
    unit_amount,
    cast(line_sign * line_amount as decimal(18, 2)) as reimbursed_amount,
    cast(counted_quantity as bigint) as counted_quantity,
    cast(counted_amount as decimal(18, 2)) as counted_amount,
    -- all its money back is all its units, whatever the reversal says of them
    cast(case
        when line_amount > 0 and reversed_amount = line_amount then line_quantity
        else reversed_quantity
    end as bigint) as reversed_quantity,
    cast(reversed_amount as decimal(18, 2)) as reversed_amount,

    -- flags
    is_reason_known,
    is_return_related or (
        is_reversal and group_id is not null and return_related_count > 0
    ) as is_return_related,
    is_reversal,
    not_counted_reason is null as is_counted,

    -- times
    approved_at,
    approved_precision,
    approved_date,
    approved_date_local

from judged

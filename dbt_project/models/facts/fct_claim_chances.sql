{# Losses that can be, or could have been, claimed, each with the window of its day and
   marketplace. Units of one return or refund that stand alike are one chance. #}
with

losses as (

    select * from {{ ref('fct_claim_losses') }}

),

rules as (

    select * from {{ ref('dim_claim_rules') }}

),

-- Amazon pays no SAFE-T claim on a refund it made because the seller was late
rights_lost as (

    select return_key from {{ ref('fct_refund_decisions') }}
    where right_lost_reason = 'automated_refund'

),

sellers as (

    select * from {{ ref('dim_sellers') }}

),

sources as (

    select * from {{ ref('fct_source_freshness') }}
    where report_code = 'fba_reimbursements' and has_landed

),

ruled as (

    select
        losses.*,
        coalesce(losses.return_key, losses.refund_key, losses.loss_key) as record_key,
        rules.claim_type,
        rules.is_assumed,
        rules.max_amount,
        rules.currency_code as max_currency_code,
        case rules.amount_basis
            when 'cost' then losses.cost_of_goods_amount
            when 'label' then losses.label_cost_amount
            else losses.refund_loss_amount
        end as basis_amount,
        cast(
            {{ dbt.dateadd('day', 'rules.opens_days', 'losses.loss_date') }} as date
        ) as window_open_date,
        cast(
            {{ dbt.dateadd('day', 'rules.deadline_days', 'losses.loss_date') }} as date
        ) as deadline_date
    from losses
    inner join rules
        on
            losses.evidence_code = rules.evidence_code
            and losses.marketplace_code = rules.marketplace_code
            and coalesce(losses.loss_date, losses.began_date)
            between rules.valid_from and rules.valid_to
    left join rights_lost
        on losses.return_key = rights_lost.return_key and rules.claim_type = 'safe_t'
    where rights_lost.return_key is null

),

placed as (

    select
        ruled.*,
        -- what no limit of the claim's own currency cuts down
        case
            when ruled.basis_amount < 0 then 0
            when
                ruled.max_currency_code = ruled.currency_code
                and ruled.basis_amount > ruled.max_amount
                then ruled.max_amount
            else ruled.basis_amount
        end as claimable_amount,
        case
            -- no report would show that Amazon has paid
            when ruled.channel = 'fba' and sources.report_code is null then 'unknown'
            when ruled.deadline_date is null then 'undated'
            when ruled.deadline_date < sellers.data_as_of_date then 'expired'
            when ruled.window_open_date > sellers.data_as_of_date then 'not_yet_open'
            else 'open'
        end as claim_status,
        {{ dbt.datediff('sellers.data_as_of_date', 'ruled.deadline_date', 'day') }}
            as left_days
    from ruled
    inner join sellers
        on ruled.seller_id = sellers.seller_id
    left join sources
        on ruled.seller_id = sources.seller_id

)

select
    -- keys
    {{ surrogate_key([
        'record_key', 'evidence_code', 'claim_status', 'currency_code', 'loss_date'
    ]) }} as claim_chance_key,
    record_key,
    max(return_key) as return_key,
    max(refund_key) as refund_key,
    seller_id,
    marketplace_code,

    -- attributes
    channel,
    amazon_order_id,
    sku,
    claim_type,
    evidence_code,
    claim_status,
    currency_code,

    -- measures
    cast(sum(lost_quantity) as bigint) as claim_quantity,
    cast(
        sum(case when claimable_amount is not null then lost_quantity end) as bigint
    ) as valued_quantity,
    cast(sum(claimable_amount) as decimal(18, 2)) as due_amount,
    cast(
        case when claim_status in ('open', 'not_yet_open') then left_days end as integer
    ) as left_days,

    -- flags
    is_assumed as is_window_assumed,

    -- times
    min(began_date) as began_date,
    loss_date,
    window_open_date,
    deadline_date
from placed
group by
    record_key, seller_id, marketplace_code, channel, amazon_order_id, sku, claim_type,
    evidence_code, claim_status, currency_code, is_assumed, loss_date,
    window_open_date, deadline_date, left_days

{# A pitfall is flagged only where the share is certain to be over its threshold (lower
   end of the interval) and suspected where it is over it by what was seen. Cases are
   added over marketplaces and channels, because volume is a matter of the whole desk.
   #}
with

cases as (

    select * from {{ ref('fct_pitfall_cases') }}

),

pitfalls as (

    select * from {{ ref('dim_pitfalls') }}

),

levels as (

    select
        listed.is_all_marketplaces,
        listed.is_all_channels
    from (
        values (false, false), (false, true), (true, false), (true, true)
    ) as listed (is_all_marketplaces, is_all_channels)

),

members as (

    select
        cases.*,
        case when levels.is_all_marketplaces then 'all' else cases.marketplace_code end
            as marketplace_member,
        case when levels.is_all_channels then 'all' else cases.channel end
            as channel_member
    from cases
    cross join levels

),

summed as (

    select
        seller_id,
        marketplace_member as marketplace_code,
        channel_member as channel,
        month_start_date,
        pitfall_code,
        stage_code,
        count(*) as case_count,
        count(case when is_evidence then 1 end) as evidence_count,
        count(distinct case when is_evidence then sku end) as evidence_sku_count,
        -- money is added within one currency only
        case
            when count(distinct case when is_evidence then currency_code end) = 1
                then max(case when is_evidence then currency_code end)
            when count(distinct case when is_evidence then currency_code end) > 1
                then 'several'
        end as currency_code,
        cast(sum(case when is_evidence then forgone_amount end) as decimal(18, 2))
            as evidence_amount
    from members
    group by
        seller_id,
        marketplace_member,
        channel_member,
        month_start_date,
        pitfall_code,
        stage_code

),

judged as (

    select
        summed.*,
        pitfalls.minimum_case_count,
        pitfalls.minimum_evidence_count,
        pitfalls.flag_share,
        {{ share('summed.evidence_count', 'summed.case_count') }} as evidence_share,
        {{ wilson_bound('summed.evidence_count', 'summed.case_count', 'low') }}
            as evidence_share_low,
        {{ wilson_bound('summed.evidence_count', 'summed.case_count', 'high') }}
            as evidence_share_high

    from summed

    inner join pitfalls
        on
            summed.pitfall_code = pitfalls.pitfall_code
            and summed.stage_code = pitfalls.stage_code
            and summed.month_start_date
            between pitfalls.valid_from and pitfalls.valid_to

),

placed as (

    select
        *,
        case
            when case_count < minimum_case_count then 'too_few'
            when evidence_count < minimum_evidence_count then 'clear'
            when evidence_share_low >= flag_share then 'flagged'
            when evidence_share >= flag_share then 'suspected'
            else 'clear'
        end as pitfall_status
    from judged

)

select
    -- keys
    seller_id,
    marketplace_code,
    channel,
    month_start_date,
    pitfall_code,
    stage_code,

    -- attributes
    pitfall_status,
    currency_code,

    -- measures
    case_count,
    evidence_count,
    evidence_sku_count,
    case when currency_code != 'several' then evidence_amount end as evidence_amount,
    minimum_case_count,
    minimum_evidence_count,
    flag_share,
    evidence_share,
    evidence_share_low,
    evidence_share_high,

    -- flags
    pitfall_status = 'flagged' as is_flagged
from placed

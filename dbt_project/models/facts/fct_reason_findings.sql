{# What every source of evidence says about the reason of a return, not only the one
   that decides: so that a source can be measured against a weightier one. A granted
   A-to-z claim is Amazon's verdict on the refund; it says nothing of the reason. #}
with

returns as (

    select
        *,
        {{ return_month() }} as month_start_date
    from {{ ref('fct_returns') }}
    where is_counted and coalesce(requested_date, received_date) is not null

),

payments as (

    select * from {{ ref('fct_return_payments') }}

),

findings as (

    select
        return_key,
        evidence_source,
        evidence_code,
        attribution_verdict,
        evidenced_fault_party
    from {{ reason_findings() }} as ruled

    union all

    select
        returns.return_key,
        'a_to_z' as evidence_source,
        case when payments.has_a_to_z_refund then 'GRANTED' else 'FILED' end
            as evidence_code,
        'neutral' as attribution_verdict,
        'unassigned' as evidenced_fault_party
    from returns
    left join payments
        on returns.return_key = payments.return_key
    where returns.has_a_to_z_claim or payments.has_a_to_z_refund

)

select
    -- keys
    {{ surrogate_key(['findings.return_key', 'findings.evidence_source']) }}
        as reason_finding_key,
    findings.return_key,
    returns.seller_id,
    returns.marketplace_code,

    -- attributes
    returns.channel,
    returns.sku,
    returns.return_reason_family,
    returns.stated_fault_party,
    findings.evidence_source,
    findings.evidence_code,
    findings.attribution_verdict,
    findings.evidenced_fault_party,
    returns.attribution_verdict as deciding_verdict_type,

    -- flags
    coalesce(findings.evidence_source = returns.evidence_source, false)
    and findings.attribution_verdict != 'neutral' as is_deciding,
    findings.attribution_verdict != 'neutral' as is_judged,

    -- times
    returns.month_start_date

from findings

inner join returns
    on findings.return_key = returns.return_key

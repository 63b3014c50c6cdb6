{# What was found out about a return against the reason the buyer stated. A decision on
   a claim is Amazon's last word. The seller's inspection has the item in hand and goes
   before a third party's verdict and that before a picture; all of them look for the
   reason, which Amazon's warehouse does not when it grades a unit. Who paid the label
   comes last. A finding that decides nothing leaves the word to the next. #}
with

returns as (

    select return_key from {{ ref('int_returns__classified') }}

),

weighed as (

    select
        *,
        row_number() over (
            partition by return_key
            order by
                case when attribution_verdict = 'neutral' then 1 else 0 end asc
                nulls last,
                precedence asc nulls last
        ) as weight_number
    from {{ reason_findings() }} as findings

),

attributed as (

    select
        returns.return_key,
        weighed.evidence_source,
        coalesce(weighed.evidenced_fault_party, 'unassigned') as evidenced_fault_party,
        coalesce(weighed.attribution_verdict, 'no_evidence') as attribution_verdict
    from returns
    left join weighed
        on
            returns.return_key = weighed.return_key
            and weighed.weight_number = 1

)

select * from attributed

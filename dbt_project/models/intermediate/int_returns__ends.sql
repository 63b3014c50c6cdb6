{# What the return report's own words say of the end of its units: the warehouse's
   finding and state (fba), or a request after which nothing comes back (mfn). The row
   of the seed with the most words in it holds. #}
with

returns as (

    select
        *,
        case when channel = 'mfn' then 'requests' else 'fba_returns' end
            as outcome_source,
        coalesce(return_status, 'none') as status_code,
        coalesce(received_date, requested_date, ordered_date) as return_date
    from {{ ref('int_returns__classified') }}

),

words as (

    select * from {{ ref('outcome_words') }}

),

matched as (

    select
        returns.return_key,
        returns.outcome_source,
        words.outcome_code,
        row_number() over (
            partition by returns.return_key
            order by
                case when words.status_code = 'any' then 1 else 0 end nulls last,
                case when words.disposition_code = 'any' then 1 else 0 end nulls last
        ) as choice_number
    from returns
    inner join words
        on
            returns.outcome_source = words.source_code
            and (
                returns.disposition_code = words.disposition_code
                or words.disposition_code = 'any'
            )
            and (
                returns.status_code = words.status_code or words.status_code = 'any'
            )
            and returns.return_date between words.valid_from and words.valid_to

),

chosen as (

    select * from matched
    where choice_number = 1

)

select
    returns.return_key,
    returns.outcome_source,
    case
        when chosen.outcome_code is not null then chosen.outcome_code
        -- the buyer was told to keep it
        when returns.is_returnless then 'kept_by_buyer'
    end as outcome_code
from returns
left join chosen
    on returns.return_key = chosen.return_key
where chosen.outcome_code is not null or returns.is_returnless

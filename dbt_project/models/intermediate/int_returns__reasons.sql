{# The stated reason in one spelling. A code loses its prefix and what an export appends
   in another language; a sentence stays as it is, unless the seed knows it. #}
with

returns as (

    select * from {{ ref('int_returns__located') }}

),

aliases as (

    select * from {{ ref('return_reason_aliases') }}

),

reasons as (

    select * from {{ ref('return_reasons') }}

),

words as (

    select
        return_key,
        marketplace_code,
        channel,
        coalesce(requested_date, received_date, ordered_date) as return_date,
        stated_reason_code,
        upper(trim(split_part(replace(stated_reason_code, '（', '('), '(', 1))) as word
    from returns

),

spelled as (

    select
        *,
        word like '% %' or word = '' as is_sentence,
        case
            when word like '% %' or word = '' then upper(stated_reason_code)
            when word like 'AMZ-PG-%' then replace(substring(word, 8), '-', '_')
            when word like 'CR-%' then replace(substring(word, 4), '-', '_')
            else replace(word, '-', '_')
        end as spelling
    from words

),

coded as (

    select
        spelled.*,
        case
            when spelled.stated_reason_code is null then 'NOT_STATED'
            when aliases.return_reason_code is not null
                then aliases.return_reason_code
            when spelled.is_sentence then spelled.stated_reason_code
            else spelled.spelling
        end as return_reason_code
    from spelled
    left join aliases
        on
            spelled.spelling = aliases.return_reason_alias
            and spelled.return_date between aliases.valid_from and aliases.valid_to

),

ranked as (

    -- a marketplace's own row before the one for everywhere, a channel's before all
    select
        coded.*,
        reasons.return_reason_family,
        reasons.fault_party,
        reasons.is_controllable,
        reasons.expected_label_payer,
        row_number() over (
            partition by coded.return_key
            order by
                case when reasons.marketplace_code = 'default' then 1 else 0 end asc
                nulls last,
                case when reasons.channel = 'default' then 1 else 0 end asc nulls last
        ) as preference_number
    from coded
    left join reasons
        on
            coded.return_reason_code = reasons.return_reason_code
            and reasons.marketplace_code in (coded.marketplace_code, 'default')
            and reasons.channel in (coded.channel, 'default')
            and coded.return_date between reasons.valid_from and reasons.valid_to

),

classified as (

    select
        return_key,
        return_reason_code,
        coalesce(return_reason_family, 'unclassified') as return_reason_family,
        coalesce(fault_party, 'unassigned') as stated_fault_party,
        coalesce(is_controllable, false) as is_controllable,
        coalesce(expected_label_payer, 'unassigned') as expected_label_payer
    from ranked
    where preference_number = 1

)

select * from classified

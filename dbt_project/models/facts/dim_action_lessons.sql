with

lessons as (

    select * from {{ ref('action_lessons') }}

)

select
    verdict_reason_code,
    lesson_text,
    lesson_zh_text,
    valid_from,
    valid_to
from lessons

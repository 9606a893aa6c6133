-- The best set of each exercise that somebody has logged, with the strength that it speaks of (Epley's formula).
-- name: personalRecords :many
select distinct on (e.id)
  e.id as exercise_id,
  e.name,
  l.logged_date,
  l.weight_kg,
  l.reps,
  round(l.weight_kg * (1 + l.reps / 30.0), 1) as one_repetition_maximum
from exercise_logs l
join exercise_definitions e on e.id = l.exercise_id
where l.user_id = :userId
  and l.weight_kg > 0
  and l.reps is not null
  and (:category::exercise_category is null or e.category = :category)
order by e.id, one_repetition_maximum desc, l.logged_date;

-- Kilograms that were moved, week by week, with the weeks in which there was nothing.
-- name: weeklyVolume :many
select
  week::date as "week!",
  count(distinct w.workout_session_id)::integer as workouts,
  coalesce(sum(w.volume_kg), 0) as volume_kg
from generate_series(date_trunc('week', :since::date), date_trunc('week', current_date), '1 week') week
left join workout_totals w
  on w.user_id = :userId and date_trunc('week', w.workout_date) = week
group by week
order by week;

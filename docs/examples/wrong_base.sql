-- Whose published growth is computed on the wrong base? On the amount of this year instead of that of the year before.
-- printed and right are in percent; right is what follows from the printed amounts. Held reports are told too: see status.
select fiscal_year, entity, kind, status, split_part(instance, '/', 1) as concept, lhs as printed, rhs as "right", sentence
from 'findings.parquet'
where equation = 'G01' and verdict in ('violated', 'acknowledged') and diagnosis = 'wrong_base'
order by fiscal_year, entity, kind, concept, instance;

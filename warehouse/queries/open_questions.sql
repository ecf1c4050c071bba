-- What a human could settle.
select kind, explanation from findings where status = 'open' and severity = 'question' order by kind, explanation;

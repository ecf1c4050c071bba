-- What a document lacks, or has alone, and why.
select document, only_in, cause, title, explanation from presence where is_seed order by document, only_in, cause, title;

-- What a human could settle, with harvest decide QUESTION_ID yes|no, and whom to ask first.
select question_id, question, would_settle, ask_next from open_questions order by opened_at desc, question_id;

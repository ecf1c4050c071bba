"""What can go wrong with the services, as their users report it, and the tests that say what Harvest does then.

Each row is a failure seen in public issue trackers, mailing lists or recordings of the services of 2019-2026. A row
names the tests that play it; that each of them is there is checked here, what they say is theirs.
"""

import ast
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent
BAD = "faults::test_a_bad_answer_is_named_and_nothing_wrong_is_believed"
ODD = "faults::test_another_manner_of_the_same_answer_is_understood"
SAID = "faults::test_what_other_services_say_on_a_bad_day"

ROWS = [
    (1, "arXiv throttles for hours, without Retry-After, slowly",
     (BAD, "etiquette::test_who_throttles_us_is_asked_less_not_more", "acquire::test_the_rest_grows_and_has_an_end")),
    (2, "arXiv: status 200, a valid feed, no results though there are some",
     ("faults::test_a_first_page_that_turns_empty_is_held",)),
    (3, "arXiv: a later page is empty or short", (BAD, ODD, "arxiv::test_the_next_page_begins_after_what_came")),
    (4, "arXiv: the error is an entry", (BAD, "arxiv::test_a_page_is_whole_and_arxivs_or_refused")),
    (5, "arXiv: a bad id fails the list, an unknown one is left out",
     (BAD, "faults::test_papers_that_arxiv_does_not_know_are_left_out_and_said",
      "faults::test_one_paper_that_is_missing_from_a_page_is_asked_for_again")),
    (6, "arXiv's dialect changes without notice", (ODD,)),
    (7, "arXiv ignores the order that was asked for",
     ("faults::test_a_list_whose_order_is_not_kept_is_read_to_its_end",)),
    (8, "the name of a library is throttled", ("acquire::test_we_say_who_we_are",)),
    (9, "OAI: 503 after three minutes, and Retry-After: 0",
     ("faults::test_a_service_that_says_come_back_at_once_is_not_taken_at_its_word",
      "faults::test_three_minutes_of_silence_are_not_waited_for",
      "acquire::test_retry_after_is_understood_in_both_forms")),
    (10, "OAI: records move while they are listed; tokens expire, are empty or missing",
     ("faults::test_records_that_move_while_they_are_listed_are_found_by_the_next_run",
      "arxiv_oai::test_every_day_is_listed_by_two_runs",
      "faults::test_after_a_token_that_expired_the_next_run_begins_again",
      "faults::test_a_list_of_changes_is_read_to_its_end", ODD)),
    (11, "OAI: withdrawn without its mark, a class called None, two DOIs in one field, deleted records",
     ("faults::test_what_arxivs_records_say_oddly_is_understood",
      "faults::test_deleted_records_are_remarked_and_are_no_papers",
      "arxiv_oai::test_a_class_that_is_called_none_is_no_category")),
    (12, "DBLP throttles with a page where data were expected", (BAD, SAID)),
    (13, "DBLP is down and its mirror well, or the other way; its search is down and its pages well",
     ("faults::test_the_next_host_is_asked_only_when_the_first_is_down_or_blocked",
      "acquire::test_an_endpoint_rests_after_failures_in_a_row_also_in_the_next_run")),
    (14, "DBLP: one hit is no list, an author is a text or an object, entities",
     (SAID, "dblp::test_a_saved_search_is_read")),
    (15, "the number of a homonym is no surname; suffixes, particles",
     ("names::test_a_homonym_number_leaves_the_name_and_stays_as_evidence",
      "names::test_a_name_is_read_in_any_usual_order")),
    (16, "DBLP's bin of people not told apart; a homonym's links",
     (BAD, "dblp::test_what_is_said_of_the_person_is_remarked")),
    (17, "Semantic Scholar throttles without a key, and caches that",
     (SAID, "seldom_asked::test_semantic_scholar_is_off_without_a_key",
      "seldom_asked::test_a_bad_day_of_semantic_scholar_is_named_and_the_key_stays_ours",
      "acquire::test_the_key_is_in_one_header_and_nowhere_else")),
    (18, "Semantic Scholar: half an answer, null, nothing",
     (SAID, "semantic_scholar::test_every_field_may_be_null_or_missing")),
    (19, "Semantic Scholar merges and splits authors",
     ("seldom_asked::test_an_author_whom_semantic_scholar_moved_is_named",
      "pipeline::test_a_list_that_shrinks_is_held_until_it_is_accepted")),
    (20, "OpenAlex wants a key, refuses long pages, and its budget is spent by noon",
     (BAD, SAID, "pipeline::test_keys_missing_switch_a_source_off_with_a_sentence")),
    (21, "OpenAlex counts nothing on a bad day",
     ("faults::test_a_first_page_that_turns_empty_is_held", "openalex::test_a_silent_emptiness_is_told_by_its_total",
      "openalex::test_a_list_is_left_when_all_that_it_counts_has_come")),
    (22, "OpenAlex sends a merged author on; not found is a page",
     ("faults::test_a_merged_author_of_openalex_is_followed_and_said", BAD)),
    (23, "OpenAlex cuts lists of authors", ("faults::test_a_list_of_authors_that_was_cut_says_so",)),
    (24, "Crossref throttles whoever shares our address, and hangs",
     (SAID, "acquire::test_no_call_outlives_its_deadline")),
    (25, "Crossref has no DOI of arXiv's; relations stand on one side only",
     ("crossref::test_other_titles_and_relations_are_remarked",
      "seldom_asked::test_crossref_is_asked_for_what_no_index_has_confirmed")),
    (26, "OpenReview wants a challenge, counts requests, has two disjoint halves",
     (SAID, "faults::test_nobody_asks_openreview_or_google_scholar")),
    (27, "one entry that is not understood hides the others",
     ("arxiv_oai::test_one_record_that_is_not_understood_does_not_hide_the_others",
      "openalex::test_what_cannot_be_understood_is_remarked")),
    (28, "throttled is taken for not found, or for no news",
     (BAD, "pipeline::test_a_bad_day_of_a_source_is_named_and_costs_nothing",
      "warehouse::test_a_silent_source_changes_nothing")),
    (29, "several processes with a limiter each; one of them is killed",
     ("etiquette::test_two_processes_never_crowd_a_service",
      "etiquette::test_a_process_that_is_killed_gives_its_turn_back")),
    (30, "numbers in DOIs that look like arXiv ids; old ids; versions",
     ("identifiers::test_an_arxiv_id_is_read_from_every_form_it_is_written_in",
      "identifiers::test_running_text_must_name_arxiv_for_its_number_to_count")),
    (31, "arXiv cuts lists of authors", ("arxiv::test_authors_are_names",
                                        "arxiv_oai::test_of_everybodys_changes_those_that_concern_us_are_kept")),
    (32, "the title changes from version to version",
     ("demo::test_a_rename_is_noticed_once_on_its_date",
      "warehouse::test_a_new_arxiv_version_with_another_title_is_a_rename_and_both_titles_stay")),
    (33, "published, and arXiv has no DOI of it",
     ("demo::test_at_least_ten_preprints_became_published_with_venue_and_evidence",)),
    (34, "no timeout, or one that a drip passes",
     (BAD, "acquire::test_no_call_outlives_its_deadline",
      "acquire::test_a_host_that_cannot_be_found_ends_the_visit_quickly",
      "etiquette::test_without_a_network_a_run_ends_soon")),
    (35, "numbers fall by half overnight, or are null", ("faults::test_counts_are_what_was_said_or_nothing",)),
    (36, "clocks that do not agree",
     ("acquire::test_the_pause_is_not_waited_for_when_the_clock_was_wrong",
      "acquire::test_retry_after_is_understood_in_both_forms")),
    (37, "arXiv: new versions between two pages", ("faults::test_papers_that_move_between_two_pages_are_not_lost",)),
    (38, "arXiv has no list of most authors",
     ("faults::test_most_people_have_no_list_of_their_own_and_that_is_no_failure",)),
]  # fmt: skip


@cache
def named_in(name: str) -> set[str]:
    """The tests in one file."""
    tree = ast.parse((HERE / f"test_{name}.py").read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


@pytest.mark.parametrize(("number", "failure", "played"), ROWS, ids=[f"{row[0]}" for row in ROWS])
def test_every_known_failure_is_played_by_a_test(number, failure, played):
    """A row whose test was renamed or taken out proves nothing."""
    missing = [one for one in played if one.partition("::")[2] not in named_in(one.partition("::")[0])]
    assert played, failure
    assert missing == [], (number, failure)
